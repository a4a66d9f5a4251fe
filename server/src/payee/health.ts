import { SluiceError } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'
import type { ChainReader } from '../chain/reader.js'
import type { Watcher } from '../chain/watcher.js'
import type { Settler } from '../settlement/settler.js'
import { redact } from '../log.js'
import { reasonOf } from '../store/failures.js'
import type { ServerStore } from '../store/ports.js'
import type { HealthReport } from './payee.js'
import { within } from './timeLimit.js'

export type HealthParameters = {
  readonly store: ServerStore
  readonly chain: ChainReader
  readonly watcher: Watcher
  readonly settler: Settler
  readonly clock: Clock
}

/** How long a part may take to answer, milliseconds. */
const patienceMs = 3_000
/** For how long a report is given again, so that many who ask cost no more than one. Milliseconds. */
const freshMs = 1_000
/** How far the watcher may be behind, milliseconds. */
const longestLagMs = 30_000

/** Asks every part whether it works. Never rejects. */
export function createHealth(parameters: HealthParameters): () => Promise<HealthReport> {
  const { clock } = parameters
  let last: { readonly atMs: number; readonly report: Promise<HealthReport> } | undefined
  return () => {
    if (last === undefined || clock.now() - last.atMs >= freshMs) {
      last = { atMs: clock.now(), report: examine(parameters) }
    }
    return last.report
  }
}

async function examine(parameters: HealthParameters): Promise<HealthReport> {
  const [store, rpc] = await Promise.all([storeHealth(parameters), rpcHealth(parameters)])
  const watcher = watcherHealth(parameters)
  const { underWay, deadlines, problem } = parameters.settler.status()
  const [nearest] = deadlines
  const settlement = {
    ok: problem === undefined,
    pending: underWay.length,
    ...(nearest === undefined ? {} : { nearestDeadline: nearest.withdrawableAt }),
    ...(problem === undefined ? {} : { problem: String(redact(problem)) }),
  }
  return { ok: store.ok && rpc.ok && watcher.ok, store, rpc, watcher, settlement }
}

/** Writes, because a store that can only be read takes no voucher. */
async function storeHealth({ store, clock }: HealthParameters): Promise<HealthReport['store']> {
  try {
    const wrote = store.meta.set('health', String(clock.now())).then(() => true)
    if ((await within(clock, patienceMs, wrote)) === undefined) {
      return { ok: false, problem: `no write in ${patienceMs} ms` }
    }
    return { ok: true }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

async function rpcHealth({ chain, clock }: HealthParameters): Promise<HealthReport['rpc']> {
  try {
    const head = await within(clock, patienceMs, chain.head())
    if (head === undefined) return { ok: false, problem: `no answer in ${patienceMs} ms` }
    return { ok: true, block: head.number.toString() }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

function watcherHealth({ watcher, clock }: HealthParameters): HealthReport['watcher'] {
  const { lookedAtMs, problem } = watcher.health()
  const lagMs = lookedAtMs === undefined ? undefined : clock.now() - lookedAtMs
  return {
    ok: lagMs !== undefined && lagMs <= longestLagMs,
    ...(lagMs === undefined ? {} : { lagSeconds: lagMs / 1000 }),
    ...(problem === undefined ? {} : { problem: String(redact(problem)) }),
  }
}

/** For the operator, who may publish it: without the paths of nodes. */
function problemOf(error: unknown): string {
  const details = error instanceof SluiceError ? error.details : undefined
  return String(redact(details ?? reasonOf(error)))
}
