import { SluiceError } from '../../errors.js'
import { zeroAddress } from '../../types.js'
import type { Address, SignatureVerifier, VoucherSigner } from '../../types.js'
import { decodeMessage, encodeMessage, maxDataFrame } from '../codec.js'
import type { MediaReason, Message } from '../messages.js'
import type { Clock, PayerRecord, PayerStore, Transport } from '../ports.js'
import { termsOf, timing } from '../terms.js'
import { problems } from './problems.js'
import { capOf, consumedOf, initialPayerState } from './state.js'
import type { PayerEffect, PayerEvent, PayerInput, PayerState } from './state.js'
import { stepPayer } from './step.js'

export type PayerSessionParameters = {
  /** The channel, as the payer's store holds it. */
  readonly record: PayerRecord
  readonly signer: VoucherSigner
  readonly verifier: SignatureVerifier
  readonly store: PayerStore
  readonly clock: Clock
  /** Reaches the payee; called again after a connection was lost. */
  readonly connect: () => Promise<Transport>
}

/** A payer's side of one channel. Everything it says comes through `on`. */
export type PayerSession = {
  readonly record: () => PayerRecord
  readonly state: () => PayerState
  /** Connects, and stays connected until `stop` or `leave`. */
  readonly start: () => void
  /** The player runs or stands still; nothing but tips is paid while it stands. */
  readonly media: (playing: boolean, reason: MediaReason) => void
  /** Counts `units` metering units that were delivered outside `data` messages. */
  readonly delivered: (units: bigint) => void
  /**
   * Tips `amount` base units, without a prompt.
   *
   * @throws SluiceError `budget-spent` when the budget does not hold it, `amount-exceeds-rate` when the channel's
   * burst does not, `overcharged` when nothing is signed any more
   */
  readonly tip: (tip: { readonly id: string; readonly amount: bigint; readonly message: string }) => void
  /** The chain confirmed a deposit, or the person changed the budget. */
  readonly fund: (funds: { readonly deposited: bigint; readonly budget: bigint }) => void
  /** Asks the payee to end the channel at what was spent; `closed` follows. */
  readonly stop: () => void
  /** Ends the connection and keeps the channel. */
  readonly leave: () => void
  /** Calls `listener` for every event; the returned function ends that. */
  readonly on: (listener: (event: PayerEvent) => void) => () => void
  /** Resolves when everything stepped so far is stored and sent. */
  readonly settled: () => Promise<void>
}

/**
 * Runs the payer's machine over a transport: signs, stores, sends, reconnects.
 *
 * @param parameters the channel and its surroundings
 */
export function createPayerSession(parameters: PayerSessionParameters): PayerSession {
  const { signer, verifier, store, clock } = parameters
  const terms = termsOf(parameters.record.offer)
  const listeners = new Set<(event: PayerEvent) => void>()
  let state = initialPayerState(parameters.record, clock.now())
  let transport: Transport | undefined
  let cancelTick: (() => void) | undefined
  let cancelReconnect: (() => void) | undefined
  let left = true
  /** Effects are performed one step after the other, so that nothing overtakes a write it depends on. */
  let tail: Promise<void> = Promise.resolve()

  function step(input: PayerInput): void {
    const result = stepPayer(terms, state, input)
    state = result.state
    if (result.effects.length > 0) tail = tail.then(() => perform(result.effects)).catch(fail)
  }

  async function perform(effects: readonly PayerEffect[]): Promise<void> {
    for (const effect of effects) {
      if (effect.type === 'save') await store.put(effect.record)
      else act(effect)
    }
  }

  function act(effect: Exclude<PayerEffect, { type: 'save' }>): void {
    switch (effect.type) {
      case 'send':
        transport?.send(encodeMessage(effect.message))
        return
      case 'emit':
        emit(effect.event)
        return
      case 'prove':
        void Promise.resolve(signer.signSession(state.record.channelId, effect.challenge)).then(
          (signature) => {
            step({ type: 'proved', signature, nowMs: clock.now() })
          },
          fail,
        )
        return
      case 'sign':
        void sign(effect.cumulative)
        return
      case 'reconnect':
        cancelReconnect?.()
        if (!left) cancelReconnect = clock.schedule(effect.afterMs, () => void connect())
        return
      case 'hangUp':
        transport?.close(effect.reason)
        return
    }
  }

  async function sign(cumulative: bigint): Promise<void> {
    try {
      const signature = await signer.signVoucher(state.record.channelId, cumulative)
      step({ type: 'signed', cumulative, signature, nowMs: clock.now() })
    } catch (error) {
      step({ type: 'signFailed', error: asError(error) })
    }
  }

  function emit(event: PayerEvent): void {
    for (const listener of [...listeners]) listener(event)
  }

  function fail(error: unknown): void {
    emit({ type: 'problem', error: asError(error) })
  }

  async function connect(): Promise<void> {
    cancelReconnect = undefined
    try {
      const opened = await parameters.connect()
      if (left) {
        opened.close('left')
        return
      }
      attach(opened)
    } catch (error) {
      const retryAfterMs = error instanceof SluiceError ? error.retryAfterMs : undefined
      step({ type: 'disconnected', reason: 'unreachable', retryAfterMs, nowMs: clock.now() })
    }
  }

  function attach(opened: Transport): void {
    transport = opened
    step({ type: 'connected', nowMs: clock.now() })
    scheduleTick()
    opened.onClose((reason) => {
      if (transport !== opened) return
      transport = undefined
      cancelTick?.()
      step({ type: 'disconnected', reason, nowMs: clock.now() })
    })
    opened.onFrame((frame) => {
      void receive(opened, frame)
    })
  }

  async function receive(from: Transport, frame: string): Promise<void> {
    try {
      const message = decodeMessage(frame, maxDataFrame)
      if (needsProof(message)) await verify(message)
      if (transport !== from) return
      const bytes = new TextEncoder().encode(frame).length
      step({ type: 'message', message, bytes, nowMs: clock.now() })
    } catch (error) {
      fail(error)
    }
  }

  /** Whether a message is worth nothing without a good signature. */
  function needsProof(message: Message): boolean {
    if (message.type === 'snapshot') return message.highest.cumulative > state.record.signed
    return message.type === 'receipt' || message.type === 'closed'
  }

  async function verify(message: Message): Promise<void> {
    const { channelId, channel } = state.record
    const valid = await isProven(message)
    if (valid) return
    throw new SluiceError({
      code: 'invalid-signature',
      message: 'The payee sent something it cannot prove.',
      details: `${message.type} of channel ${channelId} is not signed by ${message.type === 'snapshot' ? channel.signer : operatorOf()}`,
      action: 'resync',
    })
  }

  function isProven(message: Message): boolean | Promise<boolean> {
    const { channelId, channel } = state.record
    switch (message.type) {
      case 'snapshot':
        return verifier.verifyVoucher(channel.signer, {
          channelId,
          cumulativeAmount: message.highest.cumulative,
          signature: message.highest.signature,
        })
      case 'receipt':
        return message.channelId === channelId && verifier.verifyReceipt(operatorOf(), message)
      case 'closed':
        return verifier.verifyClose(operatorOf(), channelId, message.capturedAmount, message.payeeSignature)
      default:
        return true
    }
  }

  function operatorOf(): Address {
    const { operator, payee } = state.record.channel
    return operator === zeroAddress ? payee : operator
  }

  function scheduleTick(): void {
    cancelTick?.()
    cancelTick = clock.schedule(timing.tickMs, () => {
      step({ type: 'tick', nowMs: clock.now() })
      if (transport !== undefined) scheduleTick()
    })
  }

  function tip(wanted: { readonly id: string; readonly amount: bigint; readonly message: string }): void {
    const { record } = state
    if (record.overcharge !== undefined) throw problems.overcharged(record.overcharge)
    const left = capOf(record) - consumedOf(terms, record)
    if (wanted.amount <= 0n || wanted.amount > left) {
      throw new SluiceError({
        code: 'budget-spent',
        message: 'Your budget does not hold this tip.',
        details: `tip of ${wanted.amount}, left ${left}`,
        action: 'top-up',
      })
    }
    const { rate, burst } = record.channel
    const allowance = burst - terms.windowAmount - terms.creditAmount - record.tipped
    if (rate !== 0n && wanted.amount > allowance) {
      throw new SluiceError({
        code: 'amount-exceeds-rate',
        message: 'This tip is above the limit you set when you opened the channel.',
        details: `tip of ${wanted.amount}, tips still allowed ${allowance}`,
      })
    }
    step({ type: 'tip', ...wanted, nowMs: clock.now() })
  }

  return {
    record: () => state.record,
    state: () => state,
    start: () => {
      if (!left) return
      left = false
      void connect()
    },
    media: (playing, reason) => {
      step({ type: 'media', playing, reason, nowMs: clock.now() })
    },
    delivered: (units) => {
      step({ type: 'delivered', units, nowMs: clock.now() })
    },
    tip,
    fund: (funds) => {
      step({ type: 'funded', ...funds, nowMs: clock.now() })
    },
    stop: () => {
      step({ type: 'stop', nowMs: clock.now() })
    },
    leave: () => {
      left = true
      cancelTick?.()
      cancelReconnect?.()
      const open = transport
      transport = undefined
      open?.close('left')
    },
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    settled: async () => {
      let seen: Promise<void> | undefined
      while (seen !== tail) {
        seen = tail
        await seen
      }
    },
  }
}

function asError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  return new SluiceError({ code: 'internal', message: 'Something went wrong.', cause: error })
}
