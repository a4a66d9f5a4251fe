import type { ReactNode } from 'react'
import type { RebuiltTournament } from '@sluice/sdk/tournament'
import { useMoneyOf } from '../context.ts'
import { PlayerName } from './Players.tsx'

/** Who gave or got how much; nothing as long as nobody did. */
export function Amounts(props: {
  readonly title: string
  readonly known: RebuiltTournament
  /** Base units, by account. */
  readonly of: Readonly<Record<string, bigint>>
}): ReactNode {
  const money = useMoneyOf(props.known.tournament.token)
  const amounts = Object.entries(props.of)
  if (amounts.length === 0) return null
  return (
    <section className="stack">
      <h2>{props.title}</h2>
      <dl className="facts">
        {amounts.map(([account, amount]) => (
          <div key={account}>
            <dt title={account}>
              <PlayerName player={account} />
            </dt>
            <dd>{money.token(amount, 6)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
