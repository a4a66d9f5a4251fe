import { SluiceError } from '../../errors.js'
import type { Hex } from '../../types.js'
import type { PayeeMessage, Tip, VoucherMessage } from '../messages.js'
import type { PayeeRecord, SaveListener, StoredTip } from '../ports.js'
import type { GrantOutcome, PayeeChannel, PayeeChannelParameters, SessionSink } from './channelPorts.js'
import { createJudge, refusedBecause } from './judge.js'
import { createPerformer, type Act } from './performer.js'
import { snapshotOf } from './answers.js'
import type { PayeeEffect, PayeeInput } from './state.js'
import { nextTickMs, stepPayee } from './step.js'

/** Vouchers and what must come after them, waiting for the one in progress. A task never rejects. */
type Queued =
  | VoucherMessage
  | Tip
  | { readonly type: 'close' }
  | { readonly type: 'attach'; readonly session: number }
  | { readonly type: 'task'; readonly run: () => Promise<void> }

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
  /** The sink, once what came before it is performed: a snapshot meant for its predecessor is not its own. */
  let hearer: SessionSink | undefined
  let cancelTick: (() => void) | undefined
  let tickAtMs: number | undefined
  let stopped = false
  let broken = false
  let nextRequest = 0
  const requests = new Map<number, (granted: boolean) => void>()

  let busy = false
  const queue: Queued[] = []
  let rested: (() => void) | undefined

  const performer = createPerformer({
    save,
    act,
    consent,
    step,
    failed: breakOff,
    fault,
    idle: rest,
  })

  const judge = createJudge({
    verifier,
    clock,
    record: () => state.record,
    broken: () => broken,
    refresh: hooks.refresh,
    step,
  })

  function save(record: PayeeRecord, tip: StoredTip | undefined, listener: SaveListener): void {
    if (broken) return listener.saved()
    store.save(record, tip, listener)?.then(
      () => {
        listener.saved()
      },
      (error: unknown) => {
        listener.unsaved(error)
      },
    )
  }

  /** Steps, then performs; `done` is called once that has happened. */
  function step(input: PayeeInput, done?: () => void): void {
    const result = stepPayee(terms, state, input)
    state = result.state
    performer.add(result.effects, done)
    scheduleTick()
  }

  function stepped(input: PayeeInput): Promise<void> {
    return new Promise((resolve) => {
      step(input, resolve)
    })
  }

  /** Says something that follows from the state as it is now, once that is durable. */
  function say(message: PayeeMessage): void {
    performer.add([{ type: 'send', message }])
  }

  function act(effect: Act): Promise<void> | undefined {
    if (broken && !isOwed(effect)) return undefined
    switch (effect.type) {
      case 'send':
        hearer?.send(effect.message)
        if (effect.message.type === 'ack') hooks.onAccepted?.(state.record)
        return undefined
      case 'receipt':
        return sendReceipt(effect)
      case 'gate':
        hooks.onGate?.(state.record, effect.open, effect.reason)
        return undefined
      case 'release':
        requests.get(effect.request)?.(effect.granted && !broken)
        requests.delete(effect.request)
        return undefined
      case 'tipped':
        hooks.onTip?.(effect.tip)
        return undefined
      case 'settle':
        hooks.onSettle?.(state.record, effect.reason)
        return undefined
      case 'closeOnChain':
        hooks.onClose?.(state.record)
        return undefined
    }
  }

  async function consent(capturedAmount: bigint): Promise<PayeeInput> {
    const payeeSignature = await operator.signClose(state.record.channelId, capturedAmount)
    return { type: 'consented', capturedAmount, payeeSignature }
  }

  /** A signer that takes its time holds nothing else up. */
  function sendReceipt(figures: Extract<PayeeEffect, { type: 'receipt' }>): Promise<void> | undefined {
    const { accepted, spent, units } = figures
    const at = Math.floor(clock.now() / 1000)
    const receipt = { channelId: state.record.channelId, accepted, spent, units, at }
    const send = (signature: Hex): void => hearer?.send({ type: 'receipt', ...receipt, signature })
    const signature = operator.signReceipt(receipt)
    if (typeof signature !== 'string') return signature.then(send)
    send(signature)
    return undefined
  }

  /** The state is ahead of the disk from here on. Were it kept, a repeated voucher would be acknowledged (I16). */
  function breakOff(error: unknown): void {
    if (!broken) {
      broken = true
      stopped = true
      cancelTick?.()
      refuse('store-failed', 'The payee cannot store anything now.', true)
      sink?.fail()
      hooks.onBroken?.(state.record)
    }
    fault(error)
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
            step({ type: 'tick', nowMs: clock.now() })
          })
  }

  /** Takes what is queued, one at a time; a voucher waits until its predecessor is durable. */
  function drain(): void {
    if (busy) return
    const next = queue.length === 0 ? undefined : queue.shift()
    if (next === undefined) rest()
    else take(next)
  }

  function take(next: Queued): void {
    busy = true
    if (next.type === 'task') void next.run().then(release)
    else if (next.type === 'attach') join(next.session)
    else if (broken) release()
    else if (next.type === 'voucher') judge(next, settle, fail)
    else step({ ...next, nowMs: clock.now() }, release)
  }

  /** A connection speaks for the channel from now on, unless another came or it ended while it waited. */
  function join(session: number): void {
    if (sink?.id === session) {
      performer.add([], () => (hearer = sink?.id === session ? sink : undefined))
      step({ type: 'attach', session, nowMs: clock.now() })
    }
    release()
  }

  function release(): void {
    busy = false
    drain()
  }

  function rest(): void {
    if (rested === undefined || busy || queue.length > 0 || !performer.isIdle()) return
    const then = rested
    rested = undefined
    then()
  }

  /** What became of the voucher in progress. */
  function settle(outcome: GrantOutcome): void {
    if (outcome.kind === 'equal') {
      const { accepted, spent, units } = state.record
      say({ type: 'ack', accepted, spent, units })
    } else if (outcome.kind === 'lower') say(snapshotOf(state.record))
    else if (outcome.kind === 'refused') refuse(outcome.code, outcome.details, false)
    release()
  }

  function fail(error: unknown): void {
    fault(error)
    release()
  }

  function refuse(code: string, message: string, retryable: boolean): void {
    hearer?.send({ type: 'error', code, message, retryable })
  }

  function enqueue(message: Queued): void {
    if (!busy && queue.length === 0) return take(message)
    const isNewer = message.type === 'voucher' || message.type === 'attach'
    if (isNewer && message.type === queue.at(-1)?.type) {
      // Back-pressure: only the newest voucher waits, which grants all that the older one did, and the newest connection.
      queue[queue.length - 1] = message
    } else if (queue.length >= longestQueue && message.type !== 'attach') {
      return refuse('rate-limited', 'Too many messages are waiting.', true)
    } else {
      queue.push(message)
    }
    drain()
  }

  /** Waits for its turn among vouchers, tips and closes. */
  function task<Value>(work: () => Promise<Value>, refused: () => Value): Promise<Value> {
    if (queue.length >= longestQueue) return Promise.resolve(refused())
    return new Promise((resolve, reject) => {
      enqueue({ type: 'task', run: () => work().then(resolve, reject) })
    })
  }

  /** Ends the session for something newer than it. One that went on would take what it did not see for overcharging. */
  function displaceSession(): void {
    const old = sink
    if (old === undefined) return
    step({ type: 'detach', session: old.id, nowMs: clock.now() })
    leave()
    old.displace()
  }

  function leave(): void {
    sink = undefined
    hearer = undefined
  }

  function ask(input: (request: number) => PayeeInput, onGranted?: () => void): Promise<boolean> {
    if (broken) return Promise.resolve(false)
    const request = nextRequest
    nextRequest += 1
    return new Promise((resolve) => {
      requests.set(request, (granted) => {
        if (granted) onGranted?.()
        resolve(granted)
      })
      step(input(request))
    })
  }

  return {
    record: () => state.record,
    state: () => state,
    attach: (newSink) => {
      if (sink?.id !== newSink.id) displaceSession()
      sink = newSink
      // Behind what an earlier connection sent: a snapshot without it would make the rest look like overcharging.
      enqueue({ type: 'attach', session: newSink.id })
    },
    detach: (session) => {
      if (sink?.id !== session) return
      step({ type: 'detach', session, nowMs: clock.now() })
      leave()
    },
    receive: (session, message) => {
      if (sink?.id !== session || broken) return
      if (message.type === 'voucher' || message.type === 'tip' || message.type === 'close') enqueue(message)
      else if (message.type === 'media') {
        step({ ...message, playing: message.state === 'playing', nowMs: clock.now() })
      } else if (message.type === 'topup' && hooks.refresh) hooks.refresh(state.record).catch(fault)
    },
    deliver: (units, onGranted) =>
      ask((request) => ({ type: 'deliver', request, units, nowMs: clock.now() }), onGranted),
    grant: (granted) =>
      task(
        () =>
          new Promise((resolve) => {
            judge(granted, resolve, (error) => {
              resolve(refusedBecause(error))
            })
          }),
        () => ({ kind: 'refused', code: 'rate-limited', details: `${longestQueue} messages are waiting` }),
      ),
    charge: (amount, units) => {
      displaceSession()
      return ask((request) => ({ type: 'charge', request, amount, units, nowMs: clock.now() }))
    },
    pause: async () => {
      if (!broken) await stepped({ type: 'media', playing: false, reason: 'closing', nowMs: clock.now() })
    },
    end: () =>
      task(
        async () => {
          if (!broken) await stepped({ type: 'close', nowMs: clock.now() })
          return state.record
        },
        () => state.record,
      ),
    chain: (view) => {
      if (broken) return
      step({ type: 'chain', ...view, nowMs: clock.now() })
    },
    submitted: (transaction) => {
      step({ type: 'submitted', transaction })
    },
    onceRested: (then) => {
      rested = then
      rest()
    },
    stop: () => {
      stopped = true
      cancelTick?.()
    },
  }
}

/** Nothing may follow from what was not stored, but a gate that closes does, and whoever waits is told. */
function isOwed(effect: Act): boolean {
  return effect.type === 'release' || (effect.type === 'gate' && !effect.open)
}
