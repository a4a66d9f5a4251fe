import { streamChannelsAddress, streamChannelsAddresses } from './addresses.js'
import type { Address } from './types.js'

/**
 * Where this version of `StreamChannels` is on a chain: its recorded deployment, else the address that CREATE2 gives
 * it everywhere. No other code can stand there, so money sent to it is governed by the rules of this version.
 *
 * @param chainId the chain
 */
export function genuineContract(chainId: number): Address {
  return streamChannelsAddresses[chainId]?.address ?? streamChannelsAddress
}
