import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import type { TournamentResult } from './result.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Decides a dispute: the right result, final at once. Both bonds go to the host when it is the one reported, else to the
 * challenger. For the referee, within its window.
 *
 * @param client a wallet client of the referee
 * @param parameters the terms, and the right result: `buildResult`
 * @returns the transaction, whether the host's result stood, and the root of the prizes
 * @throws SluiceError `not-allowed`, `deadline-passed`, `wrong-stage`, `unknown-tournament`, `invalid-argument`, and wallet
 * errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { rule, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const decide = (wallet: WalletClient, tournament: Tournament, { result }: BuiltResult) =>
 *   rule(wallet, { tournament, result })
 * ```
 */
export async function rule(client: ChainClient, parameters: rule.Parameters): Promise<rule.ReturnType> {
  const { result } = parameters
  const mined = await sendCall(client, parameters, (of) => ruleCall({ ...of, result }))
  const { upheld, root } = requireEvent(mined, 'ruled')
  return { ...sentBy(mined), upheld, root }
}

export declare namespace rule {
  type Parameters = SendParameters & { readonly result: TournamentResult }
  type ReturnType = SentTransaction & { readonly upheld: boolean; readonly root: Hex }
  type ErrorType = SluiceError
}

/**
 * Builds the call that decides a dispute: the right result, final at once. For the referee, within its window.
 *
 * @param parameters the contract, the terms, and the right result: `buildResult`
 *
 * @example
 * ```ts
 * import { ruleCall, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const decide = (contract: `0x${string}`, tournament: Tournament, { result }: BuiltResult) =>
 *   ruleCall({ contract, tournament, result })
 * ```
 */
export function ruleCall(parameters: ruleCall.Parameters): ContractCall {
  const { contract, tournament, result } = parameters
  return tournamentsCall(contract, 'rule', [encodeTerms(tournament), result])
}

export declare namespace ruleCall {
  type Parameters = OfTournament & { readonly result: TournamentResult }
}
