import {
  createMemoryPair,
  createPayeeHub,
  createPayerSession,
  decodeMessage,
  maxDataFrame,
  termsOf,
  type Message,
  type PayeeHub,
  type PayeeRecord,
  type PayeeSession,
  type PayeeStore,
  type PayerEvent,
  type PayerRecord,
  type PayerSession,
  type PayerStore,
  type StoredTip,
  type Transport,
} from '@sluice/sdk/session'
import type { ChannelState, Hex } from '@sluice/sdk'
import { keepHighest } from '../../../sdk/dist/store/keepHighest.js'
import { createVirtualClock, type VirtualClock } from '../../support/virtualClock.js'
import { channelId, channelIdOf, offer, operator, payerRecord, verifier, voucherSigner } from './world.js'

/** How the network treats frames until it is told otherwise. */
export type Weather = {
  /** Chances from 0 to 1. */
  readonly loss: number
  readonly twice: number
  /** Longest delay of a frame, milliseconds; frames overtake one another below it. */
  readonly delayMs: number
}

export const fairWeather: Weather = { loss: 0, twice: 0, delayMs: 0 }

export type PayerProcess = {
  readonly session: PayerSession
  readonly events: PayerEvent[]
  readonly kill: () => void
}

/** A small generator of pseudo-random numbers in [0, 1): the same seed, the same run. Source: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const { creditAmount } = termsOf(offer)

/**
 * A payer, a payee and a chain that fail: slow disks that lose what was not yet written, processes that are killed, a
 * network with weather. Whatever must hold at every moment is checked at that moment, and `violations` lists what did
 * not.
 */
export class FaultyWorld {
  readonly clock: VirtualClock = createVirtualClock()
  readonly violations: string[] = []
  readonly faults: unknown[] = []
  weather: Weather = fairWeather
  online = true
  chain: ChannelState
  /** What the person agreed to, at most: often little, so that its end is met. */
  budget: bigint

  // The payee's disk and process.
  readonly stored = new Map<Hex, PayeeRecord>()
  readonly storedTips: StoredTip[] = []
  joined: PayeeSession | undefined
  hub: PayeeHub
  /** Units that a feed was allowed to deliver. */
  granted = 0n
  payeeCrashes = 0
  submitted = 0
  private payeeRun = 0

  // The payer's disk and processes.
  payerDisk: PayerRecord | undefined
  readonly copies: PayerRecord[] = []
  /** An old copy came back from when all was signed: no voucher shows it what was spent since, and on what. */
  private knowsTooLittle = false
  /** The payee was taken for greedy by who could not know better: nothing is signed any more. */
  isAccused = false
  payers: PayerProcess[] = []
  private cuts: (() => void)[] = []
  private readonly random: () => number
  private challenges = 0

  constructor(seed: number) {
    this.random = randomFrom(seed)
    this.budget = [30_000n, 90_000n, 400_000n, 700_000n][this.wait(3)] ?? 0n
    this.chain = {
      deposited: 500_000n,
      claimed: 0n,
      openedAt: Math.floor(this.clock.now() / 1000),
      closeRequestedAt: 0,
      closed: false,
    }
    this.hub = this.startHub()
    this.payers.push(this.startPayer())
  }

  get payer(): PayerSession {
    const newest = this.payers.at(-1)
    if (newest === undefined) throw new Error('no payer')
    return newest.session
  }

  get record(): PayeeRecord | undefined {
    return this.stored.get(channelId)
  }

  private require(holds: boolean, what: () => string): void {
    if (!holds) this.violations.push(what())
  }

  private wait(mostMs: number): number {
    return Math.floor(this.random() * (mostMs + 1))
  }

  // Payee

  private startHub(): PayeeHub {
    const run = this.payeeRun
    const alive = () => this.payeeRun === run
    return createPayeeHub({
      offer,
      store: this.payeeStore(alive),
      chain: { channelState: () => this.later(10, () => this.chain) },
      verifier,
      operator,
      clock: this.clock,
      random: (length) => {
        this.challenges += 1
        return new Uint8Array(length).fill(this.challenges & 255)
      },
      channelId: channelIdOf,
      limits: { framesPerSecond: 1_000, burst: 10_000 },
      hooks: {
        onFault: (error) => this.faults.push(error),
        onJoined: (session) => {
          if (alive()) this.joined = session
        },
        onClose: () => {
          this.submitted += 1
        },
      },
    })
  }

  private later<Value>(mostMs: number, value: () => Value): Promise<Value> {
    return new Promise((resolve) => {
      this.clock.schedule(this.wait(mostMs), () => {
        resolve(value())
      })
    })
  }

  /** Writes become durable after a while, in order; a killed process leaves those that wait undone. */
  private payeeStore(alive: () => boolean): PayeeStore {
    let lastAtMs = 0
    return {
      save: (record, tip) =>
        new Promise((resolve) => {
          lastAtMs = Math.max(lastAtMs, this.clock.now() + this.wait(12))
          this.clock.schedule(lastAtMs - this.clock.now(), () => {
            if (!alive()) return
            this.write(record, tip)
            resolve()
          })
        }),
      load: (id) => Promise.resolve(this.stored.get(id)),
      tips: (id) => Promise.resolve(this.storedTips.filter((tip) => tip.channelId === id)),
      list: () => Promise.resolve([...this.stored.values()]),
    }
  }

  private write(record: PayeeRecord, tip: StoredTip | undefined): void {
    const old = this.stored.get(record.channelId)
    const { accepted, spent, deposited, units } = record
    if (old !== undefined) {
      const fell = accepted < old.accepted || spent < old.spent || units < old.units
      this.require(!fell, () => `an amount fell: ${show(old)} to ${show(record)}`)
      this.require(
        old.consent === undefined || (record.consent === old.consent && spent === old.spent),
        () => `something changed after the consent: ${show(record)}`,
      )
    }
    if (spent > (old?.spent ?? 0n)) {
      const credit = accepted === 0n ? 0n : creditAmount
      this.require(spent <= accepted + credit, () => `I15: ${show(record)}`)
      this.require(spent <= deposited, () => `I21: ${show(record)}`)
    }
    this.require(accepted <= this.chain.deposited, () => `I21: accepted above the deposit ${show(record)}`)
    if (tip !== undefined) {
      const twice = this.storedTips.some(({ id }) => id === tip.id)
      this.require(!twice, () => `I19: tip ${tip.id} was counted twice`)
      this.storedTips.push(tip)
    }
    this.stored.set(record.channelId, record)
    const tipped = this.storedTips.reduce((sum, { amount }) => sum + amount, 0n)
    this.require(record.tipped === tipped, () => `I19: tipped ${record.tipped}, tips ${tipped}`)
  }

  /** Delivers 100 ms in `count` pieces at the same moment. */
  deliver(count: number): void {
    const units = 100n / BigInt(count)
    for (let piece = 0; piece < count; piece += 1) {
      void this.joined?.sendData(units, piece).then((granted) => {
        if (granted) this.granted += units
      })
    }
    this.require(this.granted <= (this.record?.units ?? 0n), () => `I20: granted ${this.granted}`)
  }

  /** SIGKILL: what was not on the disk is gone, connections break, another process starts. */
  async killPayee(): Promise<void> {
    this.payeeRun += 1
    this.payeeCrashes += 1
    this.hub.stop()
    this.joined = undefined
    this.hub = this.startHub()
    await this.tellChain()
  }

  async tellChain(): Promise<void> {
    await this.hub.onChain(channelId, this.chain)
  }

  // Payer

  startPayer(): PayerProcess {
    let alive = true
    const events: PayerEvent[] = []
    const record = this.payerDisk ?? payerRecord({ deposited: this.chain.deposited, budget: this.budget })
    let highestSent = 0n
    const session = createPayerSession({
      record,
      signer: {
        ...voucherSigner,
        signVoucher: async (id, cumulative) => {
          const cap = this.budget < this.chain.deposited ? this.budget : this.chain.deposited
          this.require(cumulative <= cap, () => `I17: asked to sign ${cumulative}, cap ${cap}`)
          const signature = await voucherSigner.signVoucher(id, cumulative)
          return this.later(3, () => signature)
        },
      },
      verifier,
      store: this.payerStore(() => alive),
      clock: this.clock,
      connect: () => {
        if (!this.online || !alive) return Promise.reject(new Error('unreachable'))
        return Promise.resolve(
          this.connect((message) => {
            if (message.type !== 'voucher') return
            const { cumulative } = message
            const kept = this.payerDisk?.signed ?? 0n
            this.require(cumulative <= kept, () => `I18: ${cumulative} left, ${kept} is on the disk`)
            this.require(cumulative >= highestSent, () => `I18: ${cumulative} after ${highestSent}`)
            highestSent = cumulative
          }),
        )
      },
    })
    session.on((event) => {
      events.push(event)
      if (event.type !== 'problem' || event.error.code !== 'overcharged') return
      // Copies that run at the same time are served in turn, and each sees its part of what is charged.
      this.isAccused ||= this.payers.length > 1 || this.knowsTooLittle
      this.require(this.isAccused, () => `an honest payee was accused: ${event.error.details}`)
    })
    session.start()
    session.media(true, 'viewer')
    return {
      session,
      events,
      kill: () => {
        alive = false
        session.leave()
      },
    }
  }

  private payerStore(alive: () => boolean): PayerStore {
    return {
      put: (record) =>
        new Promise((resolve) => {
          this.clock.schedule(this.wait(4), () => {
            if (!alive()) return
            this.keep(record)
            resolve()
          })
        }),
      get: () => Promise.resolve(this.payerDisk),
      list: () => Promise.resolve(this.payerDisk === undefined ? [] : [this.payerDisk]),
      delete: () => Promise.resolve(),
    }
  }

  private keep(record: PayerRecord): void {
    const before = this.payerDisk
    this.payerDisk = keepHighest(before, record)
    this.require(
      before === undefined || this.payerDisk.signed >= before.signed,
      () => `I18: the store fell from ${before?.signed} to ${record.signed}`,
    )
    if (this.copies.length === 0 || this.random() < 0.2) this.copies.push(record)
  }

  /** Kills every payer process and starts one on the same disk, or on an old copy of it. */
  restartPayer(copy?: number): void {
    for (const process of this.payers) process.kill()
    if (copy !== undefined && this.copies.length > 0) {
      this.payerDisk = this.copies[copy % this.copies.length]
      const { signed, budget, deposited } = this.payerDisk ?? { signed: 0n, budget: 1n, deposited: 1n }
      this.knowsTooLittle ||= signed >= budget || signed >= deposited
    }
    this.payers = [this.startPayer()]
  }

  /** Another tab on the same store. */
  openTab(): void {
    this.payers.push(this.startPayer())
  }

  // Network

  private connect(onSent: (message: Message) => void): Transport {
    const [near, far] = createMemoryPair({ clock: this.clock, fate: () => this.fate() })
    this.hub.accept({
      ...far,
      send: (frame) => {
        this.checkPayeeFrame(decodeMessage(frame, maxDataFrame))
        far.send(frame)
      },
    })
    this.cuts.push(() => {
      near.close('cut')
    })
    return {
      ...near,
      send: (frame) => {
        onSent(decodeMessage(frame))
        near.send(frame)
      },
    }
  }

  private fate(): readonly number[] {
    const { loss, twice, delayMs } = this.weather
    if (this.random() < loss) return []
    const delay = () => this.wait(delayMs)
    return this.random() < twice ? [delay(), delay()] : [delay()]
  }

  cut(): void {
    for (const cut of this.cuts.splice(0)) cut()
  }

  /** I16: whatever the payee says it has, its disk has. */
  private checkPayeeFrame(message: Message): void {
    const { accepted, spent, units } = this.record ?? { accepted: 0n, spent: 0n, units: 0n }
    const said = sayings(message)
    if (said === undefined) return
    this.require(
      said.accepted <= accepted && said.spent <= spent && said.units <= units,
      () => `I16: said ${JSON.stringify(message, stringify)}, the disk holds ${accepted} ${spent} ${units}`,
    )
    if (message.type === 'ack' && message.tipId !== undefined) {
      const { tipId } = message
      const stored = this.storedTips.some(({ id }) => id === tipId)
      this.require(stored, () => `I16: tip ${tipId} was acknowledged and is not on the disk`)
    }
  }
}

function sayings(message: Message) {
  if (message.type === 'ack' || message.type === 'receipt') return message
  if (message.type === 'need') return { accepted: message.accepted, spent: 0n, units: 0n }
  if (message.type !== 'snapshot') return undefined
  const { highest, spent, units } = message
  return { accepted: highest.cumulative, spent, units }
}

const stringify = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

function show({ accepted, spent, units, deposited }: PayeeRecord): string {
  return `accepted ${accepted}, spent ${spent}, units ${units}, deposited ${deposited}`
}
