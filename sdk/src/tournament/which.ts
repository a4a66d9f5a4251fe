import type { Deployment, Hex } from '../types.js'
import { tournamentId } from './tournamentId.js'
import type { Tournament } from './types.js'

/** A tournament by its terms or its id. */
export type WhichTournament =
  | { readonly tournament: Tournament; readonly tournamentId?: undefined }
  | { readonly tournamentId: Hex; readonly tournament?: undefined }

/**
 * The id of the tournament that is meant.
 *
 * @param deployment where it is
 * @param which the terms or the id
 */
export function whichTournament(deployment: Deployment, which: WhichTournament): Hex {
  return which.tournament === undefined
    ? which.tournamentId
    : tournamentId({ ...deployment, tournament: which.tournament })
}
