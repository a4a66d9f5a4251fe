import { encodeFunctionData, type ContractFunctionArgs, type ContractFunctionName } from 'viem'
import { escrowFunctions } from '../abi/escrowFunctions.js'
import type { Address, Hex } from '../types.js'

type WriteName = ContractFunctionName<typeof escrowFunctions, 'nonpayable' | 'payable'>

/** One call of `Escrow`, ready to be sent alone, batched or handed to a relayer. */
export type EscrowCall = {
  readonly to: Address
  readonly data: Hex
  /** Native coin to send, in wei. */
  readonly value: bigint
}

/**
 * Builds a call of `Escrow`: `authorize`, `capture`, `charge`, `release`, `releaseMilestone`, `refund`, `void`,
 * `reclaim`, `dispute`, `rule`, `resolveByTimeout`, `settle` or `withdrawOwed`.
 *
 * @param contract address of `Escrow`
 * @param functionName one of its state-changing functions
 * @param args the function's arguments
 * @param value native coin to send, in wei
 *
 * @example
 * ```ts
 * import { escrowCall, type Order } from '@sluice/sdk/escrow'
 *
 * const capture = (contract: `0x${string}`, order: Order) =>
 *   escrowCall(contract, 'capture', [order, 2_500_000n, order.minFeeBps])
 * ```
 */
export function escrowCall<name extends WriteName>(
  contract: Address,
  functionName: name,
  args: ContractFunctionArgs<typeof escrowFunctions, 'nonpayable' | 'payable', name> & readonly unknown[],
  value = 0n,
): EscrowCall {
  const untyped: { abi: readonly unknown[]; functionName: string; args: readonly unknown[] } = {
    abi: escrowFunctions,
    functionName,
    args,
  }
  return { to: contract, data: encodeFunctionData(untyped), value }
}
