import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Makes a result final that nobody challenged in time. For anyone.
 *
 * @param client a wallet client
 * @param parameters the terms
 * @returns the transaction, and what goes to the winners and to keepers and host, base units
 * @throws SluiceError `deadline-not-reached`, `wrong-stage`, `unknown-tournament`, and wallet errors; `TransactionUnknownError`
 * once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { finalize, type Tournament } from '@sluice/sdk/tournament'
 *
 * const settle = (wallet: WalletClient, tournament: Tournament) => finalize(wallet, { tournament })
 * ```
 */
export async function finalize(
  client: ChainClient,
  parameters: finalize.Parameters,
): Promise<finalize.ReturnType> {
  const mined = await sendCall(client, parameters, finalizeCall)
  const { pool, rake } = requireEvent(mined, 'finalized')
  return { ...sentBy(mined), pool, rake }
}

export declare namespace finalize {
  type Parameters = SendParameters
  type ReturnType = SentTransaction & { readonly pool: bigint; readonly rake: bigint }
  type ErrorType = SluiceError
}

/**
 * Builds the call that makes a result final that nobody challenged in time. For anyone.
 *
 * @param parameters the contract and the terms
 *
 * @example
 * ```ts
 * import { finalizeCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const settle = (contract: `0x${string}`, tournament: Tournament) => finalizeCall({ contract, tournament })
 * ```
 */
export function finalizeCall({ contract, tournament }: OfTournament): ContractCall {
  return tournamentsCall(contract, 'finalize', [encodeTerms(tournament)])
}
