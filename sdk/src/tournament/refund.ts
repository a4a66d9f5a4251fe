import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { Address } from '../types.js'
import { defaultBatch, inBatches } from './batches.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { eventsOf, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'

/**
 * Sends players and sponsors what they get back after a cancellation, in batches. For anyone; whoever has nothing to get
 * is skipped.
 *
 * @param client a wallet client
 * @param parameters the terms and the accounts: `refundable`
 * @returns the transactions, and whom each sent how much, base units
 * @throws SluiceError `wrong-stage`, `unknown-tournament`, and wallet errors; `TransactionUnknownError` once something
 * was sent. Batches before the failing one have been sent.
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { refund, refundable, type RebuiltTournament } from '@sluice/sdk/tournament'
 *
 * const giveBack = (wallet: WalletClient, known: RebuiltTournament) =>
 *   refund(wallet, { tournament: known.tournament, accounts: refundable(known) })
 * ```
 */
export async function refund(client: ChainClient, parameters: refund.Parameters): Promise<refund.ReturnType> {
  const { accounts, batch = defaultBatch } = parameters
  const transactions: refund.Transaction[] = []
  for (const part of inBatches(accounts, batch)) {
    const mined = await sendCall(client, parameters, (of) => refundCall({ ...of, accounts: part }))
    const refunded = eventsOf(mined, 'refunded').map(({ account, amount }) => ({ account, amount }))
    transactions.push({ ...sentBy(mined), refunded })
  }
  return { transactions }
}

export declare namespace refund {
  type Parameters = SendParameters & {
    readonly accounts: readonly Address[]
    /** Accounts in one transaction at most; default 50. */
    readonly batch?: number | undefined
  }
  type Transaction = SentTransaction & {
    readonly refunded: readonly { readonly account: Address; readonly amount: bigint }[]
  }
  type ReturnType = { readonly transactions: readonly Transaction[] }
  type ErrorType = SluiceError
}

/**
 * Builds the call that sends players and sponsors what they get back after a cancellation. For anyone; whoever has
 * nothing to get is skipped.
 *
 * @param parameters the contract, the terms and the accounts
 *
 * @example
 * ```ts
 * import { refundCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const giveBack = (contract: `0x${string}`, tournament: Tournament, accounts: readonly `0x${string}`[]) =>
 *   refundCall({ contract, tournament, accounts })
 * ```
 */
export function refundCall(parameters: refundCall.Parameters): ContractCall {
  const { contract, tournament, accounts } = parameters
  return tournamentsCall(contract, 'refund', [encodeTerms(tournament), accounts])
}

export declare namespace refundCall {
  type Parameters = OfTournament & { readonly accounts: readonly Address[] }
}
