import type { Clock } from '@sluice/sdk/session'
import type { Memory } from '../edge/browser.ts'
import { dayOf } from '../money/time.ts'
import { createStore, type Store } from '../store.ts'
import { emptyLedger, recordSpending, spentOn, type Ledger } from './ledger.ts'
import {
  changeLimit,
  checkBudget,
  checkSpending,
  noLimits,
  ripen,
  takeBreak,
  type LimitName,
  type LimitReached,
  type LimitSettings,
} from './limits.ts'

/** Thrown before anything is signed. */
export class LimitError extends Error {
  readonly reached: LimitReached
  constructor(reached: LimitReached) {
    super(`limit ${reached.limit} reached`)
    this.reached = reached
  }
}

/** Holds a person's spending to what they decided when they were calm. */
export type Guard = {
  readonly settings: Pick<Store<LimitSettings>, 'get' | 'subscribe'>
  readonly change: (name: LimitName, value: bigint | undefined) => void
  readonly takeBreak: (forMs: number) => void
  /** Spent today on all streams of this origin, base units. */
  readonly today: () => bigint
  /**
   * Must be passed before a deposit is signed for.
   *
   * @throws LimitError when `amount` more is above a limit
   */
  readonly requireBudget: (stream: { readonly budget: bigint; readonly left: bigint }, amount: bigint) => void
  /** Must be passed before a tip is signed for; throws like {@link requireBudget}. */
  readonly requireTip: (spent: bigint, amount: bigint) => void
  /** Takes down what a channel has spent; what stands against going on, if anything. */
  readonly note: (reading: Reading) => LimitReached | undefined
  /** Whether a tip should be asked about once more. */
  readonly asksAbout: (tip: bigint) => boolean
}

type Reading = { readonly channelId: string; readonly spent: bigint; readonly since: bigint }

/**
 * @param parameters where limits are kept, and under which name: one for each token
 */
export function createGuard(parameters: {
  readonly memory: Memory
  readonly clock: Clock
  readonly name: string
}): Guard {
  const { memory, clock } = parameters
  const settingsName = `sluice.limits.${parameters.name}`
  const ledgerName = `sluice.spent.${parameters.name}`
  const settings = createStore<LimitSettings>({
    ...noLimits,
    ...(read(memory, settingsName) as LimitSettings | undefined),
  })

  function current(): LimitSettings {
    return ripen(settings.get(), clock.now())
  }

  function save(next: LimitSettings): void {
    settings.set(next)
    memory.write(settingsName, write(next))
  }

  // Other tabs write to the same ledger, so it is read each time.
  function ledger(): Ledger {
    return (read(memory, ledgerName) as Ledger | undefined) ?? emptyLedger
  }

  function today(): bigint {
    return spentOn(ledger(), dayOf(clock.now()))
  }

  function refuse(reached: LimitReached | undefined): void {
    if (reached !== undefined) throw new LimitError(reached)
  }

  return {
    settings,
    change: (name, value) => save(changeLimit(current(), name, value, clock.now())),
    takeBreak: (forMs) => save(takeBreak(current(), clock.now() + forMs)),
    today,
    requireBudget: ({ budget, left }, amount) => {
      const exposure = { today: today(), open: left, streamBudget: budget }
      refuse(checkBudget(current(), exposure, amount, clock.now()))
    },
    requireTip: (spent, amount) => {
      refuse(checkSpending(current(), { stream: spent + amount - 1n, today: today() + amount - 1n }))
    },
    note: (reading) => {
      const next = recordSpending(ledger(), dayOf(clock.now()), reading)
      memory.write(ledgerName, write(next))
      return checkSpending(current(), { stream: reading.spent, today: spentOn(next, next.day) })
    },
    asksAbout: (tip) => {
      const { askTipAbove } = current().limits
      return askTipAbove !== undefined && tip > askTipAbove
    },
  }
}

const bigintMark = 'n:'

function write(value: LimitSettings | Ledger): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${bigintMark}${part.toString()}` : part,
  )
}

/** Only this page writes here; what cannot be read counts as not there. */
function read(memory: Memory, name: string): unknown {
  const text = memory.read(name)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text, (_, part: unknown) =>
      typeof part === 'string' && /^n:\d+$/.test(part) ? BigInt(part.slice(bigintMark.length)) : part,
    ) as unknown
  } catch {
    return undefined
  }
}
