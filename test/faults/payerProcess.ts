/**
 * A payer as its own process: file store, WebSocket, tips. It is killed at a point of its own writes: before a write,
 * in the middle of it, or after it and before the voucher leaves. Told to stop, it prints what the payee consented to.
 */
import { connectWebSocket, createPayerSession, type PayerStore } from '@sluice/sdk/session'
import { createFileStore } from '../../sdk/dist/node/index.js'
import { channelId, payerRecord, verifier, voucherSigner } from '../sdk/session/parties.ts'
import { createFastClock } from '../support/fastClock.ts'
import { createKillPoints, readOrders } from './killPoints.ts'

type Orders = {
  readonly directory: string
  readonly url: string
  readonly killAt: number
  readonly startMs: number
  readonly speed: number
  readonly tipId: string
  readonly stop: boolean
}

const orders = (await readOrders()) as Orders
const point = createKillPoints(orders.killAt)
const clock = createFastClock(orders.startMs, orders.speed)
const files = createFileStore({ directory: orders.directory })
const store: PayerStore = {
  ...files,
  put: async (record) => {
    point()
    const written = files.put(record)
    // A few turns of the event loop later the draft is open, half written or not yet renamed.
    for (let turn = 0; turn < orders.killAt % 7; turn += 1) await new Promise(setImmediate)
    point()
    await written
    point()
  },
}

const session = createPayerSession({
  record: (await store.get(channelId)) ?? payerRecord({ url: orders.url }),
  signer: voucherSigner,
  verifier,
  store,
  clock,
  connect: () => connectWebSocket(orders.url),
})
session.on((event) => {
  if (event.type === 'closed') {
    void session.settled().then(() => {
      const { signed, tipped } = session.record()
      console.log(JSON.stringify([event.capturedAmount, signed, tipped].map(String)))
      session.leave()
      process.stdin.destroy()
    })
  }
  if (event.type !== 'joined') return
  if (orders.stop) session.stop()
  else session.tip({ id: orders.tipId, amount: 50n, message: '' })
})
session.start()
session.media(true, 'viewer')
