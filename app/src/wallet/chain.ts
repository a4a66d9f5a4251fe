import { defineChain, type Chain } from 'viem'
import type { PageConfig } from '../config/config.ts'

/** The chain that a stream is paid on, as viem and wallets describe it. */
export function chainOf({ chainId, chainName, rpcUrl }: PageConfig): Chain {
  return defineChain({
    id: chainId,
    name: chainName,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
}
