import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { inOrder } from './prizes.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Makes a reported result final at once, with the signatures of all players (`signConfirmation`). For anyone.
 *
 * @param client a wallet client
 * @param parameters the terms, and every player's signature, in any order
 * @returns the transaction, and what goes to the winners and to keepers and host, base units
 * @throws SluiceError `invalid-signature`, `invalid-argument`, `wrong-stage`, `unknown-tournament`, and wallet errors;
 * `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { confirm, type Confirmation, type Tournament } from '@sluice/sdk/tournament'
 *
 * const agree = (wallet: WalletClient, tournament: Tournament, signatures: readonly Confirmation[]) =>
 *   confirm(wallet, { tournament, signatures })
 * ```
 */
export async function confirm(
  client: ChainClient,
  parameters: confirm.Parameters,
): Promise<confirm.ReturnType> {
  const { signatures } = parameters
  const mined = await sendCall(client, parameters, (of) => confirmCall({ ...of, signatures }))
  const { pool, rake } = requireEvent(mined, 'finalized')
  return { ...sentBy(mined), pool, rake }
}

export declare namespace confirm {
  type Parameters = SendParameters & { readonly signatures: readonly Confirmation[] }
  type ReturnType = SentTransaction & { readonly pool: bigint; readonly rake: bigint }
  type ErrorType = SluiceError
}

/** A player's agreement to the reported result: its signature of `confirmationTypedData`. */
export type Confirmation = { readonly player: Address; readonly signature: Hex }

/**
 * Builds the call that makes a reported result final at once. For anyone who has the signatures of all players.
 *
 * @param parameters the contract, the terms, and every player's signature, in any order
 * @throws SluiceError `invalid-argument` when a player is named twice
 *
 * @example
 * ```ts
 * import { confirmCall, type Confirmation, type Tournament } from '@sluice/sdk/tournament'
 *
 * const agree = (contract: `0x${string}`, tournament: Tournament, signatures: readonly Confirmation[]) =>
 *   confirmCall({ contract, tournament, signatures })
 * ```
 */
export function confirmCall(parameters: confirmCall.Parameters): ContractCall {
  const { contract, tournament } = parameters
  const ordered = inOrder(parameters.signatures)
  const players = ordered.map(({ player }) => player)
  const signed = ordered.map(({ signature }) => signature)
  return tournamentsCall(contract, 'confirm', [encodeTerms(tournament), players, signed])
}

export declare namespace confirmCall {
  type Parameters = OfTournament & { readonly signatures: readonly Confirmation[] }
}
