import type { PayeeRecord, SaveListener, StoredTip } from '../ports.js'
import type { PayeeEffect, PayeeInput } from './state.js'

/** An effect that is done at once, and needs nothing but that what was saved before it is durable. */
export type Act = Exclude<PayeeEffect, { type: 'save' | 'consent' }>

export type PerformerParameters = {
  /** Begins to save; may tell the listener at once. */
  readonly save: (record: PayeeRecord, tip: StoredTip | undefined, listener: SaveListener) => void
  /** Performs; a promise when something of it ends later, which only the end of its batch waits for. */
  readonly act: (effect: Act) => Promise<void> | undefined
  /** Signs a consent to close at so many base units; what comes back is stepped after the batch. */
  readonly consent: (capturedAmount: bigint) => Promise<PayeeInput>
  readonly step: (input: PayeeInput, done: (() => void) | undefined) => void
  /** Something could not be stored; `act` is told of every later effect nevertheless. */
  readonly failed: (error: unknown) => void
  readonly fault: (error: unknown) => void
  /** All that was added is performed. */
  readonly idle: () => void
}

/** The effects of one step, performed up to `next`. One a voucher: methods instead of callbacks of its own. */
class Batch implements SaveListener {
  next = 0
  /** Saves and signatures it waits for. */
  waiting = 0
  unfinished: Promise<void>[] | undefined
  followUp: PayeeInput | undefined

  constructor(
    readonly effects: readonly PayeeEffect[],
    readonly done: (() => void) | undefined,
    private readonly queue: { readonly flush: () => void; readonly failed: (error: unknown) => void },
  ) {}

  /** Something it waited for has ended. */
  ready(): void {
    this.waiting -= 1
    this.queue.flush()
  }

  saved(): void {
    this.ready()
  }

  unsaved(error: unknown): void {
    this.queue.failed(error)
    this.ready()
  }
}

/**
 * Performs the effects of steps in the order of the steps, none before what earlier ones saved is durable.
 *
 * Saves begin at once, so that those of one moment share a commit; only what follows them waits. This runs for every
 * voucher of every session, hence callbacks: promises for judging, queueing and performing were a tenth of what a
 * voucher cost.
 */
export function createPerformer(parameters: PerformerParameters): {
  /** Adds the effects of a step; `done` is called when they are performed. */
  readonly add: (effects: readonly PayeeEffect[], done?: () => void) => void
  /** Whether all that was added is performed, and what followed from it. */
  readonly isIdle: () => boolean
} {
  const { save, act, consent, step, failed, fault, idle } = parameters
  /** The batch whose turn it is, and those that wait behind it: mostly there are none, and no array is needed. */
  let current: Batch | undefined
  const later: Batch[] = []
  let flushing = false
  let unended = 0

  const owner = { flush, failed }

  function flush(): void {
    if (flushing) return
    flushing = true
    try {
      for (let batch = current; batch?.waiting === 0; batch = current) {
        if (!perform(batch)) break
        current = later.length === 0 ? undefined : later.shift()
        finish(batch)
      }
    } finally {
      flushing = false
    }
  }

  /** False when it stopped at a signature that is not there yet. */
  function perform(batch: Batch): boolean {
    for (;;) {
      const effect = batch.effects[batch.next]
      if (effect === undefined) return true
      batch.next += 1
      if (effect.type === 'save') continue
      if (effect.type === 'consent') {
        sign(batch, effect.capturedAmount)
        return false
      }
      try {
        const unfinished = act(effect)
        if (unfinished !== undefined) (batch.unfinished ??= []).push(unfinished)
      } catch (error) {
        fault(error)
      }
    }
  }

  function sign(batch: Batch, capturedAmount: bigint): void {
    batch.waiting += 1
    void consent(capturedAmount)
      .then((input) => {
        batch.followUp = input
      }, fault)
      .then(() => {
        batch.ready()
      })
  }

  function finish(batch: Batch): void {
    if (batch.unfinished === undefined) return end(batch)
    void Promise.all(batch.unfinished)
      .catch(fault)
      .then(() => {
        end(batch)
      })
  }

  function end({ followUp, done }: Batch): void {
    if (followUp !== undefined) step(followUp, done)
    else done?.()
    unended -= 1
    if (unended === 0) idle()
  }

  function begin(batch: Batch, record: PayeeRecord, tip: StoredTip | undefined): void {
    batch.waiting += 1
    try {
      save(record, tip, batch)
    } catch (error) {
      batch.unsaved(error)
    }
  }

  return {
    add(effects, done) {
      const batch = new Batch(effects, done, owner)
      if (current === undefined) current = batch
      else later.push(batch)
      unended += 1
      // Held, so that a save that is told of at once does not set the batch off before its others have begun.
      batch.waiting = 1
      for (const effect of effects) {
        if (effect.type === 'save') begin(batch, effect.record, effect.tip)
      }
      batch.ready()
    },
    isIdle: () => unended === 0,
  }
}
