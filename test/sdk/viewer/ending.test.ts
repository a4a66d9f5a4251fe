import { expect } from 'chai'
import { SluiceError, type StreamEnd } from '@sluice/sdk'
import { createStream } from '../../../sdk/dist/viewer/stream.js'
import { channelId, operator, verifier } from '../session/world.js'
import { codeOf, createViewer, watch } from './viewer.js'

describe('a stream', () => {
  describe('stopping', () => {
    it('ends with a receipt that proves every figure', async () => {
      const { world, stream, finished } = createViewer()
      await world.clock.advance(500)
      stream.play()
      await world.clock.advance(100)
      await world.stream(73)
      const ended = watch(stream.stop())
      const again = stream.stop()
      await world.clock.advance(500)
      const final = ended.value
      if (final === undefined) throw new Error(String(ended.error))
      expect(await again).to.equal(final)
      expect(finished).to.deep.equal([final.consent])
      expect(final).to.include({ channelId, captured: 14_600n, refunded: 985_400n })
      expect(final.receipt?.spent).to.equal(14_600n)
      const { cumulativeAmount, signature } = final.voucher
      const signer = stream.record().channel.signer
      expect(await verifier.verifyVoucher(signer, { channelId, cumulativeAmount, signature })).to.equal(true)
      expect(
        await verifier.verifyClose(operator.address, channelId, 14_600n, final.consent.payeeSignature),
      ).to.equal(true)
    })

    it('says after fifteen seconds that the money can be had back another way, and stays stoppable', async () => {
      const { world, stream, finished } = createViewer()
      await world.clock.advance(500)
      stream.play()
      await world.clock.advance(100)
      await world.stream(10)
      world.reachable(false)
      world.cut()
      const first = watch(stream.stop())
      await world.clock.advance(14_999)
      expect(first.done).to.equal(false)
      await world.clock.advance(1)
      expect(codeOf(first.error)).to.equal('payee-offline')
      expect(first.error).to.include({ action: 'money-back', retryable: true })
      expect(finished).to.deep.equal([])
      world.reachable(true)
      const second = watch(stream.stop())
      await world.clock.advance(14_000)
      expect(second.error).to.equal(undefined)
      expect(second.value?.captured).to.equal(2_000n)
    })

    it('uses a consent that came after the wait was given up', async () => {
      const { world, stream } = createViewer()
      await world.clock.advance(500)
      world.reachable(false)
      world.cut()
      const first = watch(stream.stop())
      await world.clock.advance(20_000)
      expect(codeOf(first.error)).to.equal('payee-offline')
      world.reachable(true)
      await world.clock.advance(30_000)
      expect(stream.record().closed).to.equal(true)
      const second = watch(stream.stop())
      await world.clock.advance(10)
      expect(second.error).to.equal(undefined)
      expect(second.value?.captured).to.equal(0n)
    })

    it('passes on what went wrong on the chain, and can be tried again', async () => {
      const { world, session } = createViewer()
      let attempts = 0
      const stream = createStream(session, {
        clock: world.clock,
        newId: () => 'x',
        deposit: () => Promise.reject(new Error('unused')),
        finish: async () => {
          attempts += 1
          if (attempts === 1) throw new SluiceError({ code: 'insufficient-gas', message: 'no gas' })
          return { captured: 0n, refunded: 1n, transaction: '0x01' }
        },
      })
      await world.clock.advance(500)
      const first = watch(stream.stop())
      await world.clock.advance(500)
      expect(codeOf(first.error)).to.equal('insufficient-gas')
      const second = watch(stream.stop())
      await world.clock.advance(500)
      expect(second.value?.refunded).to.equal(1n)
    })
  })

  describe('that ends', () => {
    it('says so once, with what the payee gets and its last receipt, after a last meter', async () => {
      const { world, stream } = createViewer()
      const heard: string[] = []
      const ends: StreamEnd[] = []
      stream.on('meter', ({ spent }) => heard.push(`meter ${spent}`))
      stream.on('ended', (end) => {
        heard.push('ended')
        ends.push(end)
      })
      await world.clock.advance(500)
      stream.play()
      await world.clock.advance(100)
      await world.stream(73)
      expect(heard).not.to.include('ended')
      const stopped = watch(stream.stop())
      await world.clock.advance(500)
      expect(heard.slice(-2)).to.deep.equal(['meter 14600', 'ended'])
      expect(ends).to.deep.equal([{ reason: 'viewer', captured: 14_600n, receipt: stream.record().receipt }])
      expect(ends[0]?.receipt?.spent).to.equal(14_600n)
      expect(stopped.value?.captured).to.equal(14_600n)
    })

    it('by the payee says that it was the payee', async () => {
      const { world, stream } = createViewer()
      const ends: StreamEnd[] = []
      stream.on('ended', (end) => ends.push(end))
      await world.clock.advance(500)
      stream.play()
      await world.clock.advance(100)
      await world.stream(20)
      await (await world.hub().channel(channelId))?.end()
      await world.clock.advance(500)
      expect(ends).to.have.length(1)
      expect(ends[0]).to.include({ reason: 'payee', captured: 4_000n })
      expect(stream.record().closed).to.equal(true)
      const stopped = watch(stream.stop())
      await world.clock.advance(500)
      expect(stopped.value?.captured).to.equal(4_000n)
      expect(ends).to.have.length(1)
    })

    it('takes tips along that were given in the same breath, and pays for each exactly once (I19)', async () => {
      const { world, stream } = createViewer()
      await world.clock.advance(500)
      stream.play()
      await world.clock.advance(100)
      await world.stream(20)
      const tips = ['0.01', '0.005'].map((amount) => watch(stream.tip(amount)))
      const stopped = watch(stream.stop())
      await world.clock.advance(500)
      expect(tips.map(({ done, error }) => [done, error])).to.deep.equal([
        [true, undefined],
        [true, undefined],
      ])
      expect(world.disk.stored.map(({ amount }) => amount)).to.deep.equal([10_000n, 5_000n])
      expect(stopped.value?.captured).to.equal(4_000n + 15_000n)
      expect(stopped.value?.receipt?.spent).to.equal(19_000n)
    })

    it('reports a tip that the payee did not take, and does not pay for it', async () => {
      const { world, stream } = createViewer({ fate: (frame) => (frame.includes('"tip"') ? [] : [0]) })
      const problems: string[] = []
      stream.on('problem', ({ code, details }) => problems.push(`${code}: ${details}`))
      await world.clock.advance(500)
      stream.play()
      await world.clock.advance(100)
      await world.stream(20)
      const tip = watch(stream.tip('0.01'))
      const stopped = watch(stream.stop())
      await world.clock.advance(8_000)
      expect(codeOf(tip.error)).to.equal('tip-refused')
      expect(problems).to.deep.equal(['tip-refused: tip tip-1 of 10000 was not taken'])
      expect(stopped.value?.captured).to.equal(4_000n)
      expect(stream.record()).to.deep.include({ tipped: 0n, pendingTips: [] })
      const late = watch(stream.tip('0.01'))
      await world.clock.advance(10)
      expect(codeOf(late.error)).to.equal('tip-refused')
    })
  })
})
