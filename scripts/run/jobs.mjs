import { existsSync } from 'node:fs'
import path from 'node:path'
import { buildAll, buildProduct } from './build.mjs'
import { runChecks, staticChecks } from './checks.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { root, run, StepFailed } from './process.mjs'
import { summarize } from './summary.mjs'
import { mutations, runAllTests, runCoverage, runTests } from './tests.mjs'

/**
 * The root scripts. Each sets up what it needs, takes the arguments after `--` and returns the exit code.
 *
 * @type {Record<string, (args: string[]) => Promise<number>>}
 */
export const jobs = {
  setup: prepared(buildAll, () => {
    console.error('Ready. Next: npm start, or npm test.')
    return 0
  }),
  build: prepared(buildAll, () => 0),
  // The tour pays with a token of the mocks, so it needs every contract compiled.
  start: prepared(buildAll, (args) => execute('scripts/start/main.ts', args)),
  screenshots: prepared(buildAll, () => execute('scripts/screenshots.ts', [])),
  deploy: prepared(buildProduct, (args) => execute('scripts/deploy.ts', args)),
  sluice: prepared(buildProduct, (args) => execute('server/dist/cli/main.js', args)),
  lint: prepared(buildForTests, async () => summarize(await runChecks(staticChecks))),
  test: tested({}),
  'test:deep': tested({ SLUICE_DEEP: '1' }),
  coverage: prepared(buildForTests, async () => {
    const { result, output } = await runCoverage()
    console.log(output)
    return summarize([result])
  }),
  bench: prepared(buildProduct, async (args) => {
    if (!existsSync(path.join(root, 'bench', 'package.json')))
      throw new StepFailed('bench/package.json is missing')
    await ensureDependencies(path.join(root, 'bench'))
    return execute('bench/main.mjs', args)
  }),
}

/** Tests compare the generated files instead of writing them. */
function buildForTests() {
  return buildAll({ generate: false })
}

function prepared(build, work) {
  return async (args) => {
    try {
      await ensureDependencies()
      await build()
      return await work(args)
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error
      console.error(error.message)
      return 1
    }
  }
}

/**
 * What can be looked at while the tests run, which mostly wait: the static checks and the coverage of the contracts. They
 * print nothing until they are asked for it, and give way to the tests.
 */
async function runBeside() {
  const said = []
  const coverage = runCoverage()
  const options = { atOnce: 1, yields: true, say: (text) => void said.push(text) }
  const checks = await runChecks(staticChecks, options)
  const { result, output } = await coverage
  return { results: [...checks, result], output: [output, ...said].join('\n') }
}

/** Named files run alone; without any, everything runs. */
function tested(env) {
  return async (args) => {
    const results = []
    try {
      await ensureDependencies()
      await buildForTests()
      if (args.length > 0) return summarize([await runTests(args, env)])
      const beside = runBeside()
      const tests = await runAllTests(env)
      const { results: others, output } = await beside
      console.log(output)
      results.push(...others, ...tests)
      if (env.SLUICE_DEEP === '1') results.push(...(await runChecks([mutations], { show: true, env })))
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error
      console.error(error.message)
      results.push({ name: 'preparation', passed: 0, failed: 1, milliseconds: 0 })
    }
    return summarize(results)
  }
}

/** Runs a program with the arguments it was asked for. */
async function execute(file, args) {
  if (!existsSync(path.join(root, file))) throw new StepFailed(`${file} is missing`)
  const { code } = await run(process.execPath, [file, ...args], { show: 'inherit' })
  return code
}
