import type { SluiceError } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'
import { reasonOf, storeFailed, throwLater } from './failures.js'
import type { StoreHealth } from './ports.js'

/** One piece of work inside a transaction that it shares with others. */
export type Job = {
  /** Writes. Runs inside the transaction; throwing ends it for every job in it. */
  readonly apply: () => void
  /** The transaction is durable. */
  readonly committed: () => void
  /** The transaction was undone, or whether the disk has it is not known. */
  readonly failed: (error: SluiceError) => void
}

/** What the queue does with the database. */
export type Transactions = {
  readonly begin: () => void
  readonly commit: () => void
  readonly rollback: () => void
  /** Makes durable what was committed before the call, without holding this thread up. Left out: commits are durable. */
  readonly sync?: (() => Promise<void>) | undefined
}

export type GroupCommit = {
  readonly enqueue: (job: Job) => void
  /** Counts work that joined a queued job, so that a batch is not larger than asked for. */
  readonly grew: () => void
  /** Counts the transactions begun: jobs that are queued under one number share a transaction. */
  readonly begun: () => number
  /** Commits what is queued now. Resolves when it, and what was committed before it, is durable or has failed. */
  readonly flush: () => Promise<void>
  /** Resolves when what is committed by now is durable or has failed; what is queued goes on waiting. */
  readonly settled: () => Promise<void>
  readonly health: () => StoreHealth
}

/** After a transaction the next waits so many times as long as one takes: a slow disk gets a fifth of the time … */
const pause = 4
/** … but no write waits longer than this for others, milliseconds. */
const longestPauseMs = 100

/** The jobs of one transaction, which wait for the disk. */
type Batch = {
  readonly jobs: readonly Job[]
  readonly failure: SluiceError | undefined
  /** Resolves what `flush` and `settled` gave. */
  readonly settled: () => void
}

/**
 * Gathers writes into one transaction, because a transaction costs a disk flush however many rows it holds.
 * After a quiet spell the first write goes out at once; under load a transaction runs every `flushEveryMs`, less often
 * where transactions take long, or earlier when `maxBatch` writes wait. Jobs run and settle in the order they came.
 *
 * While the disk is flushed for some transactions others may be made; the next flush is for all of those. After a flush
 * that failed nobody knows what the disk holds, not even the next flush: nothing is promised any more.
 */
export function createGroupCommit(parameters: {
  readonly transactions: Transactions
  readonly clock: Clock
  readonly flushEveryMs: number
  readonly maxBatch: number
}): GroupCommit {
  const { transactions, clock, flushEveryMs, maxBatch } = parameters
  let queue: Job[] = []
  let waiting = 0
  let begun = 0
  let cancelTimer: (() => void) | undefined
  let flushedAtMs = -Infinity
  /** What a transaction takes, on average: a clock of milliseconds tells it only over several. */
  let usualMs = 0
  let problem: string | undefined
  /** Transactions for which no flush of the disk has begun. */
  let committed: Batch[] = []
  /** A flush of the disk is under way, or those who waited for one are being told. */
  let isSettling = false
  let latest = Promise.resolve()
  let broken: SluiceError | undefined

  function grew(): void {
    waiting += 1
    if (waiting >= maxBatch) return transact()
    if (cancelTimer !== undefined) return
    const intervalMs = Math.max(flushEveryMs, Math.min(pause * usualMs, longestPauseMs))
    const dueMs = flushedAtMs + intervalMs - clock.now()
    // A clock that was set back must not hold writes up for longer than one interval.
    cancelTimer = clock.schedule(Math.min(Math.max(0, dueMs), intervalMs), transact)
  }

  function transact(): void {
    cancelTimer?.()
    cancelTimer = undefined
    const jobs = queue
    queue = []
    waiting = 0
    if (jobs.length === 0) return
    begun += 1
    const startedAtMs = clock.now()
    const failure = broken ?? write(jobs)
    flushedAtMs = clock.now()
    usualMs += (Math.max(0, flushedAtMs - startedAtMs) - usualMs) / 8
    problem = failure?.details
    latest = new Promise((settled) => {
      committed.push({ jobs, failure, settled })
    })
    settleNext()
  }

  /** Settles what is committed once the disk has it. One flush at a time: what is committed meanwhile shares the next. */
  function settleNext(): void {
    if (isSettling || committed.length === 0) return
    const batches = committed
    committed = []
    isSettling = true
    const isNothingLeft = broken !== undefined || batches.every(({ failure }) => failure !== undefined)
    if (transactions.sync === undefined || isNothingLeft) {
      settle(batches)
      return
    }
    void transactions
      .sync()
      .catch((cause: unknown) => {
        const details = `the disk did not take a transaction: ${reasonOf(cause)}`
        broken = storeFailed(details, { cause, message: 'The disk failed. Look after it, then start again.' })
        problem = details
      })
      .then(() => {
        settle(batches)
      })
  }

  function settle(batches: readonly Batch[]): void {
    for (const { jobs, failure = broken, settled } of batches) {
      for (const job of jobs) tell(job, failure)
      settled()
    }
    isSettling = false
    settleNext()
  }

  function write(jobs: readonly Job[]): SluiceError | undefined {
    try {
      transactions.begin()
      for (const job of jobs) job.apply()
      transactions.commit()
      return undefined
    } catch (cause) {
      const undone = undo()
      const details = `a transaction of ${jobs.length} writes failed: ${reasonOf(cause)}${undone}`
      return storeFailed(details, { retryable: true, cause })
    }
  }

  function undo(): string {
    try {
      transactions.rollback()
      return ''
    } catch (error) {
      return `; undoing it failed too: ${reasonOf(error)}`
    }
  }

  return {
    enqueue(job) {
      queue.push(job)
      grew()
    },
    grew,
    begun: () => begun,
    flush: () => {
      transact()
      return latest
    },
    settled: () => latest,
    health: () => ({ ok: problem === undefined, problem }),
  }
}

function tell(job: Job, failure: SluiceError | undefined): void {
  try {
    if (failure === undefined) job.committed()
    else job.failed(failure)
  } catch (error) {
    throwLater(error)
  }
}

/**
 * A job that gives a value back.
 *
 * @param run writes inside the transaction. What it returns is handed over once durable; a refusal it returns rejects
 * this job alone.
 */
export function enqueueWrite<Value>(
  commits: GroupCommit,
  run: () => { readonly value: Value } | { readonly refusal: SluiceError },
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let settle = (): void => undefined
    commits.enqueue({
      apply() {
        const outcome = run()
        settle = 'refusal' in outcome ? () => reject(outcome.refusal) : () => resolve(outcome.value)
      },
      committed: () => settle(),
      failed: reject,
    })
  })
}
