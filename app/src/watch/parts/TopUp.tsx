import { parseAmount } from '@sluice/sdk'
import { useEffect, useState, type ReactNode } from 'react'
import { readAmount } from '../../money/amounts.ts'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useWatch, useWatchState } from '../context.ts'

/** Adds to the budget while the stream runs on. */
export function TopUp(): ReactNode {
  const text = useText()
  const money = useMoney()
  const act = useAct()
  const { config } = useWatch()
  const { busy, problem } = useWatchState()
  const [open, setOpen] = useState(false)
  const needed = problem?.kind === 'sluice' && problem.error.action === 'top-up'
  useEffect(() => {
    if (needed) setOpen(true)
  }, [needed])
  const { decimals } = config.token
  const [own, setOwn] = useState<string>()
  const typed = own ?? money.typed(parseAmount('1', decimals))
  const amount = readAmount(typed, decimals)
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.watch.topUp}</summary>
      <form
        className="row fields"
        onSubmit={(event) => {
          event.preventDefault()
          if (amount !== undefined) act((watch) => watch.topUp(amount))
        }}
      >
        <label className="field">
          <span>{text.watch.otherHint(config.token.symbol)}</span>
          <input
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            aria-invalid={amount === undefined}
            onChange={(event) => {
              setOwn(event.target.value)
            }}
          />
        </label>
        <button type="submit" disabled={amount === undefined || busy === 'topUp'}>
          {text.watch.topUp}
        </button>
      </form>
      <p className="fine" role="status">
        {busy === 'topUp' ? text.watch.topUpBusy : text.watch.topUpHint}
      </p>
    </details>
  )
}
