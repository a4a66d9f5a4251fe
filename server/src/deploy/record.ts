import type { Address, Hex } from 'viem'
import type { Creation } from './findCreation.js'

/** What `deployments/<chainId>.json` holds. */
export type DeploymentRecord = {
  readonly chainId: number
  /** By the contract's name in Solidity. */
  readonly contracts: Readonly<Record<string, ContractRecord>>
}

/** Where a contract is, and since when. */
export type ContractRecord = {
  readonly address: Address
  /** Null when the creation was a part of some other transaction. */
  readonly transaction: Hex | null
  /** Number of the block: nothing of the contract is older. */
  readonly block: number
  readonly constructorArguments: readonly []
  /** keccak256 of the runtime code, compared with the expected one. */
  readonly codeHash: Hex
  /** Time of that block, ISO 8601. */
  readonly deployedAt: string
}

/** A contract whose code was verified. */
export type Place = { readonly address: Address; readonly codeHash: Hex }

/**
 * Whether a record is of this very contract. The hash of its code tells the chain, too: the code holds the chain's id.
 *
 * @param record read from somewhere
 * @param place found on the chain
 */
export function describes(record: ContractRecord, place: Place): boolean {
  return record.address.toLowerCase() === place.address.toLowerCase() && record.codeHash === place.codeHash
}

/**
 * The record of a verified contract.
 *
 * @param place the contract's address and the hash of its code
 * @param creation when it was created
 */
export function contractRecord(place: Place, creation: Creation): ContractRecord {
  return {
    address: place.address,
    transaction: creation.transaction ?? null,
    block: Number(creation.block),
    constructorArguments: [],
    codeHash: place.codeHash,
    deployedAt: new Date(Number(creation.timestamp) * 1000).toISOString(),
  }
}
