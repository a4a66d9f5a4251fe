import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { CompilerOutput } from 'hardhat/types/solidity'

/** A compiled contract. */
export type Compiled = {
  readonly abi: readonly unknown[]
  /** Creation code, hex without 0x. */
  readonly bytecode: string
  /** Runtime code with zeros where the immutables go, hex without 0x. */
  readonly deployedBytecode: string
  /** Byte offsets in the runtime code at which each immutable stands. */
  readonly immutables: Readonly<Record<string, readonly number[]>>
}

/**
 * Compiles `contracts/NAME.sol` on its own, with the settings of `hardhat.config.ts`.
 *
 * What solc emits depends a little on what else is compiled in the same run (syntax tree ids end up in the names it
 * orders functions by), so the artifact of an everyday build changes when a test contract is added. The address of a
 * deployment is a hash of these bytes: they may depend on the contract's own sources and settings only.
 */
export async function compileAlone(root: string, name: string): Promise<Compiled> {
  const cache = path.join(root, 'cache', `${name}.alone.json`)
  const sources = digestOfSources(root)
  if (existsSync(cache)) {
    const cached = JSON.parse(readFileSync(cache, 'utf8')) as { sources: string; compiled: Compiled }
    if (cached.sources === sources) return cached.compiled
  }
  const compiled = await compile(root, name)
  mkdirSync(path.dirname(cache), { recursive: true })
  writeFileSync(cache, JSON.stringify({ sources, compiled }))
  return compiled
}

async function compile(root: string, name: string): Promise<Compiled> {
  const file = path.join(root, 'contracts', `${name}.sol`)
  const { default: hre } = await import('hardhat')
  const jobs = await hre.solidity.getCompilationJobs([file], {
    isolated: true,
    force: true,
    quiet: true,
  })
  if (!jobs.success) throw new Error(jobs.formattedReason)
  const job = jobs.compilationJobsPerFile.get(file)
  if (job === undefined) throw new Error(`Hardhat found nothing to compile in ${file}`)
  const output =
    saved(root, await job.getBuildId()) ?? (await hre.solidity.runCompilationJob(job, { quiet: true })).output
  const contract = output.contracts?.[`project/contracts/${name}.sol`]?.[name]
  if (contract === undefined) {
    throw new Error(output.errors?.map((error) => error.formattedMessage ?? error.message).join('\n'))
  }
  if (Object.keys(contract.evm?.bytecode?.linkReferences ?? {}).length > 0) {
    throw new Error(`${name} links an external library, which its deployment does not support`)
  }
  return {
    abi: contract.abi as unknown[],
    bytecode: contract.evm?.bytecode?.object ?? '',
    deployedBytecode: contract.evm?.deployedBytecode?.object ?? '',
    immutables: immutablesByName(contract.evm?.deployedBytecode?.immutableReferences ?? {}, output.sources),
  }
}

/** What the everyday build made of the same job: its id is the hash of everything that goes into the compiler. */
function saved(root: string, buildId: string): CompilerOutput | undefined {
  const file = path.join(root, 'artifacts', 'build-info', `${buildId}.output.json`)
  if (!existsSync(file)) return undefined
  return (JSON.parse(readFileSync(file, 'utf8')) as { output: CompilerOutput }).output
}

/** Everything outside test contracts that the bytes can depend on. */
function digestOfSources(root: string): string {
  const files = globSync('contracts/**/*.sol', { cwd: root })
    .filter((file) => !file.includes('/mocks/') && !file.endsWith('.t.sol'))
    .concat('hardhat.config.ts', 'package-lock.json')
    .sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(path.join(root, file)))
  return hash.digest('hex')
}

type Places = Record<string, { start: number; length: number }[]>

function immutablesByName(references: Places, syntaxTrees: unknown): Record<string, number[]> {
  const names = new Map<string, string>()
  collectVariables(syntaxTrees, names)
  const found = Object.entries(references).map(([id, places]): [string, number[]] => {
    const name = names.get(id)
    if (name === undefined) throw new Error(`no variable with the syntax tree id ${id}`)
    if (places.some(({ length }) => length !== 32)) throw new Error(`${name} is not 32 bytes wide`)
    return [name.replace(/^_/, ''), places.map(({ start }) => start)]
  })
  return Object.fromEntries(found.sort(([a], [b]) => a.localeCompare(b)))
}

function collectVariables(node: unknown, names: Map<string, string>): void {
  if (typeof node !== 'object' || node === null) return
  if ('nodeType' in node && node.nodeType === 'VariableDeclaration' && 'id' in node && 'name' in node) {
    names.set(String(node.id), String(node.name))
  }
  for (const child of Object.values(node)) collectVariables(child, names)
}
