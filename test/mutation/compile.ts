import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

type Output = {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly evm: Readonly<Record<'bytecode' | 'deployedBytecode', { readonly object: string }>> }
        >
      >
    >
  >
}

const require = createRequire(import.meta.url)
const solc = require('solc') as { readonly compile: (input: string) => string }

/** What a contract is made of, without the hash of its source. */
export type Bytecode = { readonly bytecode: string; readonly deployedBytecode: string }

const fileOf = (contract: string) => `contracts/${contract}.sol`

/** Every file that a contract is compiled from, by the name the compiler knows it by. */
export function readSources(root: string, contract: string): Map<string, string> {
  const sources = new Map<string, string>()
  const add = (name: string): void => {
    if (sources.has(name)) return
    const file = name.startsWith('contracts/') ? path.join(root, name) : path.join(root, 'node_modules', name)
    const content = readFileSync(file, 'utf8')
    sources.set(name, content)
    for (const [, imported = ''] of content.matchAll(/from "([^"]+)"/g)) {
      add(imported.startsWith('.') ? path.posix.join(path.posix.dirname(name), imported) : imported)
    }
  }
  add(fileOf(contract))
  return sources
}

/**
 * The contract's code, or undefined when it does not compile. Optimized little, as speed of compiling counts, and for
 * size, as the largest would otherwise not fit without `viaIR`.
 */
export function compile(sources: ReadonlyMap<string, string>, contract: string): Bytecode | undefined {
  const main = fileOf(contract)
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 1 },
      metadata: { appendCBOR: false, bytecodeHash: 'none' },
      outputSelection: { [main]: { [contract]: ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  if (output.errors?.some((error) => error.severity === 'error') === true) return undefined
  const evm = output.contracts?.[main]?.[contract]?.evm
  if (evm === undefined) return undefined
  return { bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` }
}
