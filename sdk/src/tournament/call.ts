import type { ContractFunctionArgs, ContractFunctionName } from 'viem'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import { contractCall, type ContractCall } from '../chain/call.js'
import type { Address, Hex } from '../types.js'
import type { Tournament } from './types.js'

type WriteName = ContractFunctionName<typeof tournamentsFunctions, 'nonpayable' | 'payable'>

/** A tournament and where `Tournaments` is. */
export type OfTournament = { readonly contract: Address; readonly tournament: Tournament }

/** A payment that goes with a call. */
export type WithPayment = {
  /** See `libraries/Payments.sol`; default: the caller's allowance, or the native coin. */
  readonly payment?: Hex | undefined
}

/**
 * Builds a call of `Tournaments`. Every verb has a builder of its own.
 *
 * @param contract address of `Tournaments`
 * @param functionName one of its state-changing functions
 * @param args the function's arguments
 * @param value native coin to send, in wei
 *
 * @example
 * ```ts
 * import { encodeTerms, tournamentsCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const settle = (contract: `0x${string}`, tournament: Tournament) =>
 *   tournamentsCall(contract, 'finalize', [encodeTerms(tournament)])
 * ```
 */
export function tournamentsCall<name extends WriteName>(
  contract: Address,
  functionName: name,
  args: ContractFunctionArgs<typeof tournamentsFunctions, 'nonpayable' | 'payable', name> &
    readonly unknown[],
  value = 0n,
): ContractCall {
  return contractCall(tournamentsFunctions, contract, functionName, args, value)
}
