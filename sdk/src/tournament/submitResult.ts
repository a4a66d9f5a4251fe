import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import type { TournamentResult } from './result.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Reports who came where. For the host, between the deadlines.
 *
 * @param client a wallet client of the host
 * @param parameters the terms, and the result: `buildResult`
 * @returns the transaction, the root of the prizes, and the second from which nobody can challenge any more
 * @throws SluiceError `not-allowed`, `deadline-not-reached`, `deadline-passed`, `too-few-players`, `wrong-stage`, `unknown-tournament`,
 * `invalid-argument`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { submitResult, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const report = (wallet: WalletClient, tournament: Tournament, { result }: BuiltResult) =>
 *   submitResult(wallet, { tournament, result })
 * ```
 */
export async function submitResult(
  client: ChainClient,
  parameters: submitResult.Parameters,
): Promise<submitResult.ReturnType> {
  const { result } = parameters
  const mined = await sendCall(client, parameters, (of) => submitResultCall({ ...of, result }))
  const { root, finalizableAt } = requireEvent(mined, 'reported')
  return { ...sentBy(mined), root, finalizableAt }
}

export declare namespace submitResult {
  type Parameters = SendParameters & { readonly result: TournamentResult }
  type ReturnType = SentTransaction & { readonly root: Hex; readonly finalizableAt: number }
  type ErrorType = SluiceError
}

/**
 * Builds the call that reports who came where. For the host, between the deadlines.
 *
 * @param parameters the contract, the terms, and the result: `buildResult`
 *
 * @example
 * ```ts
 * import { submitResultCall, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const report = (contract: `0x${string}`, tournament: Tournament, { result }: BuiltResult) =>
 *   submitResultCall({ contract, tournament, result })
 * ```
 */
export function submitResultCall(parameters: submitResultCall.Parameters): ContractCall {
  const { contract, tournament, result } = parameters
  return tournamentsCall(contract, 'submitResult', [encodeTerms(tournament), result])
}

export declare namespace submitResultCall {
  type Parameters = OfTournament & { readonly result: TournamentResult }
}
