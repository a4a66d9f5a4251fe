import { z } from 'zod'
import type { Address, Hex } from '@sluice/sdk'
import type { Clock, PayeeRecord } from '@sluice/sdk/session'
import type { ServerStore } from '../store/ports.js'

/** What was earned in one token, base units. `earned` is `settled` and `unsettled` together. */
export type Totals = {
  readonly earned: bigint
  /** Paid out by the chain. */
  readonly settled: bigint
  /** Delivered and covered by vouchers, not on the chain yet. */
  readonly unsettled: bigint
  /** Part of `earned`. */
  readonly tipped: bigint
}

/** What came in within one step of a chart. */
export type IncomePoint = {
  /** Where the step begins, milliseconds since 1970. */
  readonly atMs: number
  readonly earned: bigint
  readonly tipped: bigint
}

export type Income = {
  /** Reads the channels anew and books what was earned since, in the token that is asked for now and all others. */
  readonly refresh: (current: Address) => Promise<void>
  readonly totals: (token: Address) => Totals
  /**
   * What came in, oldest first; steps in which nothing did are left out.
   *
   * @param sinceMs milliseconds since 1970
   * @param stepMs whole minutes
   */
  readonly history: (token: Address, sinceMs: number, stepMs: number) => Promise<readonly IncomePoint[]>
}

type Line = Totals & { readonly token: Address; readonly closed: boolean }

const amount = z.string().transform((text) => BigInt(text))
/**
 * What had come in all in all, at the beginning and at the end of a minute. As it holds the whole, a minute that a crash
 * kept from being written is booked on the next: nothing is lost, and nothing counts twice.
 */
const minute = z.object({ before: amount, earned: amount, tippedBefore: amount, tipped: amount })
type Minute = z.infer<typeof minute>

const nothing: Totals = { earned: 0n, settled: 0n, unsettled: 0n, tipped: 0n }

/** Takes up what a store holds. The store's channels are the authority on what was earned, this only on when. */
export async function openIncome(
  store: Pick<ServerStore, 'list' | 'listAll' | 'load' | 'documents'>,
  clock: Clock,
): Promise<Income> {
  const lines = new Map<Hex, Line>()
  const last = new Map<Address, { readonly id: string; readonly minute: Minute }>()
  for (const record of await store.listAll()) lines.set(record.channelId, lineOf(record))

  function totals(token: Address): Totals {
    const found = [...lines.values()].filter((line) => line.token === token)
    return found.reduce<Totals>(
      (sum, line) => ({
        earned: sum.earned + line.earned,
        settled: sum.settled + line.settled,
        unsettled: sum.unsettled + line.unsettled,
        tipped: sum.tipped + line.tipped,
      }),
      nothing,
    )
  }

  async function newest(token: Address) {
    const known = last.get(token)
    if (known !== undefined) return known
    const [found] = await store.documents.list(kindOf(token), { newest: 1 })
    return found === undefined ? undefined : { id: found.id, minute: minute.parse(JSON.parse(found.text)) }
  }

  async function book(token: Address): Promise<void> {
    const { earned, tipped } = totals(token)
    const before = await newest(token)
    const id = minuteOf(clock.now())
    if (before !== undefined && before.minute.earned >= earned) return
    const entry: Minute =
      before === undefined
        ? // What was earned before anybody wrote down when is no income of this minute.
          { before: earned, earned, tippedBefore: tipped, tipped }
        : before.id === id
          ? { ...before.minute, earned, tipped }
          : { before: before.minute.earned, earned, tippedBefore: before.minute.tipped, tipped }
    await store.documents.put(kindOf(token), id, toText(entry))
    last.set(token, { id, minute: entry })
  }

  async function refresh(current: Address): Promise<void> {
    const open = await store.list()
    const seen = new Set(open.map(({ channelId }) => channelId))
    for (const record of open) lines.set(record.channelId, lineOf(record))
    for (const [channelId, line] of lines) {
      if (line.closed || seen.has(channelId)) continue
      const record = await store.load(channelId)
      if (record !== undefined) lines.set(channelId, lineOf(record))
    }
    for (const token of new Set([current, ...[...lines.values()].map((line) => line.token)]))
      await book(token)
  }

  return {
    refresh,
    totals,
    async history(token, sinceMs, stepMs) {
      const found = await store.documents.list(kindOf(token), { from: minuteOf(sinceMs) })
      const points = new Map<number, IncomePoint>()
      for (const { id, text } of found) {
        const { before, earned, tippedBefore, tipped } = minute.parse(JSON.parse(text))
        const atMs = Math.floor(Date.parse(`${id}Z`) / stepMs) * stepMs
        const point = points.get(atMs) ?? { atMs, earned: 0n, tipped: 0n }
        points.set(atMs, {
          atMs,
          earned: point.earned + earned - before,
          tipped: point.tipped + tipped - tippedBefore,
        })
      }
      return [...points.values()].filter((point) => point.earned > 0n)
    },
  }
}

function lineOf({ channel, spent, accepted, claimed, tipped, consent, closed }: PayeeRecord): Line {
  const due = consent?.capturedAmount ?? (spent < accepted ? spent : accepted)
  const unsettled = closed || due <= claimed ? 0n : due - claimed
  return { token: channel.token, closed, earned: claimed + unsettled, settled: claimed, unsettled, tipped }
}

function kindOf(token: Address): string {
  return `studio:income:${token}`
}

/** Such as `2027-01-15T08:30`: sorts as time does. */
function minuteOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 16)
}

function toText(entry: Minute): string {
  return JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}
