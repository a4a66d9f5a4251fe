import { SluiceError } from '../../errors.js'
import type { Hex, OperatorSigner, SignatureVerifier } from '../../types.js'
import type { ErrorMessage, PayeeMessage, PayerMessage, Tip, VoucherMessage } from '../messages.js'
import type { Clock, PayeeRecord, PayeeStore, StoredTip } from '../ports.js'
import type { Terms } from '../terms.js'
import { screenVoucher } from './screen.js'
import type { PayeeEffect, PayeeInput, PayeeState } from './state.js'
import { nextTickMs, snapshotOf, stepPayee } from './step.js'

/** The connection that speaks for a channel, as the channel sees it. */
export type SessionSink = {
  /** Distinguishes connections; a newer one displaces an older one. */
  readonly id: number
  readonly send: (message: PayeeMessage | ErrorMessage) => void
  /** Ends the connection because a newer one took the channel over. */
  readonly displace: () => void
}

/** What a payee channel needs from the world around it. */
export type PayeeChannelParameters = {
  readonly terms: Terms
  readonly state: PayeeState
  readonly store: PayeeStore
  readonly verifier: SignatureVerifier
  readonly operator: OperatorSigner
  readonly clock: Clock
  readonly hooks: PayeeChannelHooks
}

export type PayeeChannelHooks = {
  /** The gate opened or closed. */
  readonly onGate?: (record: PayeeRecord, open: boolean, reason: string) => void
  /** A tip was stored and counted, once. */
  readonly onTip?: (tip: StoredTip) => void
  /** A voucher became durable. */
  readonly onAccepted?: (record: PayeeRecord) => void
  /** What is accepted should go to the chain now. */
  readonly onSettle?: (record: PayeeRecord, reason: 'hold' | 'close-requested') => void
  /** Both have agreed to end; the record holds voucher and consent. */
  readonly onClose?: (record: PayeeRecord) => void
  /** A voucher exceeds the known deposit: the chain should be read again. Resolves when it was. */
  readonly refresh?: (record: PayeeRecord) => Promise<void>
  /** The channel can no longer be kept safely, such as when the disk is full. */
  readonly onFault: (error: SluiceError) => void
}

export type PayeeChannel = {
  readonly record: () => PayeeRecord
  readonly state: () => PayeeState
  readonly attach: (sink: SessionSink) => void
  readonly detach: (session: number) => void
  readonly receive: (session: number, message: PayerMessage) => void
  /**
   * Asks to deliver `units` metering units more. True when they are paid or within the credit, and the new total is
   * durable; false when the gate is closed.
   */
  readonly deliver: (units: bigint) => Promise<boolean>
  /** The chain's word on the channel, at the confirmations the payee asks for. */
  readonly chain: (state: Omit<Extract<PayeeInput, { type: 'chain' }>, 'type' | 'nowMs'>) => void
  /** The close was handed to the chain in this transaction. */
  readonly submitted: (transaction: Hex) => void
  /** Stops the timers. Nothing is lost: everything that counts is durable. */
  readonly stop: () => void
}

/** Vouchers and what must come after them, waiting for the one in progress. */
const longestQueue = 64

/**
 * Runs the payee's machine for one channel: checks, steps, stores, and only then answers.
 *
 * @param parameters the channel's state and its surroundings
 */
export function createPayeeChannel(parameters: PayeeChannelParameters): PayeeChannel {
  const { terms, store, verifier, operator, clock, hooks } = parameters
  let state = parameters.state
  let sink: SessionSink | undefined
  let cancelTick: (() => void) | undefined
  let tickAtMs: number | undefined
  let stopped = false
  let nextRequest = 0
  const requests = new Map<number, (granted: boolean) => void>()

  let busy = false
  const queue: (VoucherMessage | Tip | { readonly type: 'close' })[] = []

  function step(input: PayeeInput): Promise<void> {
    const result = stepPayee(terms, state, input)
    state = result.state
    const done = perform(result.effects, 0)
    scheduleTick()
    return done
  }

  /** Performs effects in order; whatever follows a `save` waits for the disk. */
  async function perform(effects: readonly PayeeEffect[], start: number): Promise<void> {
    for (let index = start; index < effects.length; index += 1) {
      const effect = effects[index]
      if (effect === undefined) return
      if (effect.type === 'save') {
        try {
          await store.save(effect.record, effect.tip)
        } catch (error) {
          refuseRequests(effects, index)
          fault(error)
          return
        }
      } else if (effect.type === 'receipt' || effect.type === 'consent') {
        await sign(effect)
      } else {
        act(effect)
      }
    }
  }

  function act(effect: Exclude<PayeeEffect, { type: 'save' | 'receipt' | 'consent' }>): void {
    switch (effect.type) {
      case 'send':
        sink?.send(effect.message)
        if (effect.message.type === 'ack') hooks.onAccepted?.(state.record)
        return
      case 'gate':
        hooks.onGate?.(state.record, effect.open, effect.reason)
        return
      case 'release':
        requests.get(effect.request)?.(effect.granted)
        requests.delete(effect.request)
        return
      case 'tipped':
        hooks.onTip?.(effect.tip)
        return
      case 'settle':
        hooks.onSettle?.(state.record, effect.reason)
        return
      case 'closeOnChain':
        hooks.onClose?.(state.record)
        return
    }
  }

  async function sign(effect: Extract<PayeeEffect, { type: 'receipt' | 'consent' }>): Promise<void> {
    const { channelId } = state.record
    if (effect.type === 'receipt') {
      const { accepted, spent, units } = effect
      const receipt = { channelId, accepted, spent, units, at: Math.floor(clock.now() / 1000) }
      const signature = await operator.signReceipt(receipt)
      sink?.send({ type: 'receipt', ...receipt, signature })
      return
    }
    const payeeSignature = await operator.signClose(channelId, effect.capturedAmount)
    await step({ type: 'consented', capturedAmount: effect.capturedAmount, payeeSignature })
  }

  function refuseRequests(effects: readonly PayeeEffect[], start: number): void {
    for (const effect of effects.slice(start)) {
      if (effect.type === 'release') act({ ...effect, granted: false })
    }
  }

  function fault(error: unknown): void {
    if (error instanceof SluiceError) return hooks.onFault(error)
    hooks.onFault(
      new SluiceError({ code: 'internal', message: 'Something went wrong at the payee.', cause: error }),
    )
  }

  function scheduleTick(): void {
    const due = stopped ? undefined : nextTickMs(state)
    if (due === tickAtMs) return
    cancelTick?.()
    tickAtMs = due
    cancelTick =
      due === undefined
        ? undefined
        : clock.schedule(Math.max(0, due - clock.now()), () => {
            tickAtMs = undefined
            cancelTick = undefined
            run(step({ type: 'tick', nowMs: clock.now() }))
          })
  }

  function run(work: Promise<void>): void {
    work.catch(fault)
  }

  /** Takes what is queued, one at a time; a voucher waits until its predecessor is durable. */
  async function drain(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (next.type === 'voucher') await voucher(next)
        else await step({ ...next, nowMs: clock.now() })
      }
    } finally {
      busy = false
    }
  }

  async function voucher(message: VoucherMessage): Promise<void> {
    let screening = screenVoucher(state.record, message, clock.now())
    if (screening.verdict === 'refuse' && screening.code === 'amount-exceeds-deposit' && hooks.refresh) {
      await hooks.refresh(state.record)
      screening = screenVoucher(state.record, message, clock.now())
    }
    if (screening.verdict === 'equal') {
      const { accepted, spent, units } = state.record
      sink?.send({ type: 'ack', accepted, spent, units })
      return
    }
    if (screening.verdict === 'lower') {
      sink?.send(snapshotOf(state.record))
      return
    }
    if (screening.verdict === 'refuse') {
      refuse(screening.code, screening.details)
      return
    }
    const { channelId, cumulative, signature } = message
    const valid = verifier.verifyVoucher(state.record.channel.signer, {
      channelId,
      cumulativeAmount: cumulative,
      signature,
    })
    if (!(typeof valid === 'boolean' ? valid : await valid)) {
      refuse(
        'invalid-signature',
        `the voucher over ${cumulative} is not signed by ${state.record.channel.signer}`,
      )
      return
    }
    await step({ type: 'voucher', cumulative, signature, nowMs: clock.now() })
  }

  function refuse(code: string, message: string): void {
    sink?.send({ type: 'error', code, message, retryable: false })
  }

  function enqueue(message: VoucherMessage | Tip | { readonly type: 'close' }): void {
    const last = queue.at(-1)
    if (message.type === 'voucher' && last?.type === 'voucher') {
      // Back-pressure: only the newest voucher waits. It grants all that the older one did.
      queue[queue.length - 1] = message
    } else if (queue.length >= longestQueue) {
      sink?.send({
        type: 'error',
        code: 'rate-limited',
        message: 'Too many messages are waiting.',
        retryable: true,
      })
      return
    } else {
      queue.push(message)
    }
    run(drain())
  }

  return {
    record: () => state.record,
    state: () => state,
    attach: (newSink) => {
      const old = sink
      sink = newSink
      if (old !== undefined && old.id !== newSink.id) old.displace()
      run(step({ type: 'attach', session: newSink.id, nowMs: clock.now() }))
    },
    detach: (session) => {
      if (sink?.id !== session) return
      run(step({ type: 'detach', session, nowMs: clock.now() }))
      sink = undefined
    },
    receive: (session, message) => {
      if (sink?.id !== session) return
      if (message.type === 'voucher' || message.type === 'tip' || message.type === 'close') enqueue(message)
      else if (message.type === 'media') {
        run(step({ type: 'media', playing: message.state === 'playing', nowMs: clock.now() }))
      } else if (message.type === 'topup' && hooks.refresh) run(hooks.refresh(state.record))
    },
    deliver: (units) => {
      const request = nextRequest
      nextRequest += 1
      return new Promise((resolve) => {
        requests.set(request, resolve)
        run(step({ type: 'deliver', request, units, nowMs: clock.now() }))
      })
    },
    chain: (view) => {
      run(step({ type: 'chain', ...view, nowMs: clock.now() }))
    },
    submitted: (transaction) => {
      run(step({ type: 'submitted', transaction }))
    },
    stop: () => {
      stopped = true
      cancelTick?.()
    },
  }
}
