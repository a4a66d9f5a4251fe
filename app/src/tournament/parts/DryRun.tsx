import type { ReactNode } from 'react'
import { zeroAddress } from '@sluice/sdk'
import type { Tournament } from '@sluice/sdk/tournament'
import { useMoneyOf, usePageState } from '../context.ts'
import { outlookOf } from '../model/draft.ts'
import { useWords } from '../text/words.ts'

/** What terms come to: prizes, shares, and what opening the tournament takes of the host. */
export function DryRun({ terms }: { readonly terms: Tournament }): ReactNode {
  const words = useWords()
  const money = useMoneyOf(terms.token)
  const coin = useMoneyOf(zeroAddress)
  const own = usePageState().quotes.create
  const { minimumPlayers, maximumPlayers } = terms
  const fields = [...new Set([minimumPlayers, Math.min(maximumPlayers, 10_000)])]
  return (
    <>
      <p className="fine">{words.dryRunHow}</p>
      {fields.map((players) => {
        const { pool, rake, prizes } = outlookOf(terms, players)
        return (
          <div key={players} className="stack">
            <h3>{words.withPlayers(players)}</h3>
            <dl className="facts">
              <Row label={words.pool} value={money.token(pool)} />
              {prizes.map((prize, index) => (
                <Row key={index} label={words.rank(index + 1)} value={money.token(prize)} />
              ))}
              <Row label={words.yourShare} value={money.token(rake)} />
            </dl>
          </div>
        )
      })}
      <dl className="facts">
        <Row label={words.youPut} value={money.token(terms.bond)} />
        {own !== undefined && (
          <Row label={words.fee} value={own.fee === undefined ? words.feeUnknown : coin.token(own.fee, 8)} />
        )}
      </dl>
      {own !== undefined && <p className="fine">{words.prompts(own.plan.prompts)}</p>}
    </>
  )
}

function Row({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}
