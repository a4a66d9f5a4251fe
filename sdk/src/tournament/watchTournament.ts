import type { ChainClient } from '../chain/context.js'
import type { EventPlace } from '../chain/eventWindow.js'
import {
  watchEvents,
  withPlace,
  type Watched,
  type WatchedBlock,
  type WatchParameters,
} from '../chain/watchEvents.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { readTournamentEvent, tournamentEventTopics, type TournamentEvent } from './events.js'
import { tournaments } from './product.js'

/**
 * Tells what happens to tournaments on the chain as it happens. An event whose block a reorganisation undid is told again
 * with `removed: true`, newest first, before what took its place. Errors are told and the watch goes on.
 *
 * @param client any viem client
 * @param parameters which tournaments, and who is told
 * @returns ends the watch; nothing is told afterwards
 *
 * @example
 * ```ts
 * import type { PublicClient } from 'viem'
 * import { watchTournament } from '@sluice/sdk/tournament'
 *
 * function welcome(client: PublicClient, tournamentId: `0x${string}`) {
 *   return watchTournament(client, {
 *     tournamentId,
 *     onEvent: (event) => {
 *       if (event.type === 'joined' && !event.removed) console.log(event.player, 'plays')
 *     },
 *   })
 * }
 * ```
 */
export function watchTournament(
  client: ChainClient,
  parameters: watchTournament.Parameters,
): watchTournament.ReturnType {
  const filters = [[tournamentEventTopics, parameters.tournamentId ?? null]]
  const read = withPlace(readTournamentEvent)
  return watchEvents(client, { product: tournaments, filters, read }, parameters)
}

export declare namespace watchTournament {
  type Event = Watched<TournamentEvent & EventPlace>
  type Block = WatchedBlock
  type Parameters = WatchParameters<TournamentEvent & EventPlace> & {
    /** One tournament or several; default: every tournament of the contract. */
    readonly tournamentId?: Hex | readonly Hex[] | undefined
  }
  type ReturnType = () => void
  type ErrorType = SluiceError
}
