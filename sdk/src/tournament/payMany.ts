import type { ContractCall } from '../chain/call.js'
import { resolveDeployment, type ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import { defaultBatch, inBatches } from './batches.js'
import { tournamentsCall, type OfTournament } from './call.js'
import { encodeTerms } from './encoding.js'
import { readState } from './getTournament.js'
import { tournaments } from './product.js'
import { tournamentId } from './tournamentId.js'
import { eventsOf, sendCall, sentBy, type SendParameters, type SentTransaction } from './transaction.js'
import type { Prize, ProvenPrize } from './types.js'

/**
 * Pays winners in batches. For anyone, who is rewarded out of the rake; whoever was paid before is skipped, and when
 * somebody else pays the rest meanwhile, this stops.
 *
 * @param client a wallet client
 * @param parameters the terms, and prizes with their proofs: `createPrizeTree`, `buildResult` or `unpaidPrizes`
 * @returns the transactions, whom each paid how much, and the reward for it, base units
 * @throws SluiceError `wrong-stage`, `unknown-tournament`, `not-a-player`, `invalid-argument`, and wallet errors;
 * `TransactionUnknownError` once something was sent. Batches before the failing one have been paid.
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { payMany, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * async function pay(wallet: WalletClient, tournament: Tournament, { prizes }: BuiltResult) {
 *   const { transactions } = await payMany(wallet, { tournament, prizes })
 *   return transactions.flatMap(({ paid }) => paid)
 * }
 * ```
 */
export async function payMany(
  client: ChainClient,
  parameters: payMany.Parameters,
): Promise<payMany.ReturnType> {
  const { tournament, prizes, batch = defaultBatch } = parameters
  const deployment = await resolveDeployment(client, parameters, tournaments)
  const id = tournamentId({ ...deployment, tournament })
  const transactions: payMany.Transaction[] = []
  for (const part of inBatches(prizes, batch)) {
    if ((await readState(client, deployment, id)).stage === 'paid') break
    const mined = await sendCall(client, parameters, (of) => payManyCall({ ...of, prizes: part }))
    const rewards = eventsOf(mined, 'keeper-rewarded')
    transactions.push({
      ...sentBy(mined),
      paid: eventsOf(mined, 'prize-paid').map(({ player, amount }) => ({ player, amount })),
      reward: rewards.reduce((sum, { amount }) => sum + amount, 0n),
    })
  }
  return { transactions }
}

export declare namespace payMany {
  type Parameters = SendParameters & {
    readonly prizes: readonly ProvenPrize[]
    /** Winners in one transaction at most; default 50. */
    readonly batch?: number | undefined
  }
  type Transaction = SentTransaction & { readonly paid: readonly Prize[]; readonly reward: bigint }
  type ReturnType = { readonly transactions: readonly Transaction[] }
  type ErrorType = SluiceError
}

/**
 * Builds the call that pays winners. For anyone, who is rewarded out of the rake; whoever was paid before is skipped.
 *
 * @param parameters the contract, the terms, and prizes with their proofs: `createPrizeTree` or `buildResult`
 *
 * @example
 * ```ts
 * import { payManyCall, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const pay = (contract: `0x${string}`, tournament: Tournament, { prizes }: BuiltResult) =>
 *   payManyCall({ contract, tournament, prizes })
 * ```
 */
export function payManyCall(parameters: payManyCall.Parameters): ContractCall {
  const { contract, tournament, prizes } = parameters
  return tournamentsCall(contract, 'payMany', [encodeTerms(tournament), prizes])
}

export declare namespace payManyCall {
  type Parameters = OfTournament & { readonly prizes: readonly ProvenPrize[] }
}

/**
 * Builds the calls that pay any number of winners: one for each batch.
 *
 * @param parameters the contract, the terms, the prizes, and how many go into one call at most (default 50)
 *
 * @example
 * ```ts
 * import { payManyCalls, type BuiltResult, type Tournament } from '@sluice/sdk/tournament'
 *
 * const payloads = (contract: `0x${string}`, tournament: Tournament, { prizes }: BuiltResult) =>
 *   payManyCalls({ contract, tournament, prizes }).map(({ data }) => data)
 * ```
 */
export function payManyCalls(parameters: payManyCalls.Parameters): readonly ContractCall[] {
  const { contract, tournament, prizes, batch = defaultBatch } = parameters
  return inBatches(prizes, batch).map((part) => payManyCall({ contract, tournament, prizes: part }))
}

export declare namespace payManyCalls {
  type Parameters = payManyCall.Parameters & { readonly batch?: number | undefined }
}
