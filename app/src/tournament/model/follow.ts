import type { Hex } from '@sluice/sdk'
import { findTournaments, getTournament, type RebuiltTournament } from '@sluice/sdk/tournament'
import type { Client } from 'viem'
import { getBlock } from 'viem/actions'
import type { Store } from '../../store.ts'
import { drawPlayers } from './draw.ts'
import { trueRules } from './invite.ts'
import type { TournamentPageState } from './state.ts'

/** Keeps the state of a page at what the chain says. */
export type Follower = {
  /** Looks again. */
  readonly look: () => Promise<void>
}

/**
 * Follows one tournament.
 *
 * @param parameters reads the chain; `nowMs`: the machine's clock; `rules`: those of the invitation
 */
export function createFollower(parameters: {
  readonly client: Client
  readonly state: Store<TournamentPageState>
  readonly nowMs: () => number
  readonly rules: string
}): Follower {
  const { client, state, nowMs, rules } = parameters
  let cursor: string | undefined
  let seen: Hex | undefined
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const { id } = state.get()
    const block = await getBlock(client)
    // A development chain may be ahead of the clock, and a sleeping one behind it.
    const now = Math.max(Number(block.timestamp), Math.floor(nowMs() / 1000))
    state.patch({ now })
    if (id === undefined || block.hash === seen) return
    const { tournaments, cursor: next } = await findTournaments(client, { tournamentIds: [id], cursor })
    const [known] = tournaments
    const standing = await getTournament(client, { tournamentId: id })
    cursor = next
    seen = block.hash
    if (known === undefined) state.patch({ missing: true })
    else {
      const drawn = state.get().drawn ?? (await draw(id, known, now))
      const agreed = trueRules(rules, known.tournament.rulesHash)
      state.patch({ missing: false, known, standing, drawn, rules: state.get().rules ?? agreed })
    }
  }

  async function draw(id: Hex, known: RebuiltTournament, now: number) {
    const { joinDeadline } = known.tournament
    const players = Object.keys(known.players) as Hex[]
    if (now < joinDeadline || players.length < 2) return undefined
    return drawPlayers(client, { id, joinDeadline, players })
  }

  return {
    look: () => {
      // Answers come in the order of the questions.
      looking ??= look().finally(() => {
        looking = undefined
      })
      return looking
    },
  }
}
