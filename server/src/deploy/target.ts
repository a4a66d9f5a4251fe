import { type Address, getContractAddress, type Hex } from 'viem'
import type { Artifact } from './artifact.js'

/**
 * The deterministic deployment proxy: a contract that creates others with CREATE2, at the same address on nearly every
 * chain. Anyone can put it onto a chain that lacks it, for nobody has the key of the account that does it.
 *
 * Source: https://github.com/Arachnid/deterministic-deployment-proxy
 */
export const creator = {
  address: '0x4e59b44847b379578588920cA78FbF26c0B4956C',
  code: '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3',
  /** The one-time account whose only transaction creates the proxy. */
  signer: '0x3fAB184622Dc19b6109349B94811493BF2a45362',
  /** What that transaction costs, in wei: 100,000 gas at 100 gwei. */
  cost: 10_000_000_000_000_000n,
  /** That transaction, valid on every chain. Its signature was made up, hence no key. */
  transaction:
    '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222',
} as const

/** What a call sends where. */
export type Call = { readonly to: Address; readonly data: Hex }

/** The call that creates a contract. It is the same on every chain, whoever makes it. */
export function creationCall({ salt, bytecode }: Artifact): Call {
  return { to: creator.address, data: `${salt}${bytecode.slice(2)}` }
}

/** Where that call puts the contract, on every chain. */
export function creationAddress({ salt, bytecode }: Artifact): Address {
  return getContractAddress({ opcode: 'CREATE2', from: creator.address, salt, bytecode })
}
