import { existsSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './process.mjs'

/**
 * A check that passes or fails as a whole.
 *
 * @typedef {{ name: string, command: string, args: string[], needs?: string, hint?: string }} Check
 */

/** @type {Check[]} The slow ones first, so that several at a time end together. */
export const staticChecks = [
  { name: 'eslint', command: 'eslint', args: ['.', '--max-warnings', '0'] },
  {
    name: 'format',
    command: 'prettier',
    args: ['--check', '--log-level', 'warn', '.'],
    hint: 'Run: npx prettier --write .',
  },
  { name: 'types of packages', command: 'tsc', args: ['-b', 'sdk', 'server'] },
  { name: 'types of pages', command: 'tsc', args: ['-p', 'app'] },
  { name: 'types of tests and scripts', command: 'tsc', args: ['-p', 'tsconfig.test.json'] },
  {
    name: 'solhint',
    command: 'solhint',
    args: ['--noPoster', '--disc', '--max-warnings', '0', 'contracts/**/*.sol'],
    needs: '.solhint.json',
  },
  {
    name: 'who may import whom',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'sdk/src', 'server/src', 'app/src'],
  },
  { name: 'generated files', command: process.execPath, args: ['scripts/generate.ts', '--check'] },
  {
    name: 'package @sluice/secp256k1',
    command: process.execPath,
    args: ['scripts/check-package.mjs', 'native'],
  },
  { name: 'package @sluice/sdk', command: process.execPath, args: ['scripts/check-package.mjs', 'sdk'] },
  {
    name: 'package @sluice/server',
    command: process.execPath,
    args: ['scripts/check-package.mjs', 'server'],
  },
]

/**
 * Runs checks, by default two at a time, and tells what became of each and what a failed one printed.
 *
 * @param {Check[]} checks
 * @param {{ atOnce?: number, show?: boolean, yields?: boolean, say?: (text: string) => void, env?: Record<string, string> }}
 * [options] `show`: passes their output through; `yields`: whether they give way to other programs
 * @returns {Promise<import('./summary.mjs').Result[]>} one result a check, in the order given
 */
export async function runChecks(checks, options = {}) {
  const todo = checks.filter(({ needs }) => needs === undefined || existsSync(path.join(root, needs)))
  const results = new Array(todo.length)
  let next = 0
  const worker = async () => {
    while (next < todo.length) {
      const index = next++
      results[index] = await runCheck(todo[index], options)
    }
  }
  await Promise.all(Array.from({ length: options.atOnce ?? 2 }, worker))
  return results
}

async function runCheck(check, { show = false, yields = false, say = console.log, env = {} }) {
  const { name, command, args, hint } = check
  const started = performance.now()
  const { code, output } = await run(command, args, { env, yields, show: show ? 'tee' : 'capture' })
  const milliseconds = performance.now() - started
  const failed = code === 0 ? 0 : 1
  say(`${failed === 0 ? '    ok' : 'FAILED'}  ${name}  ${(milliseconds / 1000).toFixed(1)} s`)
  if (failed === 1 && !show) say(`\n${output.trim()}\n${hint === undefined ? '' : `${hint}\n`}`)
  return { name, passed: 1 - failed, failed, milliseconds }
}
