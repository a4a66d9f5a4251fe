import type { Config } from 'wagmi'
import { getPlayer } from '../../tournament/getPlayer.js'
import { getTournament } from '../../tournament/getTournament.js'
import type { Address } from '../../types.js'
import { queryOf, type QueryOptions, type QueryParameters } from './query.js'

/** Which tournament, by terms or id, once it is known. */
export type TournamentQueryParameters = QueryParameters & {
  readonly tournament: getTournament.Parameters | undefined
}

/** Which player of which tournament, once both are known. */
export type PlayerQueryParameters = TournamentQueryParameters & { readonly account: Address | undefined }

/**
 * The question {@link getTournament} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters which tournament
 */
export function tournamentQueryOptions(
  config: Config,
  parameters: TournamentQueryParameters,
): QueryOptions<getTournament.ReturnType> {
  return queryOf(config, { ...parameters, what: parameters.tournament }, 'tournament', getTournament)
}

/**
 * The question {@link getPlayer} answers, for query libraries.
 *
 * @param config wagmi's
 * @param parameters which tournament, and the account
 */
export function playerQueryOptions(
  config: Config,
  parameters: PlayerQueryParameters,
): QueryOptions<getPlayer.ReturnType> {
  const { account, tournament } = parameters
  const what = account === undefined || tournament === undefined ? undefined : { ...tournament, account }
  return queryOf(config, { ...parameters, what }, 'tournament-player', getPlayer)
}
