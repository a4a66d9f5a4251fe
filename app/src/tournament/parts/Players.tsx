import type { ReactNode } from 'react'
import type { RebuiltTournament } from '@sluice/sdk/tournament'
import { shortOf, usePageState } from '../context.ts'
import { useWords } from '../text/words.ts'

/** Who plays. */
export function Players({ known }: { readonly known: RebuiltTournament }): ReactNode {
  const words = useWords()
  const players = Object.keys(known.players)
  return (
    <section className="stack">
      <h2>{words.players}</h2>
      {players.length === 0 ? (
        <p className="soft">{words.nobody}</p>
      ) : (
        <ul className="players">
          {players.map((player) => (
            <li key={player} className="figures" title={player}>
              <PlayerName player={player} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** A player, and whether it is the person. */
export function PlayerName({ player }: { readonly player: string }): ReactNode {
  const words = useWords()
  const { wallet } = usePageState()
  const isMe = wallet?.address.toLowerCase() === player.toLowerCase()
  return (
    <>
      {shortOf(player)} {isMe && <em className="fine">({words.you})</em>}
    </>
  )
}
