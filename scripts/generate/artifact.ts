import type { Compiled } from './compile.ts'
import type { ContractEntry } from './contracts.ts'
import { saltOf } from './creation.ts'
import { banner, literal } from './text.ts'

/**
 * An ES module with the creation code and where its runtime part and immutables stand. Whoever deploys can then work
 * out the exact runtime code of any address on any chain, without trusting a node for it.
 */
export function artifactModule(entry: ContractEntry, compiled: Compiled): string {
  const { contract, name, domain } = entry
  const { bytecode, deployedBytecode } = compiled
  const start = bytecode.lastIndexOf(deployedBytecode)
  if (start < 0 || deployedBytecode === '')
    throw new Error(`the creation code of ${contract} does not contain its runtime code`)
  const fields = {
    contract,
    name,
    domain,
    salt: saltOf(entry),
    runtime: { start: start / 2, length: deployedBytecode.length / 2 },
    immutables: compiled.immutables,
    bytecode: `0x${bytecode}`,
  }
  const lines = Object.entries(fields).map(([key, value]) => `  ${key}: ${literal(value)},\n`)
  return [
    banner,
    `/** \`${contract}\` as it is deployed; each field is explained in \`deploy/artifact.ts\`. */\n`,
    `export const ${name} = {\n${lines.join('')}} as const\n`,
  ].join('')
}

/** An ES module that lists every contract's artifact. */
export function artifactListModule(entries: readonly ContractEntry[]): string {
  const sorted = entries.map(({ name }) => name).sort()
  const imports = sorted.map((name) => `import { ${name} } from './${name}.js'\n`).join('')
  const names = entries.map(({ name }) => name).join(', ')
  return `${banner}${imports}\n/** Every contract, in the order of deployment. */\nexport const artifacts = [${names}] as const\n`
}
