import { costOf, meteringUnits, unitsFor } from '@sluice/sdk/session'
import { formatAmount, parseAmount } from '@sluice/sdk'
import { useEffect, useState, type CSSProperties, type ReactNode } from 'react'
import { readAmount } from '../../money/amounts.ts'
import { clockTime } from '../../money/time.ts'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useWatch, useWatchState } from '../context.ts'

/** Minutes that the suggested budgets buy, and how high each stands in its vessel. */
const suggestions = [
  { minutes: 5, level: '16%' },
  { minutes: 15, level: '34%' },
  { minutes: 30, level: '58%' },
  { minutes: 60, level: '86%' },
] as const

/** Chooses a budget and says what it takes. */
export function Budget(): ReactNode {
  const text = useText()
  const money = useMoney()
  const act = useAct()
  const { config, offer } = useWatch()
  const { phase, quote } = useWatchState()
  const { decimals, symbol } = config.token
  const price = { amount: offer.price, unit: offer.unit, per: offer.per }
  const budgets = suggestions.map(({ minutes, level }) => {
    const amount = offer.unit === 'second' ? costOf(price, BigInt(minutes) * 60_000n) : offer.suggestedDeposit
    return { minutes, level, amount, value: formatAmount(amount, decimals) }
  })
  const [chosen, choose] = useState(budgets[1]?.value ?? '')
  const [own, setOwn] = useState('')
  const budget = own === '' ? chosen : readAmount(own, decimals)
  useEffect(() => {
    if (budget !== undefined && phase === 'ready') act((watch) => watch.quote(budget))
    // `act` is made anew each time; what counts is the budget.
  }, [budget, phase])
  const units = budget === undefined ? undefined : unitsFor(price, parseAmount(budget, decimals))
  const seconds = units === undefined ? undefined : Number(units / meteringUnits(offer.unit))
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (budget !== undefined) act((watch) => watch.open(budget))
      }}
    >
      <h2>{text.watch.budget}</h2>
      <p className="fine">{text.watch.budgetHint}</p>
      <fieldset className="vessels">
        <legend className="hidden">{text.watch.budget}</legend>
        {budgets.map(({ minutes, level, amount, value }) => (
          <label key={minutes}>
            <input
              className="hidden"
              type="radio"
              name="budget"
              value={value}
              checked={own === '' && chosen === value}
              onChange={() => {
                choose(value)
                setOwn('')
              }}
            />
            <span className="vessel" style={{ '--level': level } as CSSProperties} />
            <span className="minutes">{text.watch.minutes(minutes)}</span>
            <span className="figures">{money.token(amount)}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>
          {text.watch.other} {text.watch.otherHint(symbol)}
        </span>
        <input
          inputMode="decimal"
          autoComplete="off"
          value={own}
          aria-invalid={budget === undefined}
          onChange={(event) => {
            setOwn(event.target.value)
          }}
        />
      </label>
      <p className="fine" role="status">
        {budget === undefined
          ? text.watch.invalidAmount
          : seconds !== undefined && text.watch.buys(clockTime(seconds))}
        {' · '}
        {text.watch.comesBack}
      </p>
      <button type="submit" className="main" disabled={budget === undefined || quote === undefined}>
        {text.watch.start}
      </button>
      <Prompts />
    </form>
  )
}

/** How often the wallet will ask. */
function Prompts(): ReactNode {
  const text = useText()
  const { quote } = useWatchState()
  if (quote === undefined) return null
  const { prompts } = quote.plan
  return (
    <p className="fine">
      {prompts === 0 && text.watch.promptsZero}
      {prompts === 1 && text.watch.promptsOne}
      {prompts > 1 && text.watch.prompts(prompts)}
    </p>
  )
}
