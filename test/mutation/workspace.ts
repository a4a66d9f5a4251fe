import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Bytecode } from './compile.ts'

const copied = ['contracts', 'test/contracts', 'test/support', 'test/vectors', 'artifacts', 'package.json']

/** Without `viaIR` the largest contracts are a little too large for a real chain, which says nothing about their tests. */
const config = `import { defineConfig } from 'hardhat/config'
import project from './hardhat.project.ts'

const { default: local, ...networks } = project.networks
export default defineConfig({
  ...project,
  networks: { ...networks, default: { ...local, allowUnlimitedContractSize: true } },
})
`

/** A copy of the project whose compiled contract can be exchanged for a mutant's, and tested. */
export type Workspace = {
  readonly put: (code: Bytecode) => void
  /** Whether every test in these files passes. A run that takes too long has failed. */
  readonly passes: (files: readonly string[]) => Promise<boolean>
  readonly remove: () => void
}

const patience = 300_000

export function createWorkspace(root: string, contract: string): Workspace {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-mutation-'))
  for (const name of copied) cpSync(path.join(root, name), path.join(folder, name), { recursive: true })
  cpSync(path.join(root, 'hardhat.config.ts'), path.join(folder, 'hardhat.project.ts'))
  writeFileSync(path.join(folder, 'hardhat.config.ts'), config)
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  const artifact = path.join(folder, `artifacts/contracts/${contract}.sol/${contract}.json`)
  const original = JSON.parse(readFileSync(artifact, 'utf8')) as Record<string, unknown>
  const hardhat = path.join(root, 'node_modules/hardhat/dist/src/cli.js')

  return {
    put: (code) => {
      writeFileSync(artifact, JSON.stringify({ ...original, ...code, immutableReferences: {} }))
    },
    passes: (files) =>
      new Promise((resolve) => {
        const args = [hardhat, 'test', 'mocha', '--no-compile', '--bail', ...files]
        const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' })
        const timer = setTimeout(() => child.kill('SIGKILL'), patience)
        child.on('exit', (code) => {
          clearTimeout(timer)
          resolve(code === 0)
        })
      }),
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
