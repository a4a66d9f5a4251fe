import type { Compiled } from './compile.ts'
import type { ContractEntry } from './contracts.ts'
import { banner, literal } from './text.ts'

const kinds = { Functions: 'function', Events: 'event', Errors: 'error' } as const

/**
 * ES modules that export the ABI: one a kind, one entry a line, and one that puts them together. A page that only calls
 * need not load what reads errors, and bundlers divide code by files.
 *
 * @returns texts by file name
 */
export function abiModules(
  { contract, name }: ContractEntry,
  compiled: Compiled,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const [plural, kind] of Object.entries(kinds)) {
    const entries = compiled.abi
      .filter((entry) => isKind(entry, kind))
      .map((entry) => `  ${literal(withoutInternalTypes(entry))},\n`)
    const doc = `/** The ${plural.toLowerCase()} of \`${contract}\`. */`
    files.set(
      `${name}${plural}.ts`,
      `${banner}${doc}\nexport const ${name}${plural} = [\n${entries.join('')}] as const\n`,
    )
  }
  const parts = partsOf(name)
  const imports = [...parts].sort().map((part) => `import { ${part} } from './${part}.js'\n`)
  const all = parts.map((part) => `...${part}`).join(', ')
  const doc = `/** ABI of \`${contract}\`. */`
  files.set(
    `${name}.ts`,
    `${banner}${imports.join('')}\n${doc}\nexport const ${name}Abi = [${all}] as const\n`,
  )
  return files
}

/** An ES module that passes on the ABIs of every contract, for the entry point that gathers them. */
export function abiListModule(entries: readonly ContractEntry[]): string {
  const lines = entries
    .flatMap(({ name }) => [
      `export { ${name}Abi } from './${name}.js'\n`,
      ...partsOf(name).map((part) => `export { ${part} } from './${part}.js'\n`),
    ])
    .join('')
  return `${banner}${lines}`
}

function partsOf(name: string): readonly string[] {
  return Object.keys(kinds).map((plural) => `${name}${plural}`)
}

function isKind(entry: unknown, kind: 'function' | 'event' | 'error'): boolean {
  return typeof entry === 'object' && entry !== null && 'type' in entry && entry.type === kind
}

/** Nothing reads Solidity's own type names, and browsers load this. */
function withoutInternalTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInternalTypes)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([key]) => key !== 'internalType')
  return Object.fromEntries(fields.map(([key, inner]) => [key, withoutInternalTypes(inner)]))
}
