import { useEffect, useState, type ReactNode } from 'react'
import { parseAmount, zeroAddress } from '@sluice/sdk'
import type { RebuiltTournament } from '@sluice/sdk/tournament'
import { readAmount } from '../../money/amounts.ts'
import { useMoneyOf, usePageState, useTournamentPage } from '../context.ts'
import { nativeDecimals } from '../model/draft.ts'
import { useWords } from '../text/words.ts'

/** Adds to the prizes; how many confirmations it takes is said before. */
export function Sponsor({ known }: { readonly known: RebuiltTournament }): ReactNode {
  const words = useWords()
  const { config, model } = useTournamentPage()
  const { busy, quotes, wallet } = usePageState()
  const { token } = known.tournament
  const money = useMoneyOf(token)
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const decimals = token === zeroAddress ? nativeDecimals : config.token.decimals
  const read = readAmount(typed, decimals)
  const amount = read === undefined ? undefined : parseAmount(read, decimals)
  useEffect(() => {
    if (open && amount !== undefined) void model.quoteSponsor(amount)
    // What paying takes may change with the wallet.
  }, [open, amount, wallet?.address])
  const quote = quotes.sponsor?.amount === amount ? quotes.sponsor : undefined
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.verbs.sponsor}</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (amount !== undefined) void model.sponsorBy(amount).then(() => setTyped(''))
        }}
      >
        <label className="field">
          <span>{words.sponsorAmount(money.symbol)}</span>
          <input
            inputMode="decimal"
            autoComplete="off"
            value={typed}
            aria-invalid={typed !== '' && amount === undefined}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit" disabled={amount === undefined || busy !== undefined}>
          {amount === undefined ? words.verbs.sponsor : words.sponsorWith(money.token(amount, 6))}
        </button>
        <p className="fine">
          {words.outcomes.sponsor} {quote !== undefined && words.prompts(quote.plan.prompts)}
        </p>
      </form>
    </details>
  )
}
