import type { ContractFunctionArgs, ContractFunctionName } from 'viem'
import { escrowFunctions } from '../abi/escrowFunctions.js'
import { contractCall, type ContractCall } from '../chain/call.js'
import type { Address } from '../types.js'

type WriteName = ContractFunctionName<typeof escrowFunctions, 'nonpayable' | 'payable'>

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
): ContractCall {
  return contractCall(escrowFunctions, contract, functionName, args, value)
}
