import { parseAmount } from '@sluice/sdk'
import { useState, type CSSProperties, type ReactNode } from 'react'
import { readAmount } from '../../money/amounts.ts'
import { useAct, useMoney, useStudioText } from '../context.ts'
import type { Snapshot } from '../model/api.ts'

const longestTitle = 80

/** What tips are collected for. */
export function Goal({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const text = useStudioText()
  const act = useAct()
  const money = useMoney(snapshot.stream)
  const { decimals, symbol } = snapshot.stream
  const [title, setTitle] = useState('')
  const [typed, setTyped] = useState('')
  const amount = readAmount(typed, decimals)
  const { goal } = snapshot
  if (goal !== null) {
    const percent = goal.reached >= goal.target ? 100n : (goal.reached * 100n) / goal.target
    return (
      <section className="card" aria-labelledby="goal">
        <h2 id="goal">{text.goal}</h2>
        <p>
          {goal.title} ·{' '}
          <span className="figures">{text.of(money.token(goal.reached), money.token(goal.target))}</span>
        </p>
        <div
          className="studio-locks"
          role="progressbar"
          aria-label={goal.title}
          aria-valuenow={Number(percent)}
          style={{ '--settled': `${String(percent)}%` } as CSSProperties}
        >
          <span />
        </div>
        <div className="row">
          <button type="button" onClick={() => act((studio) => studio.endGoal())}>
            {text.endGoal}
          </button>
        </div>
      </section>
    )
  }
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault()
        if (amount !== undefined) act((studio) => studio.setGoal(title, parseAmount(amount, decimals)))
      }}
    >
      <h2>{text.goal}</h2>
      <div className="row fields">
        <label className="field">
          <span>{text.goalTitle}</span>
          <input
            required
            maxLength={longestTitle}
            value={title}
            onChange={(event) => {
              setTitle(event.target.value)
            }}
          />
        </label>
        <label className="field">
          <span>
            {text.goalTarget} · {symbol}
          </span>
          <input
            required
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
            }}
          />
        </label>
      </div>
      <div className="row">
        <button type="submit" disabled={title.trim() === '' || amount === undefined}>
          {text.setGoal}
        </button>
      </div>
    </form>
  )
}
