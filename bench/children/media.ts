// Run by `hardhat run`: a payee with a stage, a publisher and viewers over real connections, all in this process, on a chain
// in this process. Prints one line of JSON.
import { Hono } from 'hono'
import { decodeMessage, encodeMessage } from '@sluice/sdk/session'
import { openStage } from '@sluice/server/stage'
import { createScreen, publish } from '../../test/server/stage/peers.js'
import { createWorld, next } from '../../test/server/payee/world.js'
import { worsenNetwork } from '../media/badNetwork.mjs'

const quick = process.env['SLUICE_BENCH_QUICK'] === '1'
const vouchers = quick ? 40 : 200
const rounds = quick ? 3 : 8
/** Between two vouchers, below what a session may send a second. */
const pauseMs = 60
const streamKey = 'a key for measurements only'
/** Base units a millisecond. */
const price = 2n

/** A round that takes longer has failed, milliseconds. */
const longestMs = 15_000
let failed = 0

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Whether something happens in time. */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  const done = await Promise.race([work.then(() => true), pause(longestMs).then(() => false)])
  if (!done) failed += 1
  return done
}

const world = await createWorld()
const running = await world.start(
  { price: { amount: price * 1000n, unit: 'second', per: 1n }, window: 10, credit: 3 },
  (payee) => {
    const stage = openStage(payee, { streamKey })
    const app = new Hono()
    app.route('/', stage.routes)
    app.route('/', payee.app)
    return app
  },
)
const publisher = await publish(`${running.url}/stage/whip`, streamKey)
const { offer } = running.payee

/** Over a data channel, with the acknowledgements that come on it. Undefined when that takes too long. */
async function join(screen: ReturnType<typeof createScreen>, opened: Awaited<ReturnType<typeof world.open>>) {
  const { channel, signer, channelId } = opened
  let accepted: ((amount: bigint) => void) | undefined
  const joined = screen.reach().then(
    (transport) =>
      new Promise<typeof transport>((resolve, reject) => {
        transport.onFrame((frame) => {
          const message = decodeMessage(frame)
          if (message.type === 'offer') {
            const signature = signer.signSession(channelId, message.challenge)
            if (typeof signature !== 'string') throw new Error('expected a signer that answers at once')
            transport.send(encodeMessage({ type: 'open', channel, signature }))
          } else if (message.type === 'snapshot') resolve(transport)
          else if (message.type === 'ack') accepted?.(message.accepted)
          else if (message.type === 'error') reject(new Error(message.message))
        })
      }),
  )
  if (!(await inTime(joined))) return undefined
  const transport = await joined
  return {
    transport,
    acknowledged: (amount: bigint): Promise<void> =>
      new Promise((resolve) => {
        accepted = (covered) => {
          if (covered >= amount) resolve()
        }
      }),
  }
}

/** A voucher, and the acknowledgement that it is stored, on a data channel beside the running picture. */
async function voucherTimes(): Promise<number[]> {
  const opened = await world.open(offer)
  const { channelId, signer } = opened
  for (let attempt = 0; attempt < rounds; attempt += 1) {
    const screen = createScreen(`${running.url}/stage/whep`)
    const joined = await join(screen, opened)
    if (joined === undefined) {
      await screen.close()
      continue
    }
    const times: number[] = []
    for (let number = 1n; number <= BigInt(vouchers); number += 1n) {
      // More than is delivered meanwhile: the picture goes on.
      const cumulative = number * 1_000n
      const signature = await signer.signVoucher(channelId, cumulative)
      const startedMs = performance.now()
      const acknowledged = joined.acknowledged(cumulative)
      joined.transport.send(encodeMessage({ type: 'voucher', channelId, cumulative, signature }))
      if (!(await inTime(acknowledged))) break
      times.push(performance.now() - startedMs)
      await pause(pauseMs)
    }
    if (screen.seen.length === 0) throw new Error('no picture came beside the vouchers')
    joined.transport.close('measured')
    await screen.close()
    return times
  }
  throw new Error(`no connection joined in ${rounds} tries`)
}

/** From the deposit on the chain to the first picture, and from a cut to the next picture. */
async function pictureTimes(): Promise<{ first: number[]; again: number[] }> {
  const first: number[] = []
  const again: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const opened = await world.open(offer)
    const minedMs = performance.now()
    const screen = createScreen(`${running.url}/stage/whep`)
    const viewer = world.viewer(opened, offer, () => running.ws, { reach: screen.reach })
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    if (await inTime(screen.until((seen) => seen.length > 0))) {
      first.push(performance.now() - minedMs)
      await inTime(screen.until((seen) => seen.length > 25))
      const cutMs = performance.now()
      viewer.cut()
      const before = screen.seen.length
      if (await inTime(screen.until((seen) => seen.length > before))) again.push(performance.now() - cutMs)
    }
    viewer.session.leave()
    await screen.close()
  }
  return { first, again }
}

/** From the gate's closing, because nothing more is paid, to the last that came to the viewer. */
async function closingTimes(): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const opened = await world.open(offer, {}, 1_500n * price)
    const screen = createScreen(`${running.url}/stage/whep`)
    const viewer = world.viewer(opened, offer, () => running.ws, { reach: screen.reach })
    // Asked for before it begins: through a bad network the money may be used up before the picture is there.
    const closing = next(
      running.payee,
      'gate',
      ({ open, record }) => !open && record.channelId === opened.channelId && record.spent > 0n,
    ).then(() => performance.now())
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    if ((await inTime(closing)) && screen.seen.length > 0) {
      await pause(1_500)
      times.push(Math.max(0, screen.lastAtMs() - (await closing)))
    }
    viewer.session.leave()
    await screen.close()
  }
  return times
}

async function measure(network: string) {
  failed = 0
  const said = async <Times>(what: string, measured: Promise<Times>): Promise<Times> => {
    process.stderr.write(`  ${network}: ${what}\n`)
    return await measured
  }
  const voucher = await said(`${vouchers} vouchers`, voucherTimes())
  const pictures = await said(`${rounds} first pictures and cuts`, pictureTimes())
  const closing = await said(`${rounds} gates closing`, closingTimes())
  return { voucher, ...pictures, closing, failed }
}

const clear = await measure('this machine')
const badNetwork = { delayMs: 50, jitterMs: 10, loss: 0.05 }
worsenNetwork(badNetwork)
const bad = await measure(
  `${badNetwork.delayMs} ms ± ${badNetwork.jitterMs} ms, ${badNetwork.loss * 100} % lost`,
)
console.log(JSON.stringify({ clear, bad }))
await publisher.stop()
process.exit(0)
