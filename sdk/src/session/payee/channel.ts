import { SluiceError } from '../../errors.js'
import type { Hex } from '../../types.js'
import type { PayeeMessage, Tip, VoucherMessage } from '../messages.js'
import type { GrantOutcome, PayeeChannel, PayeeChannelParameters, SessionSink } from './channelPorts.js'
import { screenVoucher } from './screen.js'
import { snapshotOf } from './answers.js'
import type { PayeeEffect, PayeeInput } from './state.js'
import { nextTickMs, stepPayee } from './step.js'

/** Vouchers and what must come after them, waiting for the one in progress. A task never rejects. */
type Queued =
  | VoucherMessage
  | Tip
  | { readonly type: 'close' }
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
  let cancelTick: (() => void) | undefined
  let tickAtMs: number | undefined
  let stopped = false
  let broken = false
  let nextRequest = 0
  const requests = new Map<number, (granted: boolean) => void>()

  let busy = false
  const queue: Queued[] = []

  /** Resolves when the effects are performed: in the order of the steps, none before what earlier ones saved is durable. */
  let tail: Promise<unknown> = Promise.resolve()

  async function step(input: PayeeInput): Promise<void> {
    const result = stepPayee(terms, state, input)
    state = result.state
    // Saves begin at once, so that those of one moment share a commit; only what follows them waits.
    const begun = result.effects.map((effect) => ({ effect, saved: begin(effect) }))
    const performed = tail.then(() => perform(begun))
    tail = performed.catch(() => undefined)
    scheduleTick()
    const { next, receipt } = await performed
    if (next !== undefined) await step(next)
    await receipt
  }

  function begin(effect: PayeeEffect): Promise<void> | undefined {
    if (effect.type !== 'save' || broken) return undefined
    const { record, tip } = effect
    const saved = (async () => store.save(record, tip))()
    saved.catch(() => undefined) // `perform` will see it; until then it is not an unhandled one.
    return saved
  }

  /** Performs effects in order; what comes back is to be stepped next, and a receipt that is still being signed. */
  async function perform(
    begun: readonly { readonly effect: PayeeEffect; readonly saved: Promise<void> | undefined }[],
  ): Promise<{ next?: PayeeInput; receipt?: Promise<void> }> {
    let next: PayeeInput | undefined
    let receipt: Promise<void> | undefined
    for (const { effect, saved } of begun) {
      try {
        if (saved !== undefined) await saved
      } catch (error) {
        breakOff(error)
      }
      if (broken) withdraw(effect)
      else if (effect.type === 'consent') next = await consent(effect.capturedAmount)
      else if (effect.type === 'receipt') receipt = sendReceipt(effect)
      else if (effect.type !== 'save') act(effect)
    }
    // In an object, so that whoever awaits it does not wait for the receipt.
    return { ...(next && { next }), ...(receipt && { receipt }) }
  }

  /** Says something that follows from the state as it is now, once that is durable. */
  function say(message: PayeeMessage): void {
    tail = tail.then(() => {
      if (!broken) sink?.send(message)
    })
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

  async function consent(capturedAmount: bigint): Promise<PayeeInput> {
    const payeeSignature = await operator.signClose(state.record.channelId, capturedAmount)
    return { type: 'consented', capturedAmount, payeeSignature }
  }

  /** A signer that takes its time holds nothing else up. */
  function sendReceipt(figures: Extract<PayeeEffect, { type: 'receipt' }>): Promise<void> | undefined {
    const { accepted, spent, units } = figures
    const at = Math.floor(clock.now() / 1000)
    const receipt = { channelId: state.record.channelId, accepted, spent, units, at }
    const send = (signature: Hex): void => sink?.send({ type: 'receipt', ...receipt, signature })
    const signature = operator.signReceipt(receipt)
    if (typeof signature !== 'string') return signature.then(send)
    send(signature)
    return undefined
  }

  /** Nothing may follow from what was not stored, but a gate that closes does, and whoever waits is told. */
  function withdraw(effect: PayeeEffect): void {
    if (effect.type === 'release') act({ ...effect, granted: false })
    else if (effect.type === 'gate' && !effect.open) act(effect)
  }

  /** The state is ahead of the disk from here on. Were it kept, a repeated voucher would be acknowledged (I16). */
  function breakOff(error: unknown): void {
    if (!broken) {
      broken = true
      stopped = true
      cancelTick?.()
      sink?.send({
        type: 'error',
        code: 'store-failed',
        message: 'The payee cannot store anything now.',
        retryable: true,
      })
      sink?.fail()
      hooks.onBroken?.(state.record)
    }
    fault(error)
  }

  const isBroken = (): boolean => broken

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
        if (next.type === 'task') await next.run()
        else if (broken) continue
        else if (next.type === 'voucher') await voucher(next)
        else await step({ ...next, nowMs: clock.now() })
      }
    } finally {
      busy = false
    }
  }

  async function voucher(message: VoucherMessage): Promise<void> {
    const outcome = await judge(message)
    if (outcome.kind === 'equal') {
      const { accepted, spent, units } = state.record
      say({ type: 'ack', accepted, spent, units })
    } else if (outcome.kind === 'lower') say(snapshotOf(state.record))
    else if (outcome.kind === 'refused') refuse(outcome.code, outcome.details)
  }

  /** Checks a voucher and stores it when it is good and new. */
  async function judge(message: Omit<VoucherMessage, 'type'>): Promise<GrantOutcome> {
    if (broken) return storeFailed
    let screening = screenVoucher(state.record, message, clock.now())
    if (screening.verdict === 'refuse' && screening.code === 'amount-exceeds-deposit' && hooks.refresh) {
      await hooks.refresh(state.record)
      screening = screenVoucher(state.record, message, clock.now())
    }
    if (screening.verdict === 'equal' || screening.verdict === 'lower') return { kind: screening.verdict }
    if (screening.verdict === 'refuse') {
      return { kind: 'refused', code: screening.code, details: screening.details }
    }
    const { channelId, cumulative, signature } = message
    const valid = verifier.verifyVoucher(state.record.channel.signer, {
      channelId,
      cumulativeAmount: cumulative,
      signature,
    })
    if (!(typeof valid === 'boolean' ? valid : await valid)) {
      return {
        kind: 'refused',
        code: 'invalid-signature',
        details: `the voucher over ${cumulative} is not signed by ${state.record.channel.signer}`,
      }
    }
    await step({ type: 'voucher', cumulative, signature, nowMs: clock.now() })
    return isBroken() ? storeFailed : { kind: 'accepted' }
  }

  function refuse(code: string, message: string): void {
    sink?.send({ type: 'error', code, message, retryable: false })
  }

  function enqueue(message: Queued): void {
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

  /** Waits for its turn among vouchers, tips and closes. */
  function task<Value>(work: () => Promise<Value>, refused: () => Value): Promise<Value> {
    if (queue.length >= longestQueue) return Promise.resolve(refused())
    return new Promise((resolve, reject) => {
      enqueue({ type: 'task', run: () => work().then(resolve, reject) })
    })
  }

  function ask(input: (request: number) => PayeeInput): Promise<boolean> {
    if (broken) return Promise.resolve(false)
    const request = nextRequest
    nextRequest += 1
    return new Promise((resolve) => {
      requests.set(request, resolve)
      run(step(input(request)))
    })
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
      if (sink?.id !== session || broken) return
      if (message.type === 'voucher' || message.type === 'tip' || message.type === 'close') enqueue(message)
      else if (message.type === 'media') {
        run(step({ type: 'media', playing: message.state === 'playing', nowMs: clock.now() }))
      } else if (message.type === 'topup' && hooks.refresh) run(hooks.refresh(state.record))
    },
    deliver: (units) => ask((request) => ({ type: 'deliver', request, units, nowMs: clock.now() })),
    grant: (granted) =>
      task(
        () => judge(granted).catch(refusedBecause),
        () => ({ kind: 'refused', code: 'rate-limited', details: `${longestQueue} messages are waiting` }),
      ),
    charge: (amount, units) =>
      ask((request) => ({ type: 'charge', request, amount, units, nowMs: clock.now() })),
    pause: async () => {
      if (!broken) await step({ type: 'media', playing: false, nowMs: clock.now() })
    },
    end: () =>
      task(
        async () => {
          if (!broken) await step({ type: 'close', nowMs: clock.now() })
          return state.record
        },
        () => state.record,
      ),
    chain: (view) => {
      if (broken) return
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

const storeFailed: GrantOutcome = {
  kind: 'refused',
  code: 'store-failed',
  details: 'the payee cannot store the voucher now',
}

function refusedBecause(error: unknown): GrantOutcome {
  const known = error instanceof SluiceError ? error : undefined
  return {
    kind: 'refused',
    code: known?.code ?? 'internal',
    details: known?.details ?? 'something went wrong at the payee',
  }
}
