import { bytesToHex } from '../../crypto/bytes.js'
import { SluiceError } from '../../errors.js'
import type { Channel, ChannelState, Hex, OperatorSigner, SignatureVerifier } from '../../types.js'
import { encodeMessage } from '../codec.js'
import type { Message, Open, Resume } from '../messages.js'
import type { ChainView, Clock, PayeeRecord, PayeeStore, Random, Transport } from '../ports.js'
import { termsOf } from '../terms.js'
import { checkState, checkTerms, type StandingOffer } from './admission.js'
import { createPayeeChannel } from './channel.js'
import type { PayeeChannel, PayeeChannelHooks } from './channelPorts.js'
import { isPayerMessage, readFrame } from './frames.js'
import { frameBudget, type FrameLimits } from './frameBudget.js'
import { once } from './once.js'
import { createSession, type PayeeSession, type SessionListener } from './payeeSession.js'
import {
  notForPayees,
  notJoined,
  takenConnection,
  tooManyFrames,
  unknownChannel,
  unproven,
} from './refusals.js'
import { initialPayeeState } from './state.js'

export type PayeeHubParameters = {
  readonly offer: StandingOffer
  readonly store: PayeeStore
  readonly chain: ChainView
  readonly verifier: SignatureVerifier
  readonly operator: OperatorSigner
  readonly clock: Clock
  readonly random: Random
  /** Id of a channel with these terms on the offer's chain and contract. */
  readonly channelId: (channel: Channel) => Hex
  readonly limits: FrameLimits
  readonly hooks: PayeeHubHooks
}

export type PayeeHubHooks = Omit<PayeeChannelHooks, 'refresh' | 'onBroken'> & {
  /** A connection was proven to speak for a channel; what is sold may flow through `channel.deliver`. */
  readonly onJoined?: (session: PayeeSession) => void
  readonly onLeft?: (session: PayeeSession) => void
  /** A frame was refused. */
  readonly onRefused?: (code: string) => void
}

export type PayeeHub = {
  /** Takes a connection in and greets it with the offer. `listener` is told what becomes of this connection alone. */
  readonly accept: (transport: Transport, listener?: SessionListener) => void
  /** The chain's word on a channel, at the confirmations the offer asks for. */
  readonly onChain: (channelId: Hex, state: ChannelState) => Promise<void>
  /** The channel, loaded from the store if it is known there; undefined otherwise. */
  readonly channel: (channelId: Hex) => Promise<PayeeChannel | undefined>
  /** Admits a channel that proved itself elsewhere, such as in an HTTP request. */
  readonly admit: (channel: Channel) => Promise<PayeeChannel>
  /**
   * Keeps a channel in memory while it is used outside a session, so that there is never a second machine for it (I20).
   * Call it in the same turn in which the channel was got; the returned function lets go, once.
   */
  readonly retain: (channel: PayeeChannel) => () => void
  readonly sessions: () => readonly PayeeSession[]
  /**
   * Greets connections with another offer from now on. Channels in memory keep the terms they were taken up with; one that
   * comes back later is served by the new ones, which a payer that agreed to others refuses.
   */
  readonly reoffer: (offer: StandingOffer) => void
  /** Ends every connection and stops every timer. */
  readonly stop: () => void
}

/** Unreadable frames a connection may send before it is ended. */
const tolerance = 10

/**
 * The payee's side of all channels: greets connections, admits channels, keeps one machine for each.
 *
 * @param parameters what is sold and the surroundings
 */
export function createPayeeHub(parameters: PayeeHubParameters): PayeeHub {
  const { store, chain, verifier, operator, clock, hooks } = parameters
  let { offer } = parameters
  let terms = termsOf(offer)
  const channels = new Map<Hex, PayeeChannel>()
  const loading = new Map<Hex, Promise<PayeeChannel | undefined>>()
  const admitting = new Map<Hex, Promise<PayeeChannel>>()
  const sessions = new Map<number, PayeeSession>()
  const transports = new Set<Transport>()
  const users = new Map<PayeeChannel, number>()
  let nextSession = 1

  async function refresh(record: PayeeRecord): Promise<void> {
    const state = await chain.channelState(record.channelId, offer.confirmations)
    channels.get(record.channelId)?.chain(state)
  }

  /** The one machine of a channel: who loads it while another admits it must not make a second (I20). */
  function start(record: PayeeRecord, tips: ReadonlyMap<string, bigint>): PayeeChannel {
    const live = channels.get(record.channelId)
    if (live !== undefined) return live
    const channel = createPayeeChannel({
      terms,
      state: initialPayeeState(record, tips, clock.now()),
      store,
      verifier,
      operator,
      clock,
      hooks: {
        ...hooks,
        refresh,
        onSettle: (settled, reason) => {
          hooks.onSettle?.(settled, reason)
          if (reason === 'hold') evict(channel)
        },
        onBroken: () => {
          if (channels.get(record.channelId) === channel) channels.delete(record.channelId)
        },
      },
    })
    channels.set(record.channelId, channel)
    return channel
  }

  /** Loads a channel once, however many ask at the same time. */
  function load(channelId: Hex): Promise<PayeeChannel | undefined> {
    const live = channels.get(channelId)
    if (live !== undefined) return Promise.resolve(live)
    return once(loading, channelId, () => loadStored(channelId))
  }

  async function loadStored(channelId: Hex): Promise<PayeeChannel | undefined> {
    const record = await store.load(channelId)
    if (record === undefined) return undefined
    const tips = await store.tips(channelId)
    return start(record, new Map(tips.map((tip) => [tip.id, tip.amount])))
  }

  /** Admits a channel once, however many ask: a second first record would undo what the first has accepted since. */
  function admit(channel: Channel): Promise<PayeeChannel> {
    const channelId = parameters.channelId(channel)
    return once(admitting, channelId, () => admitNew(channelId, channel))
  }

  async function admitNew(channelId: Hex, channel: Channel): Promise<PayeeChannel> {
    const known = await load(channelId)
    if (known !== undefined) return known
    checkTerms(offer, channel)
    const state = await chain.channelState(channelId, offer.confirmations)
    checkState(channelId, state, offer)
    const record: PayeeRecord = {
      channelId,
      channel,
      deposited: state.deposited,
      claimed: state.claimed,
      openedAt: state.openedAt,
      accepted: state.claimed,
      signature: '0x',
      spent: state.claimed,
      units: 0n,
      tipped: state.claimed,
      closeRequestedAt: 0,
      consent: undefined,
      closed: false,
    }
    await store.save(record)
    return start(record, new Map())
  }

  function isIdle(channel: PayeeChannel): boolean {
    const { session, holdEndsMs } = channel.state()
    return session === undefined && holdEndsMs === undefined && !users.has(channel)
  }

  /** Lets go of a channel nobody uses, once what it is still doing is durable: its successor starts from the store. */
  function evict(channel: PayeeChannel): void {
    if (!isIdle(channel)) return
    channel.onceRested(() => {
      if (!isIdle(channel)) return
      const { channelId } = channel.record()
      channel.stop()
      if (channels.get(channelId) === channel) channels.delete(channelId)
    })
  }

  function retain(channel: PayeeChannel): () => void {
    users.set(channel, (users.get(channel) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      const rest = (users.get(channel) ?? 1) - 1
      if (rest > 0) users.set(channel, rest)
      else users.delete(channel)
      evict(channel)
    }
  }

  function accept(transport: Transport, listener?: SessionListener): void {
    const id = nextSession
    nextSession += 1
    transports.add(transport)
    const challenge = bytesToHex(parameters.random(32))
    const send = (message: Message): void => {
      transport.send(encodeMessage(message))
    }
    const allow = frameBudget(parameters.limits, clock)
    let session: PayeeSession | undefined
    let joining: Promise<void> | undefined
    let unreadable = 0
    let over = false

    const refuse = (error: unknown): void => {
      const known = error instanceof SluiceError ? error : undefined
      const code = known?.code ?? 'internal'
      hooks.onRefused?.(code)
      send({
        type: 'error',
        code,
        message:
          known === undefined ? 'Something went wrong.' : `${known.message} ${known.details ?? ''}`.trim(),
        retryable: known?.retryable ?? true,
      })
      if (known !== undefined) return
      const message = 'Something went wrong at the payee.'
      hooks.onFault(new SluiceError({ code: 'internal', message, cause: error }))
    }

    const join = async (message: Open | Resume): Promise<void> => {
      const channel = message.type === 'open' ? await admit(message.channel) : await known(message.channelId)
      const release = retain(channel)
      try {
        await prove(channel, message)
      } finally {
        release()
      }
    }

    const prove = async (channel: PayeeChannel, message: Open | Resume): Promise<void> => {
      if (session !== undefined && session.channel.record().channelId !== channel.record().channelId) {
        throw takenConnection(session.channel.record().channelId, channel.record().channelId)
      }
      const { channelId, channel: channelTerms } = channel.record()
      if (!(await verifier.verifySession(channelTerms.signer, channelId, challenge, message.signature))) {
        throw unproven(challenge, channelTerms.signer)
      }
      if (over) return
      session = sessions.get(id) ?? createSession(id, channel, send, transport.bufferedBytes)
      const isNew = !sessions.has(id)
      sessions.set(id, session)
      channel.attach({
        id,
        send,
        displace: () => {
          send({
            type: 'error',
            code: 'second-tab',
            message: 'Playing on another connection.',
            retryable: false,
          })
          transport.close('displaced')
        },
        fail: () => {
          transport.close('store failed')
        },
      })
      if (!isNew) return
      hooks.onJoined?.(session)
      listener?.onJoined(session)
    }

    const receive = (message: Message): void => {
      if (message.type === 'ping') {
        if (!message.reply) send({ type: 'ping', id: message.id, reply: true })
        return
      }
      if (message.type === 'open' || message.type === 'resume') {
        if (joining !== undefined) return
        joining = join(message)
          .catch(refuse)
          .finally(() => (joining = undefined))
        return
      }
      if (!isPayerMessage(message)) throw notForPayees(message.type)
      if (session === undefined) throw notJoined(message.type)
      session.channel.receive(id, message)
    }

    transport.onClose(() => {
      over = true
      transports.delete(transport)
      if (session === undefined) return
      sessions.delete(id)
      session.channel.detach(id)
      hooks.onLeft?.(session)
      listener?.onLeft(session)
      evict(session.channel)
    })
    transport.onFrame((frame) => {
      try {
        if (!allow()) throw tooManyFrames(parameters.limits.framesPerSecond)
        receive(readFrame(frame))
      } catch (error) {
        refuse(error)
        unreadable += 1
        if (unreadable >= tolerance) transport.close('too many refused frames')
      }
    })
    send({ type: 'offer', ...offer, challenge })
  }

  async function known(channelId: Hex): Promise<PayeeChannel> {
    const channel = await load(channelId)
    if (channel !== undefined) return channel
    throw unknownChannel(channelId)
  }

  return {
    accept,
    onChain: async (channelId, state) => {
      const channel = await load(channelId)
      channel?.chain(state)
    },
    channel: load,
    admit,
    retain,
    sessions: () => [...sessions.values()],
    reoffer: (next) => {
      offer = next
      terms = termsOf(next)
    },
    stop: () => {
      for (const transport of [...transports]) transport.close('payee stops')
      for (const channel of channels.values()) channel.stop()
      channels.clear()
    },
  }
}
