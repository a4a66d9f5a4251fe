import type { SluiceError } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'
import { reasonOf, storeFailed } from './failures.js'
import type { StoreHealth } from './ports.js'

/** One piece of work inside a transaction that it shares with others. */
export type Job = {
  /** Writes. Runs inside the transaction; throwing ends it for every job in it. */
  readonly apply: () => void
  /** The transaction is durable. */
  readonly committed: () => void
  /** Nothing of the transaction is durable. */
  readonly failed: (error: SluiceError) => void
}

/** What the queue does with the database. */
export type Transactions = {
  readonly begin: () => void
  readonly commit: () => void
  readonly rollback: () => void
}

export type GroupCommit = {
  readonly enqueue: (job: Job) => void
  /** Counts work that joined a queued job, so that a batch is not larger than asked for. */
  readonly grew: () => void
  /** Commits what is queued now. */
  readonly flush: () => void
  readonly health: () => StoreHealth
}

/** After a transaction the next waits so many times as long as one takes: a slow disk gets a fifth of the time … */
const pause = 4
/** … but no write waits longer than this for others, milliseconds. */
const longestPauseMs = 100

/**
 * Gathers writes into one transaction, because a transaction costs a disk flush however many rows it holds.
 * After a quiet spell the first write goes out at once; under load a transaction runs every `flushEveryMs`, less often
 * where transactions take long, or earlier when `maxBatch` writes wait. Jobs run and settle in the order they came.
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
  let cancelTimer: (() => void) | undefined
  let flushedAtMs = -Infinity
  /** What a transaction takes, on average: a clock of milliseconds tells it only over several. */
  let usualMs = 0
  let problem: string | undefined

  function grew(): void {
    waiting += 1
    if (waiting >= maxBatch) return flush()
    if (cancelTimer !== undefined) return
    const intervalMs = Math.max(flushEveryMs, Math.min(pause * usualMs, longestPauseMs))
    const dueMs = flushedAtMs + intervalMs - clock.now()
    // A clock that was set back must not hold writes up for longer than one interval.
    cancelTimer = clock.schedule(Math.min(Math.max(0, dueMs), intervalMs), flush)
  }

  function flush(): void {
    cancelTimer?.()
    cancelTimer = undefined
    const batch = queue
    queue = []
    waiting = 0
    if (batch.length === 0) return
    const startedAtMs = clock.now()
    const failure = transact(batch)
    flushedAtMs = clock.now()
    usualMs += (Math.max(0, flushedAtMs - startedAtMs) - usualMs) / 8
    problem = failure?.details
    for (const job of batch) {
      if (failure === undefined) job.committed()
      else job.failed(failure)
    }
  }

  function transact(batch: readonly Job[]): SluiceError | undefined {
    try {
      transactions.begin()
      for (const job of batch) job.apply()
      transactions.commit()
      return undefined
    } catch (cause) {
      const undone = undo()
      const details = `a transaction of ${batch.length} writes failed: ${reasonOf(cause)}${undone}`
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
    flush,
    health: () => ({ ok: problem === undefined, problem }),
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
