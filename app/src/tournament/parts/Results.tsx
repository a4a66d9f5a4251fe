import type { ReactNode } from 'react'
import { prizesOfResult, type RebuiltTournament, type TournamentState } from '@sluice/sdk/tournament'
import type { Address } from '@sluice/sdk'
import { useMoneyOf } from '../context.ts'
import { placingsOf } from '../model/bracket.ts'
import { useWords } from '../text/words.ts'
import { Amounts } from './Amounts.tsx'
import { PlayerName } from './Players.tsx'

type Props = { readonly known: RebuiltTournament; readonly standing: TournamentState }

/** Who came where and wins what, or who gets what back. */
export function Results({ known, standing }: Props): ReactNode {
  const words = useWords()
  return (
    <>
      {known.result !== undefined && known.result.players.length > 0 && (
        <Ranking known={known} standing={standing} />
      )}
      <Amounts title={words.refunded} known={known} of={known.refunds} />
    </>
  )
}

function Ranking({ known, standing }: Props): ReactNode {
  const words = useWords()
  const money = useMoneyOf(known.tournament.token)
  if (known.result === undefined) return null
  const prizes = new Map(prizesOfResult(known).prizes.map((each) => [each.player.toLowerCase(), each.amount]))
  const isFinal = standing.stage === 'final' || standing.stage === 'paid'
  const placings = [...placingsOf(known.result)].sort((a, b) => (a.rank || Infinity) - (b.rank || Infinity))
  return (
    <section className="stack">
      <h2>{words.result}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={words.result}>
        <table className="ranking">
          <thead>
            <tr>
              <th scope="col">{words.place}</th>
              <th scope="col">{words.player}</th>
              <th scope="col">{words.prize}</th>
              {isFinal && <th scope="col">{words.state}</th>}
            </tr>
          </thead>
          <tbody>
            {placings.map(({ player, rank }) => {
              const prize = prizes.get(player.toLowerCase()) ?? 0n
              const isPaid = known.prizes[player.toLowerCase() as Address] !== undefined
              return (
                <tr key={player}>
                  <td>{rank === 0 ? words.absent : `${String(rank)}.`}</td>
                  <td title={player}>
                    <PlayerName player={player} />
                  </td>
                  <td className="figures">{prize === 0n ? '–' : money.token(prize, 6)}</td>
                  {isFinal && <td>{prize === 0n ? '–' : isPaid ? words.paidYes : words.paidNo}</td>}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
