import { encodeFunctionData, type ContractFunctionArgs, type ContractFunctionName } from 'viem'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import type { Address, Hex } from '../types.js'
import type { Tournament } from './types.js'

type WriteName = ContractFunctionName<typeof tournamentsFunctions, 'nonpayable' | 'payable'>

/** One call of `Tournaments`, ready to be sent alone, batched or handed to a relayer. */
export type TournamentsCall = {
  readonly to: Address
  readonly data: Hex
  /** Native coin to send, in wei. */
  readonly value: bigint
}

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
): TournamentsCall {
  const untyped: { abi: readonly unknown[]; functionName: string; args: readonly unknown[] } = {
    abi: tournamentsFunctions,
    functionName,
    args,
  }
  return { to: contract, data: encodeFunctionData(untyped), value }
}
