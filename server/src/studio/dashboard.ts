import type { Clock } from '@sluice/sdk/session'
import type { Payee } from '../payee/payee.js'
import type { Estimate } from '../settlement/estimate.js'
import type { StageStatus } from '../stage/stage.js'
import type { Income } from './income.js'
import type { Settings } from './settings.js'
import type { ShownTip, TipBoard } from './tips.js'

/** What the studio's page shows. Amounts are base units, written as text in JSON. */
export type Snapshot = {
  readonly stream: Pick<
    Payee['offer'],
    | 'title'
    | 'price'
    | 'unit'
    | 'per'
    | 'token'
    | 'symbol'
    | 'decimals'
    | 'payee'
    | 'operator'
    | 'chainId'
    | 'contract'
  >
  /** Whether somebody publishes; null: this payee has no stage. */
  readonly live: boolean | null
  /** Connections that were proven to pay. */
  readonly viewers: number
  /** Of these, whose gate is open. */
  readonly paying: number
  readonly money: {
    readonly earned: bigint
    readonly settled: bigint
    readonly unsettled: bigint
    readonly tipped: bigint
  }
  /** What settling all would take; null: not known yet, or the chain does not answer. */
  readonly settling:
    (Pick<Estimate, 'channels' | 'gas' | 'cost' | 'balance'> & { readonly worth: bigint | null }) | null
  /** Settlement transactions that are in no block yet. */
  readonly underWay: number
  readonly tips: readonly ShownTip[]
  readonly goal: { readonly title: string; readonly target: bigint; readonly reached: bigint } | null
}

export type Dashboard = {
  readonly snapshot: () => Snapshot
  /** Listens to changes; the returned function ends that. */
  readonly watch: (listener: (snapshot: Snapshot) => void) => () => void
  /** Something happened that is to be seen at once. */
  readonly poke: () => void
  readonly stop: () => void
}

const shownTips = 50
/** How often the money is looked at while somebody watches, and while nobody does, milliseconds. */
const watchedMs = 1_000
const unwatchedMs = 10_000
/** How often the chain is asked what gas costs while somebody watches, milliseconds. */
const estimateMs = 10_000

export type DashboardParameters = {
  readonly payee: Pick<Payee, 'offer' | 'hub' | 'settler'>
  readonly income: Income
  readonly tips: TipBoard
  readonly settings: Settings
  readonly stageStatus: () => StageStatus | undefined
  readonly clock: Clock
  readonly onFault: (error: unknown) => void
}

/** Gathers what the studio shows and tells those who watch. */
export function createDashboard(parameters: DashboardParameters): Dashboard {
  const { payee, income, tips, settings, stageStatus, clock, onFault } = parameters
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let estimate: Estimate | undefined
  let estimatedAtMs = -Infinity
  let told = ''
  let stopped = false
  let looking = false
  let cancel = clock.schedule(0, look)

  function snapshot(): Snapshot {
    const { offer } = payee
    const sessions = payee.hub.sessions()
    const goal = settings.goal()
    const { title, price, unit, per, token, symbol, decimals, operator, chainId, contract } = offer
    return {
      stream: {
        title,
        price,
        unit,
        per,
        token,
        symbol,
        decimals,
        payee: offer.payee,
        operator,
        chainId,
        contract,
      },
      live: stageStatus()?.live ?? null,
      viewers: sessions.length,
      paying: sessions.filter(({ channel }) => channel.state().phase === 'paid').length,
      money: income.totals(token),
      settling: estimate === undefined ? null : settlingOf(estimate),
      underWay: payee.settler.status().underWay.filter(({ inclusion }) => inclusion === undefined).length,
      tips: tips.recent(token).slice(0, shownTips),
      goal:
        goal === undefined
          ? null
          : { title: goal.title, target: goal.target, reached: tips.sumSince(token, goal.sinceMs) },
    }
  }

  function settlingOf({ channels, gas, cost, balance, gains }: Estimate): Snapshot['settling'] {
    const worth = gains.find(({ token }) => token === payee.offer.token)?.worth
    return { channels, gas, cost, balance, worth: worth ?? null }
  }

  function tell(): void {
    const now = snapshot()
    const text = asText(now)
    if (text === told) return
    told = text
    for (const listener of [...listeners]) listener(now)
  }

  function look(): void {
    cancel()
    if (looking || stopped) return
    looking = true
    refresh()
      .catch(onFault)
      .finally(() => {
        looking = false
        if (!stopped) cancel = clock.schedule(listeners.size > 0 ? watchedMs : unwatchedMs, look)
      })
  }

  async function refresh(): Promise<void> {
    await income.refresh(payee.offer.token)
    if (listeners.size === 0) return
    if (clock.now() - estimatedAtMs >= estimateMs) {
      estimatedAtMs = clock.now()
      // Asked beside: a slow node must not hold up what needs no chain.
      payee.settler
        .estimate()
        .then((found) => (estimate = found))
        .then(tell)
        .catch((error: unknown) => {
          estimate = undefined
          onFault(error)
        })
    }
    tell()
  }

  return {
    snapshot,
    watch: (listener) => {
      listeners.add(listener)
      look()
      return () => void listeners.delete(listener)
    },
    poke: () => {
      estimatedAtMs = -Infinity
      look()
    },
    stop: () => {
      stopped = true
      cancel()
    },
  }
}

/** As JSON, amounts as text. */
export function asText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each))
}

/** What JSON can hold of a value: amounts as text. */
export function asJson(value: object): object {
  return JSON.parse(asText(value)) as object
}
