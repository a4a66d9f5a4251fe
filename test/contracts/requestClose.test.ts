import { expect } from 'chai'
import { withDirtyWord } from './support/calldata.js'
import { day, saltOf } from './support/terms.js'
import { createWorld } from './support/world.js'

const world = await createWorld()
const { ethers, channels, payer, payee, operator, stranger, address, terms, id, fund, state } = world

const endOfTime = 2 ** 32 - 1
const callData = () => channels.interface.encodeFunctionData('requestClose', [terms()])

describe('requestClose', () => {
  beforeEach(async () => {
    await world.reset()
    await fund(terms(), 1_000n)
  })

  describe('when the payer calls', () => {
    it('stores the second and tells the deadline', async () => {
      const before = await state(terms())
      const at = before.openedAt + 500
      await world.nextBlockAt(at)
      await expect(channels.connect(payer).requestClose(terms()))
        .to.emit(channels, 'ChannelCloseRequested')
        .withArgs(id(terms()), at + day)
      expect(await state(terms())).to.deep.equal({ ...before, closeRequestedAt: at })
    })

    it('works in the last second of 32 bits', async () => {
      await world.nextBlockAt(endOfTime - 1)
      await expect(channels.connect(payer).requestClose(terms()))
        .to.emit(channels, 'ChannelCloseRequested')
        .withArgs(id(terms()), endOfTime - 1 + day)
      expect((await state(terms())).closeRequestedAt).to.equal(endOfTime - 1)
    })
  })

  describe('when the clock no longer fits 32 bits', () => {
    it('reverts with ClockExhausted', async () => {
      await world.nextBlockAt(endOfTime)
      await expect(channels.connect(payer).requestClose(terms()))
        .to.be.revertedWithCustomError(channels, 'ClockExhausted')
        .withArgs(endOfTime, endOfTime)
    })
  })

  describe('when anyone else calls', () => {
    it('reverts with CallerIsNotPayer', async () => {
      for (const caller of [payee, operator, stranger]) {
        await expect(channels.connect(caller).requestClose(terms()))
          .to.be.revertedWithCustomError(channels, 'CallerIsNotPayer')
          .withArgs(id(terms()), caller.address, payer.address)
      }
    })
  })

  describe('when a close is pending', () => {
    it('reverts with ClosePending and moves no deadline (I8)', async () => {
      await channels.connect(payer).requestClose(terms())
      const before = await state(terms())
      for (const pause of [1, 10, 2 * day]) {
        await world.time.increase(pause)
        await expect(channels.connect(payer).requestClose(terms()))
          .to.be.revertedWithCustomError(channels, 'ClosePending')
          .withArgs(id(terms()), before.closeRequestedAt + day)
      }
      expect(await state(terms())).to.deep.equal(before)
    })
  })

  describe('when the channel was never funded', () => {
    it('reverts with ChannelNotOpen', async () => {
      const channel = terms({ salt: saltOf(9) })
      await expect(channels.connect(payer).requestClose(channel))
        .to.be.revertedWithCustomError(channels, 'ChannelNotOpen')
        .withArgs(id(channel))
    })
  })

  describe('when the channel is closed', () => {
    it('reverts with ChannelAlreadyClosed (I9)', async () => {
      await channels.connect(payee).close(terms(), 0n, 0n, '0x', '0x')
      await expect(channels.connect(payer).requestClose(terms()))
        .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
        .withArgs(id(terms()))
    })
  })

  describe('when a field of the terms has bits beyond its width', () => {
    const widths = [160, 160, 160, 160, 160, 32, 96, 96, 200]
    for (const [word, width] of widths.entries()) {
      it(`reverts for dirty bits in word ${word}`, async () => {
        for (const bit of [width, 255]) {
          const data = withDirtyWord(callData(), word, bit)
          await expect(payer.sendTransaction({ to: address, data })).to.be.revert(ethers)
        }
        await payer.sendTransaction({ to: address, data: callData() })
      })
    }
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      await expect(
        payer.sendTransaction({ to: address, data: callData(), value: 1n }),
      ).to.be.revertedWithoutReason(ethers)
    })
  })
})
