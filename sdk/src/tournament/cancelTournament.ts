import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'
import type { CancelReason } from './types.js'

/**
 * Ends a tournament that cannot reach its prizes, and opens what is left for `refund`. For the host before the join
 * deadline; for anyone when too few joined, no result or ruling came in time, or prizes waited for 180 days.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns the transaction, why it ended, and what each player gets back, base units
 * @throws SluiceError `not-allowed`, `deadline-not-reached`, `wrong-stage`, `unknown-tournament`, and wallet errors;
 * `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { cancelTournament, type Tournament } from '@sluice/sdk/tournament'
 *
 * const giveUp = async (wallet: WalletClient, tournament: Tournament) =>
 *   (await cancelTournament(wallet, { tournament })).reason
 * ```
 */
export async function cancelTournament(
  client: ChainClient,
  parameters: cancelTournament.Parameters,
): Promise<cancelTournament.ReturnType> {
  const mined = await sendCall(client, parameters, cancelTournamentCall)
  const { reason, share } = requireEvent(mined, 'cancelled')
  return { ...sentBy(mined), reason, share }
}

export declare namespace cancelTournament {
  type Parameters = SendParameters
  type ReturnType = SentTransaction & { readonly reason: CancelReason; readonly share: bigint }
  type ErrorType = SluiceError
}

/**
 * Builds the call that ends a tournament which cannot reach its prizes, and opens what is left for `refundCall`. For the
 * host before the join deadline; for anyone when too few joined, no result or ruling came in time, or prizes waited for
 * 180 days.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { cancelTournamentCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const giveUp = (contract: `0x${string}`, tournament: Tournament) => cancelTournamentCall({ contract, tournament })
 * ```
 */
export function cancelTournamentCall({ contract, tournament }: OfTournament): ContractCall {
  return tournamentsCall(contract, 'cancel', [encodeTerms(tournament)])
}
