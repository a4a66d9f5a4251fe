import { shortAmount } from './amount.ts'
import type { Alert, Board } from './events.ts'
import type { OverlayStyle } from './style.ts'
import { words } from './words.ts'

/** What stands on the page. All text goes in as text: a message is never read as markup. */
export type OverlayView = {
  readonly alert: (alert: Alert | undefined) => void
  readonly board: (board: Board) => void
  /** Something the streamer must know; undefined: nothing. */
  readonly say: (problem: 'noSecret' | 'refused' | undefined) => void
}

function element(name: string, className: string, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.append(...content)
  return made
}

/** @param root of the page */
export function createView(root: HTMLElement, style: OverlayStyle): OverlayView {
  const text = words[style.language]
  let token = { symbol: '', decimals: 0 }
  const alerts = element('div', 'alerts')
  const goal = element('div', 'goal')
  const recents = element('div', 'recents')
  const notice = element('p', 'notice')
  alerts.setAttribute('role', 'status')
  for (const part of [alerts, goal, recents, notice]) part.hidden = true
  root.append(element('h1', 'title', text.title), recents, goal, alerts, notice)
  document.documentElement.lang = style.language
  root.dataset['position'] = style.position
  root.dataset['still'] = String(style.still)
  for (const [name, value] of Object.entries({
    '--size': `${String(style.size)}px`,
    '--accent': style.accent,
    '--text': style.text,
    '--panel': style.panel,
  })) {
    root.style.setProperty(name, value)
  }

  const written = (amount: bigint): string => shortAmount(style.language, amount, token)

  return {
    alert: (alert) => {
      alerts.hidden = alert === undefined || !style.parts.alerts
      if (alert === undefined) return
      const amount = written(alert.amount)
      const isTest = alert.kind === 'test'
      const message = isTest ? text.testMessage : alert.message
      const card = element(
        'div',
        'alert',
        element('strong', '', isTest ? text.test(amount) : text.tip(amount)),
      )
      card.dataset['kind'] = alert.kind
      if (message !== '') card.append(element('p', '', message))
      alerts.replaceChildren(card)
    },
    board: (board) => {
      token = board
      goal.hidden = board.goal === null || !style.parts.goal
      if (board.goal !== null) {
        const { title, target, reached } = board.goal
        const percent = Number((reached * 100n) / target)
        const bar = element('div', 'bar', element('div', 'bar-water'))
        bar.setAttribute('role', 'progressbar')
        bar.setAttribute('aria-label', title)
        bar.setAttribute('aria-valuenow', String(Math.min(100, percent)))
        bar.style.setProperty('--level', `${String(Math.min(100, percent))}%`)
        const head = element('p', 'goal-head', element('span', '', title))
        head.append(element('span', 'figures', text.goal(written(reached), written(target))))
        goal.replaceChildren(head, bar)
      }
      const shown = board.recents.slice(0, style.parts.recents)
      recents.hidden = shown.length === 0
      const list = element('ul', '')
      for (const { amount, message } of shown) {
        list.append(element('li', '', element('strong', '', written(amount)), ' ', message))
      }
      recents.replaceChildren(element('p', 'recents-head', text.recents), list)
    },
    say: (problem) => {
      notice.hidden = problem === undefined
      notice.textContent = problem === undefined ? '' : text[problem]
    },
  }
}
