import type { Address, Hex } from '@sluice/sdk'
import type { StoredTip } from '@sluice/sdk/session'
import type { Payee } from '../payee/payee.js'
import type { ServerStore } from '../store/ports.js'
import { conflict, notFound } from './refusals.js'

/** A tip that was verified and is durable, as the studio shows it. */
export type ShownTip = StoredTip & {
  /** Names it in requests. */
  readonly key: string
  readonly token: Address
  /** Whether the streamer took it off the overlays. */
  readonly hidden: boolean
}

export type TipEvent =
  | { readonly type: 'tip' | 'replay'; readonly tip: ShownTip }
  | { readonly type: 'hidden' | 'shown'; readonly tip: ShownTip }

/** The tips of a stream, newest first, and what the streamer did with them. */
export type TipBoard = {
  /** The newest ones in a token. */
  readonly recent: (token: Address) => readonly ShownTip[]
  /** Sum of those in a token since a time in milliseconds, hidden ones too. */
  readonly sumSince: (token: Address, sinceMs: number) => bigint
  /** @throws Refused when there is none of this key */
  readonly setHidden: (key: string, hidden: boolean) => Promise<void>
  /** @throws Refused when there is none of this key, or it is hidden */
  readonly replay: (key: string) => void
  /** Listens; the returned function ends that. */
  readonly on: (listener: (event: TipEvent) => void) => () => void
  readonly stop: () => void
}

const hiddenKind = 'studio:hidden-tip'
/** Tips that can be shown again; older ones only count. */
const mostKept = 500

/**
 * Takes up the tips of a payee's store, and those that come.
 *
 * @param onFault told when a tip could not be looked up
 */
export async function openTipBoard(
  payee: Pick<Payee, 'on' | 'store'>,
  onFault: (error: unknown) => void,
): Promise<TipBoard> {
  const { store } = payee
  const listeners = new Set<(event: TipEvent) => void>()
  const hiddenKeys = new Set((await store.documents.list(hiddenKind)).map(({ id }) => id))
  const early: StoredTip[] = []
  let take = (tip: StoredTip): void => void early.push(tip)
  // Listened to before the store is read, so that none falls in between.
  const stop = payee.on('tip', (tip) => {
    take(tip)
  })
  /** Oldest first. */
  let kept = (await readAll(store)).map(shown)
  /** What the kept ones do not hold any more. */
  const older: { readonly token: Address; readonly atMs: number; readonly amount: bigint }[] = []
  forgetOld()

  function shown(tip: StoredTip & { readonly token: Address }): ShownTip {
    const key = keyOf(tip)
    return { ...tip, key, hidden: hiddenKeys.has(key) }
  }

  function forgetOld(): void {
    older.push(...kept.slice(0, Math.max(0, kept.length - mostKept)))
    kept = kept.slice(-mostKept)
  }

  async function add(tip: StoredTip): Promise<void> {
    const record = await store.load(tip.channelId)
    const key = keyOf(tip)
    if (record === undefined || kept.some((each) => each.key === key)) return
    const added = shown({ ...tip, token: record.channel.token })
    kept.push(added)
    forgetOld()
    emit({ type: 'tip', tip: added })
  }

  function emit(event: TipEvent): void {
    for (const listener of [...listeners]) listener(event)
  }

  function find(key: string): ShownTip {
    const tip = kept.find((each) => each.key === key)
    if (tip !== undefined) return tip
    throw notFound('There is no such tip.', `tip ${key.slice(0, 100)} is not among the last ${mostKept}`)
  }

  take = (tip) => {
    add(tip).catch(onFault)
  }
  for (const tip of early.splice(0)) take(tip)

  return {
    recent: (token) => kept.filter((tip) => tip.token === token).reverse(),
    sumSince: (token, sinceMs) =>
      [...older, ...kept]
        .filter((tip) => tip.token === token && tip.atMs >= sinceMs)
        .reduce((sum, { amount }) => sum + amount, 0n),
    async setHidden(key, hidden) {
      find(key)
      if (hidden) await store.documents.put(hiddenKind, key, '{}')
      else await store.documents.delete(hiddenKind, key)
      if (hidden) hiddenKeys.add(key)
      else hiddenKeys.delete(key)
      const tip = { ...find(key), hidden }
      kept = kept.map((each) => (each.key === key ? tip : each))
      emit({ type: hidden ? 'hidden' : 'shown', tip })
    },
    replay(key) {
      const tip = find(key)
      if (tip.hidden) throw conflict('This tip is hidden. Show it first.', `tip ${key} is hidden`)
      emit({ type: 'replay', tip })
    },
    on: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop,
  }
}

async function readAll(store: ServerStore): Promise<(StoredTip & { readonly token: Address })[]> {
  const tipped = (await store.listAll()).filter((record) => record.tipped > 0n)
  const tips: (StoredTip & { readonly token: Address })[] = []
  for (const { channelId, channel } of tipped) {
    for (const tip of await store.tips(channelId)) tips.push({ ...tip, token: channel.token })
  }
  return tips.sort((a, b) => a.atMs - b.atMs)
}

/** A payer chooses the id of a tip, so that it is unique within a channel only, and may hold anything. */
function keyOf({ channelId, id }: { readonly channelId: Hex; readonly id: string }): string {
  return `${channelId.slice(2)}-${Buffer.from(id).toString('hex')}`
}
