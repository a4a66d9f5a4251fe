import type { Address } from '@sluice/sdk'
import {
  nextSteps,
  type NextStep,
  type RebuiltTournament,
  type TournamentState,
} from '@sluice/sdk/tournament'

/** What somebody is in a tournament. A host or referee may play, too. */
export type Roles = { readonly host: boolean; readonly referee: boolean; readonly player: boolean }

/** What an account is in a tournament; undefined: nobody is connected. */
export function rolesOf(known: RebuiltTournament, account: Address | undefined): Roles {
  const me = account?.toLowerCase()
  const { host, referee } = known.tournament
  return {
    host: host.toLowerCase() === me,
    referee: referee.toLowerCase() === me,
    player: me !== undefined && known.players[me as Address] !== undefined,
  }
}

/** What somebody with these roles can do now, and what will be possible. */
export type Duties = { readonly now: readonly NextStep[]; readonly later: readonly NextStep[] }

/**
 * What can be done, by whom it concerns.
 *
 * @param known the tournament
 * @param state as the chain tells it
 * @param roles of the person
 * @param now second of the chain
 */
export function dutiesOf(
  known: RebuiltTournament,
  state: TournamentState,
  roles: Roles,
  now: number,
): Duties {
  const steps = nextSteps(known.tournament, state, now)
  const mine = steps.filter((step) => concerns(step, roles))
  return {
    now: mine.filter(({ from }) => from === undefined),
    later: steps.filter(({ from, until }) => from !== undefined || until !== undefined),
  }
}

function concerns({ verb, who }: NextStep, { host, referee, player }: Roles): boolean {
  // The page cannot pay one winner elsewhere.
  if (verb === 'claim' || verb === 'create') return false
  // Whoever has a part in it may gather what the players sign.
  if (verb === 'confirm') return host || referee || player
  if (verb === 'join') return !player
  switch (who) {
    case 'host':
      return host
    case 'referee':
      return referee
    case 'a player':
    case 'players':
    case 'a winner':
      return player
    case 'anyone':
      return true
  }
}
