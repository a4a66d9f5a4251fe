import { createHash } from 'node:crypto'
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { quietly, root, run, step } from './process.mjs'

const stamps = path.join(root, 'node_modules', '.cache', 'sluice')

/**
 * The parts of the build in order: what goes in, what must be there afterwards, and how. A part whose inputs and
 * outputs are as they were is not run.
 */
const contracts = {
  name: 'contracts',
  label: 'Compiling the contracts',
  inputs: ['contracts/**/*.sol', 'test/**/*.sol', 'hardhat.config.ts', 'package-lock.json'],
  outputs: ['artifacts/contracts/StreamChannels.sol/StreamChannels.json', 'types/ethers-contracts/index.ts'],
  work: () => quietly('hardhat', ['build', '--quiet']),
}

const native = {
  name: 'native',
  label: 'Compiling the signature check',
  inputs: ['native/src/*', 'native/build.mjs', 'package-lock.json'],
  outputs: [],
  work: async () => {
    const { output } = await run(process.execPath, ['native/build.mjs'])
    process.stderr.write(output)
  },
}

const generated = {
  name: 'generated',
  label: 'Generating ABIs and addresses',
  inputs: [
    'contracts/**/*.sol',
    'deployments/*.json',
    'scripts/generate.ts',
    'scripts/generate/**/*.ts',
    'hardhat.config.ts',
    'package-lock.json',
    'sdk/src/abi/*.ts',
    'sdk/src/{addresses,domains}.ts',
    'sdk/erc7730/*.json',
    'server/src/artifacts/*.ts',
  ],
  outputs: [],
  work: () => quietly(process.execPath, ['scripts/generate.ts']),
}

const packages = {
  name: 'packages',
  label: 'Building the packages',
  inputs: [
    '{sdk,server}/src/**/*',
    '{sdk,server}/{package,tsconfig}.json',
    'tsconfig.base.json',
    'package-lock.json',
  ],
  outputs: ['sdk/dist/index.js', 'server/dist/cli/main.js'],
  async work() {
    removeStale('sdk')
    removeStale('server')
    await quietly('tsc', ['-b', 'sdk', 'server'])
    const command = path.join(root, 'server/dist/cli/main.js')
    if (existsSync(command)) chmodSync(command, 0o755)
  },
}

const pages = {
  name: 'pages',
  label: 'Building the pages',
  inputs: [
    'app/{src,public,watch,studio,overlay,tournament}/**/*',
    'app/{package,tsconfig}.json',
    'app/vite.config.ts',
    'sdk/{src/**/*,package.json}',
    'tsconfig.base.json',
    'package-lock.json',
  ],
  outputs: ['app/dist/watch/index.html', 'app/dist/studio/index.html', 'app/dist/overlay/index.html'],
  work: () => quietly('vite', ['build', 'app', '--logLevel', 'warn']),
}

/** Everything that running the product needs. */
export async function buildProduct() {
  await ensure(native)
  await ensure(generated)
  await buildPackages()
}

/**
 * Everything, the contracts of the tests included.
 *
 * @param {{ generate?: boolean }} [options] without `generate` the committed files are taken as they are, so that a
 * test can tell whether they are right
 */
export async function buildAll({ generate = true } = {}) {
  if (generate) {
    await ensure(contracts)
    return buildProduct()
  }
  // Nothing of the packages waits for the contracts then, and the compiler of those keeps one core busy.
  const built = await Promise.allSettled([ensure(contracts), ensure(native), buildPackages()])
  for (const { reason } of built) if (reason !== undefined) throw reason
}

async function buildPackages() {
  await ensure(packages)
  await ensure(pages)
}

async function ensure(part) {
  const stamp = path.join(stamps, part.name)
  if (
    part.outputs.every((file) => existsSync(path.join(root, file))) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === digest(part.inputs)
  ) {
    return
  }
  await step(part.label, part.work)
  mkdirSync(stamps, { recursive: true })
  // Taken afterwards: a generated file is an input too.
  writeFileSync(stamp, digest(part.inputs))
}

function digest(patterns) {
  const hash = createHash('sha256').update(process.versions.node)
  const entries = globSync(patterns, { cwd: root, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  for (const file of [...new Set(files)].sort()) hash.update(`${file}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

/** Deletes what was built from sources that are gone: a test must not pass because of a file that nobody ships. */
function removeStale(name) {
  for (const file of globSync(`${name}/dist/**/*.{js,js.map,d.ts,d.ts.map}`, { cwd: root })) {
    const source = file.replace('/dist/', '/src/').replace(/(\.d\.ts|\.js)(\.map)?$/, '')
    if (!['.ts', '.tsx'].some((extension) => existsSync(path.join(root, source + extension)))) {
      rmSync(path.join(root, file))
    }
  }
}
