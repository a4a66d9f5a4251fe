import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Decides a dispute by declaring the tournament void: stakes go back, both bonds to the challenger. For the referee,
 * within its window.
 *
 * @param client a wallet client of the referee
 * @param parameters the terms
 * @returns the transaction, and what each player gets back, base units
 * @throws SluiceError `not-allowed`, `deadline-passed`, `wrong-stage`, `unknown-tournament`, and wallet errors;
 * `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { annul, type Tournament } from '@sluice/sdk/tournament'
 *
 * const declareVoid = (wallet: WalletClient, tournament: Tournament) => annul(wallet, { tournament })
 * ```
 */
export async function annul(client: ChainClient, parameters: annul.Parameters): Promise<annul.ReturnType> {
  const mined = await sendCall(client, parameters, annulCall)
  return { ...sentBy(mined), share: requireEvent(mined, 'cancelled').share }
}

export declare namespace annul {
  type Parameters = SendParameters
  type ReturnType = SentTransaction & { readonly share: bigint }
  type ErrorType = SluiceError
}

/**
 * Builds the call that decides a dispute by declaring the tournament void: stakes go back, both bonds to the challenger.
 * For the referee, within its window.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { annulCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const declareVoid = (contract: `0x${string}`, tournament: Tournament) => annulCall({ contract, tournament })
 * ```
 */
export function annulCall({ contract, tournament }: OfTournament): ContractCall {
  return tournamentsCall(contract, 'annul', [encodeTerms(tournament)])
}
