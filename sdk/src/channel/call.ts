import { encodeFunctionData, type Abi, type ContractFunctionArgs, type ContractFunctionName } from 'viem'
import { streamChannelsFunctions } from '../abi/streamChannelsFunctions.js'
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

type WriteName = ContractFunctionName<typeof streamChannelsFunctions, 'nonpayable' | 'payable'>

/**
 * Builds a call of `StreamChannels`.
 *
 * @param contract address of `StreamChannels`
 * @param functionName one of its state-changing functions
 * @param args the function's arguments
 * @param value native coin to send, in wei
 */
export function streamChannelsCall<name extends WriteName>(
  contract: Address,
  functionName: name,
  args: ContractFunctionArgs<typeof streamChannelsFunctions, 'nonpayable' | 'payable', name> &
    readonly unknown[],
  value = 0n,
): ContractCall {
  const untyped: { abi: Abi; functionName: string; args: readonly unknown[] } = {
    abi: streamChannelsFunctions,
    functionName,
    args,
  }
  return { to: contract, data: encodeFunctionData(untyped), value, ...untyped }
}
