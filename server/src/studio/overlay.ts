import type { Payee } from '../payee/payee.js'
import { asJson } from './dashboard.js'
import type { Send } from './eventStreams.js'
import type { Settings } from './settings.js'
import type { ShownTip, TipBoard } from './tips.js'

/** What an overlay is told. Only tips that were verified and stored come this far, and test alerts, which say so. */
export type OverlayFeed = {
  /** Tells one overlay everything, and then what changes; the returned function ends that. */
  readonly begin: (send: Send) => () => void
  /** Shows every overlay what an alert looks like. */
  readonly test: () => void
  /** Tells what stands on the overlays anew, as after the goal was set. */
  readonly refresh: () => void
  readonly stop: () => void
}

/** Tips that an overlay lists. */
const recents = 10

/** @param parameters where tips and the goal come from */
export function createOverlayFeed(parameters: {
  readonly payee: Pick<Payee, 'offer'>
  readonly tips: TipBoard
  readonly settings: Settings
}): OverlayFeed {
  const { payee, tips, settings } = parameters
  const overlays = new Set<Send>()
  let tests = 0

  function board(): object {
    const { token, symbol, decimals } = payee.offer
    const goal = settings.goal()
    return asJson({
      symbol,
      decimals,
      recents: tips
        .recent(token)
        .filter(({ hidden }) => !hidden)
        .slice(0, recents)
        .map(alertOf),
      goal:
        goal === undefined
          ? null
          : { title: goal.title, target: goal.target, reached: tips.sumSince(token, goal.sinceMs) },
    })
  }

  function send(name: string, data: object): void {
    for (const overlay of [...overlays]) overlay(name, data)
  }

  function refresh(): void {
    send('board', board())
  }

  const unlisten = tips.on(({ type, tip }) => {
    if (type === 'hidden') send('hide', { key: tip.key })
    if ((type === 'tip' || type === 'replay') && !tip.hidden && tip.token === payee.offer.token) {
      send('alert', asJson({ ...alertOf(tip), kind: type }))
    }
    refresh()
  })

  return {
    begin: (overlay) => {
      overlays.add(overlay)
      overlay('board', board())
      return () => void overlays.delete(overlay)
    },
    test: () => {
      tests += 1
      const amount = (10n ** BigInt(payee.offer.decimals)).toString()
      send('alert', { key: `test-${tests}`, amount, message: '', kind: 'test' })
    },
    refresh,
    stop: unlisten,
  }
}

function alertOf({ key, amount, message, atMs }: ShownTip) {
  return { key, amount, message, atMs }
}
