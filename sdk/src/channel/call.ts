import type { ContractFunctionArgs, ContractFunctionName } from 'viem'
import { streamChannelsFunctions } from '../abi/streamChannelsFunctions.js'
import { contractCall, type ContractCall } from '../chain/call.js'
import type { Address } from '../types.js'

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
  return contractCall(streamChannelsFunctions, contract, functionName, args, value)
}
