import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { banner } from './artifact.ts'

/** Chains that live only on one machine: their deployments are nobody else's business. */
const localChains = new Set([1337, 31337])

/**
 * An ES module that exports where the contracts are, by chain id.
 *
 * @param directory of the recorded deployments
 * @param everywhere address on every chain that has this version
 */
export function addressesModule(directory: string, everywhere: string): string {
  const records = (existsSync(directory) ? readdirSync(directory) : [])
    .map((file) => ({ file, chainId: Number(/^(\d+)\.json$/.exec(file)?.[1] ?? NaN) }))
    .filter(({ chainId }) => !Number.isNaN(chainId) && !localChains.has(chainId))
    .sort((a, b) => a.chainId - b.chainId)
    .map(({ file, chainId }) => `  ${chainId}: ${place(path.join(directory, file))},\n`)
    .join('')
  const body = records === '' ? '{}' : `{\n${records}}`
  return `${banner}/** Where a contract is on one chain, and the block that created it. */
export type DeployedAt = { readonly address: \`0x\${string}\`; readonly block: bigint }

/** Known deployments of \`StreamChannels\` by chain id. */
export const streamChannelsAddresses: Readonly<Record<number, DeployedAt>> = ${body}

/** Where this version of \`StreamChannels\` is on every chain that has it: CREATE2 lets no other code stand there. */
export const streamChannelsAddress: \`0x\${string}\` = '${everywhere}'
`
}

function place(file: string): string {
  const record: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (
    typeof record === 'object' &&
    record !== null &&
    'address' in record &&
    typeof record.address === 'string' &&
    /^0x[0-9a-fA-F]{40}$/.test(record.address) &&
    'block' in record &&
    Number.isSafeInteger(record.block)
  ) {
    return `{ address: '${record.address}', block: ${String(record.block)}n }`
  }
  throw new Error(`${file} has no address and block`)
}
