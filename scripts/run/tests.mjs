import { existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root, run } from './process.mjs'

/**
 * Runs Solidity and TypeScript tests in one Hardhat run.
 *
 * @param {string[]} files test files; none: all
 * @param {Record<string, string>} env further environment
 * @returns {Promise<import('./summary.mjs').Result>}
 */
export function runTests(files, env) {
  // Named one by one: what lies beside a test, such as its helpers, is not a test.
  const chosen =
    files.length > 0 ? files : globSync(['{contracts,test}/**/*.t.sol', 'test/**/*.test.ts'], { cwd: root })
  return hardhat('tests', ['test', '--no-compile', ...chosen.sort()], env)
}

/**
 * Runs the contracts' unit tests with coverage and holds it to what the project promises. What gas costs is left out:
 * counting lines costs gas.
 */
export async function runCoverage() {
  const files = globSync('test/contracts/**/*.test.ts', { cwd: root }).filter(
    (file) => !file.endsWith('gas.test.ts'),
  )
  const config = ['--config', 'hardhat.coverage.config.ts', '--coverage', '--no-typechain']
  const result = await hardhat('coverage', [...config, 'test', 'mocha', ...files.sort()], {
    SLUICE_COVERAGE: '1',
  })
  const check = 'scripts/check-coverage.mjs'
  const isCovered =
    !existsSync(path.join(root, check)) || (await run(process.execPath, [check], { show: 'tee' })).code === 0
  // The tests were counted when they ran by themselves; here they are one question.
  const failed = result.failed + (isCovered ? 0 : 1)
  return { ...result, passed: failed === 0 ? 1 : 0, failed }
}

/** Parts of the deep run that are programs of their own; each runs when it is there. */
export function deepParts() {
  return ['test/mutation/run.ts', 'test/soak/run.ts'].map((file) => ({
    name: path.dirname(file),
    command: process.execPath,
    args: [file],
    needs: file,
  }))
}

/** What Hardhat prints once every test has run, in colour or not. */
const closingLine = /^(?:\x1b\[\d+m)?\d+ (?:passing|failing) \(\d+ (?:solidity|mocha)/m

async function hardhat(name, args, env) {
  const started = performance.now()
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const { code, output, wasEnded } = await run('hardhat', args, {
    show: 'tee',
    env: { ...color, ...env },
    lastWord: closingLine,
  })
  const text = stripVTControlCharacters(output)
  const failing = count(text, /^(\d+) failing \(/m)
  if (wasEnded)
    console.log(`The ${name} did not end by themselves: something they started was never stopped.`)
  // A run that crashed, and a test that was left out, are failures that the runner does not count.
  const unseen = (code !== 0 && failing === 0 ? 1 : 0) + count(text, /^\s+(\d+) pending$/m)
  return {
    name,
    passed: count(text, /^(\d+) passing \(/m),
    failed: failing + unseen,
    milliseconds: performance.now() - started,
  }
}

function count(text, pattern) {
  return Number(pattern.exec(text)?.[1] ?? 0)
}
