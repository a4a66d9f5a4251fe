import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ContractEntry } from './contracts.ts'
import { banner } from './text.ts'

/** Chains that live only on one machine: their deployments are nobody else's business. */
const localChains = new Set([1337, 31337])

/** A contract and its address on every chain that has this version. */
export type Placed = { readonly entry: ContractEntry; readonly everywhere: string }

/**
 * An ES module that exports where the contracts are, by chain id. One constant a contract, so that a bundle holds only
 * those it uses.
 *
 * @param directory of the recorded deployments
 * @param placed every contract
 */
export function addressesModule(directory: string, placed: readonly Placed[]): string {
  const records = readRecords(directory)
  const constants = placed.map(({ entry: { contract, name }, everywhere }) => {
    const lines = records
      .filter(({ contracts }) => contract in contracts)
      .map(({ file, chainId, contracts }) => `  ${chainId}: ${place(file, contract, contracts[contract])},\n`)
    const body = lines.length === 0 ? '{}' : `{\n${lines.join('')}}`
    return `
/** Known deployments of \`${contract}\` by chain id. */
export const ${name}Addresses: Readonly<Record<number, DeployedAt>> = ${body}

/** Where this version of \`${contract}\` is on every chain that has it: CREATE2 lets no other code stand there. */
export const ${name}Address: \`0x\${string}\` = '${everywhere}'
`
  })
  return `${banner}/** Where a contract is on one chain, and the block that created it. */
export type DeployedAt = { readonly address: \`0x\${string}\`; readonly block: bigint }
${constants.join('')}`
}

/** Where a contract was recorded to be, on chains that others can reach. */
export function recordedDeployments(
  directory: string,
  { contract }: ContractEntry,
): readonly { readonly chainId: number; readonly address: string }[] {
  return readRecords(directory)
    .filter(({ contracts }) => contract in contracts)
    .map(({ file, chainId, contracts }) => ({
      chainId,
      address: placeOf(file, contract, contracts[contract]).address,
    }))
}

type ChainRecord = {
  readonly file: string
  readonly chainId: number
  readonly contracts: Readonly<Record<string, unknown>>
}

/** What was recorded of chains that others can reach, in order of their ids. */
function readRecords(directory: string): readonly ChainRecord[] {
  return (existsSync(directory) ? readdirSync(directory) : [])
    .map((file) => ({ file, chainId: Number(/^(\d+)\.json$/.exec(file)?.[1] ?? NaN) }))
    .filter(({ chainId }) => !Number.isNaN(chainId) && !localChains.has(chainId))
    .sort((a, b) => a.chainId - b.chainId)
    .map(({ file, chainId }) => {
      const record: unknown = JSON.parse(readFileSync(path.join(directory, file), 'utf8'))
      if (!hasFields(record, 'contracts') || !isFields(record.contracts))
        throw new Error(`${file} has no contracts`)
      return { file, chainId, contracts: record.contracts }
    })
}

function place(file: string, contract: string, record: unknown): string {
  const { address, block } = placeOf(file, contract, record)
  return `{ address: '${address}', block: ${String(block)}n }`
}

function placeOf(file: string, contract: string, record: unknown) {
  if (
    hasFields(record, 'address', 'block') &&
    typeof record.address === 'string' &&
    /^0x[0-9a-fA-F]{40}$/.test(record.address) &&
    Number.isSafeInteger(record.block)
  ) {
    return { address: record.address, block: record.block }
  }
  throw new Error(`${file} has no address and block of ${contract}`)
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function hasFields<Name extends string>(
  value: unknown,
  ...names: readonly Name[]
): value is Readonly<Record<Name, unknown>> {
  return isFields(value) && names.every((name) => name in value)
}
