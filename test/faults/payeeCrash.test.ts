import { expect } from 'chai'
import type { Hex } from '@sluice/sdk'
import {
  connectWebSocket,
  costOf,
  createPayerSession,
  decodeMessage,
  maxDataFrame,
  termsOf,
  type Clock,
  type Message,
  type PayeeRecord,
  type PayerEvent,
  type Transport,
} from '@sluice/sdk/session'
import { createFileStore } from '../../sdk/dist/node/index.js'
import { openSqliteStore } from '../../server/dist/store/sqlite.js'
import { channelId, offer, payerRecord, verifier, voucherSigner } from '../sdk/session/parties.js'
import { createFastClock } from '../support/fastClock.js'
import { deep, killInChannels, speed, sum, timeoutMs, withinPatience, type Spawner } from './killing.js'

const terms = termsOf(offer)

/** Base units; so few that the tips of the longest run stay below what the channel's burst leaves for them. */
const tipAmount = 20n

const plan = deep
  ? { channels: 12, lastPoint: 90, atLeast: 1_000 }
  : { channels: 2, lastPoint: 48, atLeast: 100 }

describe('a killed payee', function () {
  this.timeout(timeoutMs)

  it('at every write it makes, loses nothing acknowledged and delivers nothing unpaid (I15, I16, I18)', () =>
    killInChannels('./payeeProcess.ts', plan, killAtEveryPoint))
})

/** What a payer was told, and so may rely on. */
type Word = {
  accepted: bigint
  units: bigint
  readonly tips: Set<string>
  /** Pieces that arrived, each once. */
  delivered: bigint
  /** Highest voucher that left. */
  sent: bigint
}

async function killAtEveryPoint(
  path: string,
  directory: string,
  spawner: Spawner,
  lastPoint: number,
): Promise<number> {
  const startMs = Date.now()
  const clock = createFastClock(startMs, speed)
  const word: Word = { accepted: 0n, units: 0n, tips: new Set(), delivered: 0n, sent: 0n }
  const broken: string[] = []
  const events: PayerEvent[] = []
  let url: string | undefined
  const payer = createPayerSession({
    record: payerRecord(),
    signer: voucherSigner,
    verifier,
    store: createFileStore({ directory }),
    clock,
    connect: async () => {
      if (url === undefined) throw new Error('the payee is down')
      return listen(await connectWebSocket(url), word, broken)
    },
  })
  payer.on((event) => events.push(event))

  let before: PayeeRecord | undefined
  let kills = 0
  let tips = 0
  const run = async (killAt: number): Promise<void> => {
    const payee = spawner.next()
    payee.order({ path, killAt, startMs, speed })
    url = `ws://127.0.0.1:${await payee.line()}`
    // A tip in every run, so that tips meet every kind of point too.
    const stopTips = repeat(clock, 1_500, () => {
      if (payer.state().stopWanted || payer.record().pendingTips.length > 3) return
      tips += 1
      payer.tip({ id: `tip-${tips}`, amount: tipAmount, message: 'gg' })
    })
    const ended = await withinPatience(
      payee.ended,
      () => `no point ${killAt}: ${payer.state().phase}, ${JSON.stringify(before, text)}`,
    )
    stopTips()
    url = undefined
    expect(ended).to.equal('SIGKILL')
    kills += 1
    before = await inspect(path, clock, word, before)
    expect(broken.join('\n')).to.equal('')
  }

  payer.start()
  payer.media(true, 'viewer')
  for (let killAt = 1; killAt <= lastPoint; killAt += 1) await run(killAt)

  // What was tipped is counted before the end is asked for, so that the last figures can be compared to the base unit.
  const calm = spawner.next()
  calm.order({ path, killAt: 0, startMs, speed })
  url = `ws://127.0.0.1:${await calm.line()}`
  const tipsCounted = new Promise<void>((resolve) => {
    const stopLooking = repeat(clock, 100, () => {
      if (payer.record().pendingTips.length > 0) return
      stopLooking()
      resolve()
    })
  })
  await withinPatience(tipsCounted, () => `tips are still waiting: ${payer.record().pendingTips.length}`)
  calm.kill()
  await calm.ended
  url = undefined
  before = await inspect(path, clock, word, before)

  // The consent is one more write, with its own three points.
  payer.stop()
  for (let killAt = 1; killAt <= 3; killAt += 1) await run(killAt)

  const last = spawner.next()
  last.order({ path, killAt: 0, startMs, speed })
  const closed = new Promise<bigint>((resolve) => {
    payer.on((event) => {
      if (event.type === 'closed') resolve(event.capturedAmount)
    })
  })
  url = `ws://127.0.0.1:${await last.line()}`
  const captured = await withinPatience(closed, () => `not closed: ${payer.state().phase}`)
  await payer.settled()
  payer.leave()
  last.kill()
  await last.ended
  const record = await inspect(path, clock, word, before)

  expect(captured).to.equal(record.spent)
  expect(record.consent?.capturedAmount).to.equal(record.spent)
  expect(record.accepted).to.equal(payer.record().signed)
  expect(record.tipped).to.equal(payer.record().tipped)
  expect(payer.record().pendingTips).to.deep.equal([])
  expect(word.delivered > 0n && payer.record().units <= record.units).to.equal(true)
  const problems = new Set(events.flatMap((event) => (event.type === 'problem' ? [event.error.code] : [])))
  problems.delete('payee-offline')
  expect([...problems]).to.deep.equal([])
  return kills
}

/** Writes down what the payee says, and checks each piece as it arrives: it must be paid or within the credit. */
function listen(transport: Transport, word: Word, broken: string[]): Transport {
  return {
    ...transport,
    onFrame: (listener) => {
      transport.onFrame((frame) => {
        hear(decodeMessage(frame, maxDataFrame), word, broken)
        listener(frame)
      })
    },
    send: (frame) => {
      const message = decodeMessage(frame)
      if (message.type === 'voucher') {
        if (message.cumulative < word.sent) broken.push(`I18: ${message.cumulative} after ${word.sent}`)
        word.sent = message.cumulative
      }
      transport.send(frame)
    },
  }
}

function hear(message: Message, word: Word, broken: string[]): void {
  if (message.type === 'ack' || message.type === 'receipt') {
    word.accepted = greatest(word.accepted, message.accepted)
    word.units = greatest(word.units, message.units)
    if (message.type === 'ack' && message.tipId !== undefined) word.tips.add(message.tipId)
  }
  if (message.type === 'snapshot') {
    word.accepted = greatest(word.accepted, message.highest.cumulative)
    word.units = greatest(word.units, message.units)
  }
  if (message.type === 'data') {
    word.delivered += message.units
    const cost = costOf(terms.price, word.delivered)
    if (cost > word.sent + terms.creditAmount) broken.push(`I15: ${cost} delivered, ${word.sent} was sent`)
  }
}

/** What the disk holds after a kill, held against what the payer was told. */
async function inspect(
  path: string,
  clock: Clock,
  word: Word,
  before: PayeeRecord | undefined,
): Promise<PayeeRecord> {
  const store = openSqliteStore({ path, clock })
  const record = await store.load(channelId)
  const tips = await store.tips(channelId)
  await store.close()
  if (record === undefined) {
    expect([word.accepted, word.units, word.delivered, word.tips.size]).to.deep.equal([0n, 0n, 0n, 0])
    return { ...emptyRecord }
  }
  const state = JSON.stringify({ record, word }, text)
  expect(record.accepted >= word.accepted, `I16 ${state}`).to.equal(true)
  expect(record.units >= word.units && record.units >= word.delivered, `I16 ${state}`).to.equal(true)
  expect(record.accepted <= word.sent, `I16 ${state}`).to.equal(true)
  expect(record.spent <= record.accepted + terms.creditAmount, `I15 ${state}`).to.equal(true)
  expect(record.spent).to.equal(costOf(terms.price, record.units) + record.tipped)
  expect(tips.map(({ id }) => id)).to.include.members([...word.tips])
  expect(new Set(tips.map(({ id }) => id)).size, 'I19').to.equal(tips.length)
  expect(sum(tips)).to.equal(record.tipped)
  if (before !== undefined) {
    expect(record.accepted >= before.accepted && record.units >= before.units, `fell ${state}`).to.equal(true)
  }
  if (record.accepted > 0n) {
    const voucher = { channelId, cumulativeAmount: record.accepted, signature: record.signature }
    expect(await verifier.verifyVoucher(voucherSigner.address, voucher)).to.equal(true)
  }
  return record
}

const emptyRecord: PayeeRecord = {
  channelId,
  channel: payerRecord().channel,
  deposited: 0n,
  claimed: 0n,
  openedAt: 0,
  accepted: 0n,
  signature: '0x' satisfies Hex,
  spent: 0n,
  units: 0n,
  tipped: 0n,
  closeRequestedAt: 0,
  consent: undefined,
  closed: false,
}

function repeat(clock: Clock, everyMs: number, action: () => void): () => void {
  let over = false
  let cancel = (): void => undefined
  const next = (): void => {
    cancel = clock.schedule(everyMs, () => {
      action()
      if (!over) next()
    })
  }
  next()
  return () => {
    over = true
    cancel()
  }
}

const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const text = (_: string, value: unknown): unknown => {
  if (value instanceof Set) return [...(value as Set<string>)]
  return typeof value === 'bigint' ? String(value) : value
}
