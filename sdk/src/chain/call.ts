import { encodeFunctionData, type Abi } from 'viem'
import type { Address, Hex } from '../types.js'

/** One call of a contract, ready to be sent alone, batched (EIP-5792, `multicall`) or handed to a relayer. */
export type ContractCall = {
  readonly to: Address
  readonly data: Hex
  /** Native coin to send, in wei. */
  readonly value: bigint
  readonly abi: Abi
  readonly functionName: string
  readonly args: readonly unknown[]
}

/**
 * Builds a call of any contract. Each contract has a builder of its own that holds the arguments to its ABI.
 *
 * @param abi with the function in it
 * @param to the contract
 * @param functionName one of its functions
 * @param args the function's arguments
 * @param value native coin to send, in wei
 */
export function contractCall(
  abi: Abi,
  to: Address,
  functionName: string,
  args: readonly unknown[],
  value = 0n,
): ContractCall {
  return { to, data: encodeFunctionData({ abi, functionName, args }), value, abi, functionName, args }
}
