import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { WebSocketServer } from 'ws'
import { createPayeeHub, decodeMessage, wrapWebSocket, type PayeeSession } from '@sluice/sdk/session'
import { createFileStore } from '../../sdk/dist/node/index.js'
import { openSqliteStore } from '../../server/dist/store/sqlite.js'
import { channelId, channelIdOf, offer, operator, verifier, voucherSigner } from '../sdk/session/parties.js'
import { createFastClock } from '../support/fastClock.js'
import { deep, killInChannels, speed, sum, timeoutMs, withinPatience, type Spawner } from './killing.js'
import { feed } from './feed.js'

/** A budget pays for some eighty points of one channel, as the way to each begins anew. */
const plan = deep
  ? { channels: 10, lastPoint: 40, atLeast: 400 }
  : { channels: 1, lastPoint: 30, atLeast: 30 }

describe('a killed payer', function () {
  this.timeout(timeoutMs)

  it('at every write it makes, never signs less than before and never sends what it did not keep (I18)', () =>
    killInChannels('./payerProcess.ts', plan, killAtEveryPoint))
})

async function killAtEveryPoint(
  path: string,
  directory: string,
  spawner: Spawner,
  lastPoint: number,
): Promise<number> {
  const startMs = Date.now()
  const clock = createFastClock(startMs, speed)
  const files = createFileStore({ directory })
  const store = openSqliteStore({ path, clock })
  const broken: string[] = []
  let highest = 0n
  const present = new Set<PayeeSession>()
  const hub = createPayeeHub({
    offer,
    store,
    chain: {
      channelState: async () => ({
        deposited: 1_000_000n,
        claimed: 0n,
        openedAt: Math.floor(startMs / 1000),
        closeRequestedAt: 0,
        closed: false,
      }),
    },
    verifier,
    operator,
    clock,
    random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
    channelId: channelIdOf,
    limits: { framesPerSecond: 1_000, burst: 1_000 },
    hooks: {
      onFault: (error) => broken.push(`${error.code}: ${error.message}`),
      onJoined: (session) => {
        present.add(session)
        void feed(session, clock, () => !present.has(session))
      },
      onLeft: (session) => present.delete(session),
    },
  })
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('connection', (socket) => {
    const transport = wrapWebSocket(socket)
    hub.accept({
      ...transport,
      onFrame: (listener) => {
        transport.onFrame((frame) => {
          const message = decodeMessage(frame)
          if (message.type === 'voucher') {
            if (message.cumulative < highest) broken.push(`I18: ${message.cumulative} after ${highest}`)
            highest = message.cumulative
          }
          listener(frame)
        })
      },
    })
  })

  let kills = 0
  let kept = 0n
  try {
    for (let killAt = 1; killAt <= lastPoint; killAt += 1) {
      const payer = spawner.next()
      payer.order({ directory, url, killAt, startMs, speed, tipId: `tip-${killAt}`, stop: false })
      const ended = await withinPatience(payer.ended, () => `the payer never came to point ${killAt}`)
      expect(ended).to.equal('SIGKILL')
      kills += 1
      const record = await files.get(channelId)
      const signed = record?.signed ?? 0n
      expect(signed >= highest, `I18: ${highest} came, ${signed} was kept`).to.equal(true)
      expect(signed >= kept, `I18: ${kept} was kept, ${signed} is`).to.equal(true)
      kept = signed
      if (signed > 0n) {
        const voucher = { channelId, cumulativeAmount: signed, signature: record?.signature ?? '0x' }
        expect(await verifier.verifyVoucher(voucherSigner.address, voucher)).to.equal(true)
      }
      expect(broken.join('\n')).to.equal('')
    }
    const payer = spawner.next()
    payer.order({ directory, url, killAt: 0, startMs, speed, tipId: 'last', stop: true })
    const line = await withinPatience(payer.line(), () => 'the payer was not told of the end')
    expect(await payer.ended).to.equal(0)
    const [captured, signed, tipped] = (JSON.parse(line ?? '[]') as string[]).map(BigInt)
    const record = await store.load(channelId)
    expect(captured).to.equal(record?.spent)
    expect(record?.consent?.capturedAmount).to.equal(record?.spent)
    expect(signed !== undefined && signed >= highest).to.equal(true)
    // A tip that was sent and whose payer was killed before it knew is counted once all the same.
    expect(record?.tipped).to.equal(tipped)
    expect(sum(await store.tips(channelId))).to.equal(tipped)
    expect(broken.join('\n')).to.equal('')
  } finally {
    hub.stop()
    for (const socket of server.clients) socket.terminate()
    await new Promise((resolve) => server.close(resolve))
    await store.close()
  }
  return kills
}
