import {
  createMemoryPair,
  createMemoryStore,
  createPayeeHub,
  createPayerSession,
  type Fate,
  type PayeeHub,
  type PayeeHubHooks,
  type PayeeRecord,
  type PayeeSession,
  type PayeeStore,
  type PayerEvent,
  type PayerRecord,
  type PayerSession,
  type PayerStore,
  type StoredTip,
} from '@sluice/sdk/session'
import type { ChannelState, Hex, OperatorSigner, SignatureVerifier } from '@sluice/sdk'
import { createVirtualClock, type VirtualClock } from '../../support/virtualClock.js'

import { channelId, channelIdOf, offer, operator, payerRecord, verifier, voucherSigner } from './parties.js'

export * from './parties.js'

/** A payee's disk in memory: survives the payee, refuses what would make an amount fall. */
export function createDisk(): PayeeStore & {
  readonly records: Map<Hex, PayeeRecord>
  readonly stored: StoredTip[]
  /** Everything that was ever saved, in order. */
  readonly saves: PayeeRecord[]
} {
  const records = new Map<Hex, PayeeRecord>()
  const saves: PayeeRecord[] = []
  const stored: StoredTip[] = []
  return {
    records,
    stored,
    saves,
    save: (record, tip) => {
      saves.push(record)
      const old = records.get(record.channelId)
      if (old && (record.accepted < old.accepted || record.spent < old.spent))
        throw new Error('an amount fell')
      records.set(record.channelId, record)
      if (tip) stored.push(tip)
      return Promise.resolve()
    },
    load: (id) => Promise.resolve(records.get(id)),
    tips: (id) => Promise.resolve(stored.filter((tip) => tip.channelId === id)),
    list: () => Promise.resolve([...records.values()].filter((record) => !record.closed)),
  }
}

export type World = {
  readonly clock: VirtualClock
  readonly disk: ReturnType<typeof createDisk>
  /** `read` is how the payee reads it. */
  readonly chain: { state: ChannelState; read: () => Promise<ChannelState> }
  readonly events: PayerEvent[]
  readonly hub: () => PayeeHub
  readonly payer: () => PayerSession
  readonly payerStore: PayerStore
  readonly joined: PayeeSession[]
  readonly settlements: string[]
  readonly faults: unknown[]
  /** Ends the current connection as a cut cable does. */
  readonly cut: () => void
  /** Makes the payee unreachable, or reachable again. */
  readonly reachable: (value: boolean | Error) => void
  /** Stops the payee's process and starts another on the same disk. */
  readonly restartPayee: () => void
  /** Stops the payer's process and starts another on the same store. */
  readonly restartPayer: (store?: PayerStore) => Promise<void>
  /** Delivers `pieces` of 100 ms each, one every 100 ms, and says how many were granted. */
  readonly stream: (pieces: number) => Promise<number>
  /** A second tab with the same store and key. */
  readonly secondTab: () => Promise<PayerSession>
}

/** A payer, a payee, a chain and a network in one process under one virtual clock. */
export function createWorld(
  options: {
    readonly fate?: Fate
    readonly record?: PayerRecord
    readonly signClose?: OperatorSigner['signClose']
    /** How the payee checks a voucher. */
    readonly verifyVoucher?: SignatureVerifier['verifyVoucher']
  } = {},
): World {
  const clock = createVirtualClock()
  const disk = createDisk()
  const chain: World['chain'] = {
    state: {
      deposited: 1_000_000n,
      claimed: 0n,
      openedAt: Math.floor(clock.now() / 1000),
      closeRequestedAt: 0,
      closed: false,
    },
    read: () => Promise.resolve(chain.state),
  }
  const events: PayerEvent[] = []
  const joined: PayeeSession[] = []
  const settlements: string[] = []
  const faults: unknown[] = []
  /** Whether the payee is reached, or what it says instead. */
  let online: boolean | Error = true
  let cutCurrent = (): void => undefined
  let seed = 0

  const hooks: PayeeHubHooks = {
    onFault: (error) => faults.push(error),
    onSettle: (_, reason) => settlements.push(reason),
    onClose: () => settlements.push('close'),
    onJoined: (session) => joined.push(session),
  }
  const startHub = (): PayeeHub =>
    createPayeeHub({
      offer,
      store: disk,
      chain: { channelState: () => chain.read() },
      verifier: { ...verifier, ...(options.verifyVoucher ? { verifyVoucher: options.verifyVoucher } : {}) },
      operator: { ...operator, ...(options.signClose ? { signClose: options.signClose } : {}) },
      clock,
      random: (length) => new Uint8Array(length).fill((seed += 1)),
      channelId: channelIdOf,
      limits: { framesPerSecond: 50, burst: 200 },
      hooks,
    })
  let hub = startHub()

  const payerStore = createMemoryStore()
  const startPayer = (record: PayerRecord, store: PayerStore): PayerSession => {
    const session = createPayerSession({
      record,
      signer: voucherSigner,
      verifier,
      store,
      clock,
      connect: () => {
        if (online !== true) return Promise.reject(online === false ? new Error('unreachable') : online)
        const [near, far] = createMemoryPair({ clock, ...(options.fate ? { fate: options.fate } : {}) })
        hub.accept(far)
        cutCurrent = () => {
          near.close('cut')
        }
        return Promise.resolve(near)
      },
    })
    session.on((event) => events.push(event))
    return session
  }
  let payer = startPayer(options.record ?? payerRecord(), payerStore)

  return {
    clock,
    disk,
    chain,
    events,
    joined,
    settlements,
    faults,
    payerStore,
    hub: () => hub,
    payer: () => payer,
    cut: () => {
      cutCurrent()
    },
    reachable: (value) => {
      online = value
    },
    restartPayee: () => {
      hub.stop()
      joined.length = 0
      hub = startHub()
    },
    restartPayer: async (store = payerStore) => {
      payer.leave()
      const record = await store.get(channelId)
      payer = startPayer(record ?? payerRecord(), store)
      payer.start()
      payer.media(true, 'viewer')
    },
    secondTab: async () => startPayer((await payerStore.get(channelId)) ?? payerRecord(), payerStore),
    stream: async (pieces) => {
      let granted = 0
      for (let piece = 0; piece < pieces; piece += 1) {
        const session = joined.at(-1)
        if (session) {
          const answer = session.sendData(100n, piece)
          await clock.advance(100)
          if (await answer) granted += 1
        } else await clock.advance(100)
      }
      return granted
    },
  }
}

export function problemsOf(world: World): readonly string[] {
  return world.events.flatMap((event) => (event.type === 'problem' ? [event.error.code] : []))
}
