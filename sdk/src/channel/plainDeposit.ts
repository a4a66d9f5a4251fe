import type { ContractCall } from '../chain/call.js'
import type { Channel, Hex } from '../types.js'
import { streamChannelsCall } from './call.js'

/** `deposit` from the sender's allowance, or with the native coin. */
export function plainDeposit(contract: Hex, channel: Channel, amount: bigint): ContractCall {
  const native = /^0x0{40}$/.test(channel.token)
  return streamChannelsCall(contract, 'deposit', [channel, amount], native ? amount : 0n)
}
