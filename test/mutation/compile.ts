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

/** The contents of files, by the name the compiler knows them by. */
export type Sources = ReadonlyMap<string, string>

/** Contracts as they are deployed, by the file that each is alone in and named after. */
export type Code = ReadonlyMap<string, Bytecode>

const off = {
  peephole: false,
  inliner: false,
  jumpdestRemover: false,
  orderLiterals: false,
  deduplicate: false,
  cse: false,
  constantOptimizer: false,
}

/** How much is optimized. `viaIR`, as what is deployed is compiled, would take half a minute. */
export const effort = {
  /** What makes the code fit the stack, and no more: takes a third of the time, and tests ask what it does. */
  little: {
    enabled: true,
    runs: 1,
    details: { ...off, yul: true, yulDetails: { stackAllocation: true, optimizerSteps: '' } },
  },
  /** Recognizes most of what is the same in other words. */
  more: { enabled: true, runs: 1 },
} as const

/** Every file that contracts are compiled from. */
export function readSources(root: string, files: readonly string[]): Sources {
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
  for (const file of files) add(file)
  return sources
}

/** The contracts of these files, or undefined when something does not compile. */
export function compile(
  sources: Sources,
  files: readonly string[],
  optimizer: (typeof effort)[keyof typeof effort],
): Code | undefined {
  const contractOf = (file: string) => path.basename(file, '.sol')
  const selected = ['evm.bytecode.object', 'evm.deployedBytecode.object']
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      evmVersion: 'cancun',
      optimizer,
      metadata: { appendCBOR: false, bytecodeHash: 'none' },
      outputSelection: Object.fromEntries(files.map((file) => [file, { [contractOf(file)]: selected }])),
    },
  }
  const { errors, contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  if (errors?.some(({ severity }) => severity === 'error') === true) return undefined
  const code = new Map<string, Bytecode>()
  for (const file of files) {
    const evm = contracts?.[file]?.[contractOf(file)]?.evm
    if (evm === undefined) return undefined
    code.set(file, {
      bytecode: `0x${evm.bytecode.object}`,
      deployedBytecode: `0x${evm.deployedBytecode.object}`,
    })
  }
  return code
}

/** Whether both would be deployed as the same. */
export function isSame(one: Code | undefined, other: Code | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return [...one].every(([file, { bytecode }]) => bytecode === other.get(file)?.bytecode)
}
