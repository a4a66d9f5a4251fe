import type { ContractEntry } from './contracts.ts'
import { banner, literal } from './text.ts'

/** An ES module that exports what each contract's signatures are bound to. */
export function domainsModule(entries: readonly ContractEntry[]): string {
  const functions = entries.map(({ contract, name, domain }) =>
    [
      `\n/** EIP-712 domain of \`${contract}\` on one chain. */`,
      `export function ${name}Domain({ chainId, contract }: Deployment) {`,
      `  return { name: ${literal(domain.name)}, version: ${literal(domain.version)}, chainId, verifyingContract: contract } as const`,
      '}\n',
    ].join('\n'),
  )
  return `${banner}import type { Deployment } from './types.js'\n${functions.join('')}`
}
