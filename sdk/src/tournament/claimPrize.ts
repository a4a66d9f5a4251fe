import type { ContractCall } from '../chain/call.js'
import { resolveAccount, type ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { requireEvent, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'
import type { ProvenPrize } from './types.js'

/**
 * Takes a winner's own prize to a destination of its choice, when nobody paid it yet.
 *
 * @param client a wallet client of the winner
 * @param parameters the terms, the winner's prize with its proof, and to whom
 * @returns the transaction and the prize, base units
 * @throws SluiceError `nothing-owed`, `not-a-player`, `wrong-stage`, `unknown-tournament`, `invalid-argument`, and wallet
 * errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { claimPrize, type ProvenPrize, type Tournament } from '@sluice/sdk/tournament'
 *
 * const take = (wallet: WalletClient, tournament: Tournament, prize: ProvenPrize) =>
 *   claimPrize(wallet, { tournament, prize })
 * ```
 */
export async function claimPrize(
  client: ChainClient,
  parameters: claimPrize.Parameters,
): Promise<claimPrize.ReturnType> {
  const { prize, to = resolveAccount(client, parameters).address } = parameters
  const mined = await sendCall(client, parameters, (of) => claimPrizeCall({ ...of, prize, to }))
  return { ...sentBy(mined), amount: requireEvent(mined, 'prize-paid').amount }
}

export declare namespace claimPrize {
  type Parameters = SendParameters & {
    readonly prize: Pick<ProvenPrize, 'amount' | 'proof'>
    /** Default: the account. */
    readonly to?: Address | undefined
  }
  type ReturnType = SentTransaction & { readonly amount: bigint }
  type ErrorType = SluiceError
}

/**
 * Builds the call by which a winner takes its own prize to a destination of its choice, when nobody paid it yet.
 *
 * @param parameters the contract, the terms, the caller's prize with its proof, and to whom
 *
 * @example
 * ```ts
 * import { claimPrizeCall, type ProvenPrize, type Tournament } from '@sluice/sdk/tournament'
 *
 * const take = (contract: `0x${string}`, tournament: Tournament, prize: ProvenPrize, to: `0x${string}`) =>
 *   claimPrizeCall({ contract, tournament, prize, to })
 * ```
 */
export function claimPrizeCall(parameters: claimPrizeCall.Parameters): ContractCall {
  const { contract, tournament, prize, to } = parameters
  return tournamentsCall(contract, 'claim', [encodeTerms(tournament), prize.amount, prize.proof, to])
}

export declare namespace claimPrizeCall {
  type Parameters = OfTournament & {
    readonly prize: Pick<ProvenPrize, 'amount' | 'proof'>
    readonly to: Address
  }
}
