import type { ReactNode } from 'react'
import type { Bracket, RebuiltTournament, Side, TournamentState } from '@sluice/sdk/tournament'
import { shortOf, usePageState, useTournamentPage } from '../context.ts'
import { bracketAfter, bracketOfRanking, placingsOf } from '../model/bracket.ts'
import { rolesOf } from '../model/roles.ts'
import { useWords } from '../text/words.ts'
import { PlayerName } from './Players.tsx'

/** What the page knows of the matches: what the host decides here, or what the result tells. */
export function useBracket(known: RebuiltTournament, standing: TournamentState): Bracket | undefined {
  const { drawn, decisions } = usePageState()
  if (drawn === undefined) return undefined
  const { result } = known
  if (
    standing.stage === 'open' ||
    result === undefined ||
    (standing.stage === 'disputed' && decisions.length > 0)
  )
    return bracketAfter(drawn, decisions)
  return result.players.length === 0 ? undefined : bracketOfRanking(drawn, placingsOf(result))
}

/** The matches. The host, and the referee in a dispute, choose the winners. */
export function BracketView(props: {
  readonly known: RebuiltTournament
  readonly standing: TournamentState
}): ReactNode {
  const words = useWords()
  const { known, standing } = props
  const { wallet } = usePageState()
  const bracket = useBracket(known, standing)
  if (bracket === undefined) return null
  const { host, referee } = rolesOf(known, wallet?.address)
  const decides = (host && standing.stage === 'open') || (referee && standing.stage === 'disputed')
  return (
    <section className="stack">
      <h2>{words.bracket}</h2>
      <p className="fine">{words.drawn}</p>
      {decides && <p>{words.hostPicks}</p>}
      <ol className="bracket">
        {bracket.rounds.map((round, index) => (
          <li key={index} className="round">
            <h3>{words.rounds(index, bracket.rounds.length)}</h3>
            <ol>
              {round.map(({ sides, winner }, match) => (
                <li key={match} className="match">
                  {sides.map((side, place) => (
                    <SideView
                      key={place}
                      side={side}
                      won={winner !== undefined && side === winner}
                      at={
                        decides && !sides.includes(undefined) && !sides.includes('bye')
                          ? { round: index, match }
                          : undefined
                      }
                    />
                  ))}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </section>
  )
}

function SideView(props: {
  readonly side: Side
  readonly won: boolean
  /** Where a winner can be chosen; undefined: nowhere. */
  readonly at: { readonly round: number; readonly match: number } | undefined
}): ReactNode {
  const words = useWords()
  const { model } = useTournamentPage()
  const { side, won, at } = props
  if (side === undefined) return <span className="side soft">{words.open}</span>
  if (side === 'bye') return <span className="side soft">{words.bye}</span>
  if (at !== undefined) {
    return (
      <button
        type="button"
        className="side"
        aria-pressed={won}
        aria-label={words.pickWinner(shortOf(side))}
        title={side}
        onClick={() => model.decide({ ...at, winner: side })}
      >
        <PlayerName player={side} />
      </button>
    )
  }
  return (
    <span className="side" data-won={won} title={side}>
      <span>
        <PlayerName player={side} />
      </span>
      {won && <span className="fine">{words.won}</span>}
    </span>
  )
}
