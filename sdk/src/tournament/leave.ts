import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Takes a player out before the join deadline and gives it its stake. For the player itself.
 *
 * @param client a wallet client of the player
 * @param parameters the terms
 * @returns the transaction and who left
 * @throws SluiceError `not-a-player`, `deadline-passed`, `wrong-stage`, `unknown-tournament`, and wallet errors;
 * `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { leave, type Tournament } from '@sluice/sdk/tournament'
 *
 * const out = (wallet: WalletClient, tournament: Tournament) => leave(wallet, { tournament })
 * ```
 */
export async function leave(client: ChainClient, parameters: leave.Parameters): Promise<leave.ReturnType> {
  const mined = await sendCall(client, parameters, leaveCall)
  return { ...sentBy(mined), player: requireEvent(mined, 'left').player }
}

export declare namespace leave {
  type Parameters = SendParameters
  type ReturnType = SentTransaction & { readonly player: Address }
  type ErrorType = SluiceError
}

/**
 * Builds the call by which a player leaves before the join deadline and gets its stake.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { leaveCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const out = (contract: `0x${string}`, tournament: Tournament) => leaveCall({ contract, tournament })
 * ```
 */
export function leaveCall({ contract, tournament }: OfTournament): ContractCall {
  return tournamentsCall(contract, 'leave', [encodeTerms(tournament)])
}
