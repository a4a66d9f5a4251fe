import type { PayeeRecord, StoredTip } from '../ports.js'
import type { PayeeEffect, PayeeInput } from './state.js'

/** An effect that is done at once, and needs nothing but that what was saved before it is durable. */
export type Act = Exclude<PayeeEffect, { type: 'save' | 'consent' }>

export type PerformerParameters = {
  readonly save: (record: PayeeRecord, tip: StoredTip | undefined) => Promise<void>
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

/** The effects of one step, performed up to `next`. */
type Batch = {
  readonly effects: readonly PayeeEffect[]
  readonly done: (() => void) | undefined
  next: number
  /** Saves and signatures it waits for. */
  waiting: number
  readonly unfinished: Promise<void>[]
  followUp: PayeeInput | undefined
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
  const queue: Batch[] = []
  let flushing = false
  let unended = 0

  function begin(batch: Batch, work: () => Promise<unknown>, caught: (error: unknown) => void): void {
    const settled = (): void => {
      batch.waiting -= 1
      flush()
    }
    batch.waiting += 1
    started(work).then(settled, (error: unknown) => {
      caught(error)
      settled()
    })
  }

  function flush(): void {
    if (flushing) return
    flushing = true
    for (let batch = queue[0]; batch?.waiting === 0; batch = queue[0]) {
      if (!perform(batch)) break
      queue.shift()
      finish(batch)
    }
    flushing = false
  }

  /** False when it stopped at a signature that is not there yet. */
  function perform(batch: Batch): boolean {
    for (const effect of batch.effects.slice(batch.next)) {
      batch.next += 1
      if (effect.type === 'save') continue
      if (effect.type === 'consent') {
        const sign = async (): Promise<void> => {
          batch.followUp = await consent(effect.capturedAmount)
        }
        begin(batch, sign, fault)
        return false
      }
      try {
        const unfinished = act(effect)
        if (unfinished !== undefined) batch.unfinished.push(unfinished)
      } catch (error) {
        fault(error)
      }
    }
    return true
  }

  function finish({ unfinished, followUp, done }: Batch): void {
    const end = (): void => {
      if (followUp !== undefined) step(followUp, done)
      else done?.()
      unended -= 1
      if (unended === 0) idle()
    }
    if (unfinished.length === 0) end()
    else void Promise.all(unfinished).catch(fault).then(end)
  }

  return {
    add(effects, done) {
      const batch: Batch = { effects, done, next: 0, waiting: 0, unfinished: [], followUp: undefined }
      queue.push(batch)
      unended += 1
      for (const effect of effects) {
        if (effect.type === 'save') begin(batch, () => save(effect.record, effect.tip), failed)
      }
      flush()
    },
    isIdle: () => unended === 0,
  }
}

/** What a store of others throws at once fails like what it rejects with. */
function started(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}
