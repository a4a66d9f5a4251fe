import { parseEventLogs } from 'viem'
import { tournamentsEvents } from '../abi/tournamentsEvents.js'
import type { ContractCall } from '../chain/call.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { transact, type WriteParameters } from '../chain/transact.js'
import type { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import { tournamentsCall } from './call.js'
import { tournaments } from './product.js'

/**
 * Takes out what could not be delivered to an account, in any tournament, to a destination of its choice.
 *
 * @param client a wallet client of the account
 * @param parameters the token (zero: the native coin), and to whom
 * @returns the transaction and the base units sent
 * @throws SluiceError `nothing-owed`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { withdrawOwed } from '@sluice/sdk/tournament'
 *
 * const takeOut = (wallet: WalletClient, token: `0x${string}`, to: `0x${string}`) =>
 *   withdrawOwed(wallet, { token, to })
 * ```
 */
export async function withdrawOwed(
  client: ChainClient,
  parameters: withdrawOwed.Parameters,
): Promise<withdrawOwed.ReturnType> {
  const account = resolveAccount(client, parameters)
  const { contract } = await resolveDeployment(client, parameters, tournaments)
  const { token, to = account.address } = parameters
  const request = withdrawOwedCall({ contract, token, to })
  const { hash, blockNumber, logs } = await transact(client, account, request, tournaments, parameters)
  const events = parseEventLogs({ abi: tournamentsEvents, eventName: 'OwedWithdrawn', logs: [...logs] })
  const amount = events.find(({ address }) => address.toLowerCase() === contract.toLowerCase())?.args.amount
  return { hash, blockNumber, amount: amount ?? 0n }
}

export declare namespace withdrawOwed {
  type Parameters = WriteParameters & {
    readonly token: Address
    /** Default: the account. */
    readonly to?: Address | undefined
  }
  type ReturnType = { readonly hash: Hex; readonly blockNumber: bigint; readonly amount: bigint }
  type ErrorType = SluiceError
}

/**
 * Builds the call by which an account takes out what could not be delivered to it, in any tournament.
 *
 * @param parameters the contract, the token (zero: the native coin), and to whom
 *
 * @example
 * ```ts
 * import { withdrawOwedCall } from '@sluice/sdk/tournament'
 *
 * const takeOut = (contract: `0x${string}`, token: `0x${string}`, to: `0x${string}`) =>
 *   withdrawOwedCall({ contract, token, to })
 * ```
 */
export function withdrawOwedCall({ contract, token, to }: withdrawOwedCall.Parameters): ContractCall {
  return tournamentsCall(contract, 'withdrawOwed', [token, to])
}

export declare namespace withdrawOwedCall {
  type Parameters = { readonly contract: Address; readonly token: Address; readonly to: Address }
}
