import { globSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { failuresOf } from './failures.ts'
import { root, run } from './process.mjs'

/** What runs at the same time, each by itself: most tests wait for a chain, a browser or a process of their own. */
const lanes = [
  {
    name: 'tests of contracts and crashes',
    takes: (file) => /^(contracts|test\/(contracts|faults))\//.test(file),
  },
  {
    name: 'tests of pages and deployment',
    takes: (file) => /^test\/(browser|start|deployment)\//.test(file),
  },
  { name: 'tests', takes: () => true },
]

/**
 * Runs the Solidity and TypeScript tests that are named, in one Hardhat run.
 *
 * @param {string[]} files test files
 * @param {Record<string, string>} env further environment
 * @returns {Promise<import('./summary.mjs').Result>}
 */
export function runTests(files, env) {
  return hardhat('tests', testing(files), env)
}

/**
 * Runs every test, in several Hardhat runs at the same time. The last of them prints as it goes, the others once they are
 * over.
 *
 * @param {Record<string, string>} env further environment
 * @returns {Promise<import('./summary.mjs').Result[]>} one result a run
 */
export async function runAllTests(env) {
  // Named one by one: what lies beside a test, such as its helpers, is not a test.
  const all = globSync(['{contracts,test}/**/*.t.sol', 'test/**/*.test.ts'], { cwd: root })
  const laneOf = (file) => lanes.findIndex(({ takes }) => takes(file))
  const runs = lanes.map(async ({ name }, lane) => {
    const files = all.filter((file) => laneOf(file) === lane)
    const isLast = lane === lanes.length - 1
    const result = await hardhat(name, testing(files), env, { show: isLast ? 'tee' : 'capture' })
    return isLast ? { ...result, output: '' } : result
  })
  const results = await Promise.all(runs)
  for (const { output } of results) if (output !== '') console.log(output)
  return results
}

function testing(files) {
  return ['test', '--no-compile', ...files.sort()]
}

/**
 * Runs the contracts' unit tests with coverage and holds it to what the project promises. What gas costs is left out:
 * counting lines costs gas. It prints nothing itself and gives way, so that it can run beside the tests.
 *
 * @returns {Promise<{ result: import('./summary.mjs').Result, output: string }>} and what there is to print
 */
export async function runCoverage() {
  const files = globSync('test/contracts/**/*.test.ts', { cwd: root }).filter(
    (file) => !file.endsWith('gas.test.ts'),
  )
  const config = ['--config', 'hardhat.coverage.config.ts', '--coverage', '--no-typechain']
  const args = [...config, 'test', 'mocha', ...files.sort()]
  const how = { show: 'capture', yields: true }
  const { output, ...result } = await hardhat('coverage', args, { SLUICE_COVERAGE: '1' }, how)
  const check = await run(process.execPath, ['scripts/check-coverage.mjs'])
  // The tests were counted when they ran by themselves; here they are one question.
  const failed = result.failed + (check.code === 0 ? 0 : 1)
  return {
    result: { ...result, passed: failed === 0 ? 1 : 0, failed },
    output: result.failed === 0 ? check.output : `${output}\n${check.output}`,
  }
}

/** What the deep run asks besides the tests: changes of the contracts that no test notices, one in three of them. */
export const mutations = {
  name: 'mutations',
  command: process.execPath,
  args: ['test/mutation/run.ts', '--every', '3'],
}

async function hardhat(name, args, env, how = {}) {
  const started = performance.now()
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const { code, output } = await run('hardhat', args, { show: 'tee', ...how, env: { ...color, ...env } })
  const text = stripVTControlCharacters(output)
  const failing = count(text, /^(\d+) failing \(/m)
  // A run that crashed, and a test that was left out, are failures that the runner does not count.
  const unseen = (code !== 0 && failing === 0 ? 1 : 0) + count(text, /^\s+(\d+) pending$/m)
  return {
    name,
    passed: count(text, /^(\d+) passing \(/m),
    failed: failing + unseen,
    failures: failuresOf(text),
    milliseconds: performance.now() - started,
    output,
  }
}

function count(text, pattern) {
  return Number(pattern.exec(text)?.[1] ?? 0)
}
