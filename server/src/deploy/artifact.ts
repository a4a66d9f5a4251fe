import type { Hex } from 'viem'
import { artifacts } from '../artifacts/all.js'

/** What a contract is called where it is chosen, such as `--contract`. */
export type ContractName = (typeof artifacts)[number]['name']

/** A contract as it is deployed. It has no constructor arguments: what the constructor writes follows from the place. */
export type Artifact = {
  /** Its name in Solidity. */
  readonly contract: string
  readonly name: ContractName
  /** What its signatures are bound to, together with the place. */
  readonly domain: { readonly name: string; readonly version: string }
  /** CREATE2 salt of this version: with it the contract has the same address on every chain. */
  readonly salt: Hex
  /** Where the runtime code starts and how long it is within the creation code, in bytes. */
  readonly runtime: { readonly start: number; readonly length: number }
  /** Byte offsets within the runtime code at which the constructor writes each 32-byte immutable. */
  readonly immutables: Readonly<Record<string, readonly number[]>>
  /** Creation code. */
  readonly bytecode: Hex
}

const byName: ReadonlyMap<ContractName, Artifact> = new Map(
  artifacts.map((artifact) => [artifact.name, artifact]),
)

/** The names of every contract, in the order of deployment. */
export const contractNames: readonly ContractName[] = artifacts.map(({ name }) => name)

/**
 * The artifact of a contract.
 *
 * @param wanted its name
 */
export function artifactOf(wanted: ContractName): Artifact {
  const found = byName.get(wanted)
  if (found === undefined) throw new Error(`no contract is called ${wanted}`)
  return found
}

/**
 * Reads which contracts a person asked for.
 *
 * @param text names with commas between them, or `all`
 * @returns undefined when one of the words names no contract
 */
export function readContractNames(text: string): readonly ContractName[] | undefined {
  if (text === 'all') return contractNames
  const words = text.split(',').map((word) => word.trim())
  const found = contractNames.filter((name) => words.includes(name))
  return found.length === new Set(words).size ? found : undefined
}
