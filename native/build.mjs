#!/usr/bin/env node
// Compiles the library with whatever C compiler is here: on installation, and by `npm run build` of the repository.
// Without a compiler nothing is built and nothing fails, because the SDK does without.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const directory = import.meta.dirname
const output = path.join(directory, 'build', 'secp256k1.node')

const require = createRequire(import.meta.url)
const locate = (name, ...inside) =>
  path.join(path.dirname(require.resolve(`${name}/package.json`)), ...inside)

function isInstalled(name) {
  try {
    return require.resolve(`${name}/package.json`) !== ''
  } catch {
    return false
  }
}

/** As the package of libsecp256k1 configures it, with its arithmetic of 64-bit words in C. */
const configuration = {
  ECMULT_GEN_PREC_BITS: 4,
  ECMULT_WINDOW_SIZE: 15,
  HAVE___INT128: 1,
  USE_ENDOMORPHISM: 1,
  USE_FIELD_5X52: 1,
  USE_FIELD_INV_BUILTIN: 1,
  USE_NUM_NONE: 1,
  USE_SCALAR_4X64: 1,
  USE_SCALAR_INV_BUILTIN: 1,
}

const linking = { linux: ['-shared'], darwin: ['-bundle', '-undefined', 'dynamic_lookup'] }[process.platform]

function build() {
  if (linking === undefined || !['x64', 'arm64'].includes(process.arch)) {
    return `no build for ${process.platform}-${process.arch}`
  }
  if (!isInstalled('secp256k1')) return 'the package secp256k1 is not installed'
  const library = locate('secp256k1', 'src', 'secp256k1')
  const headers = locate('node-api-headers', 'include')
  mkdirSync(path.dirname(output), { recursive: true })
  const unfinished = `${output}.${String(process.pid)}`
  const flags = ['-O3', '-fPIC', '-fvisibility=hidden', '-std=gnu11', '-w']
  const defines = Object.entries(configuration).map(([name, value]) => `-D${name}=${String(value)}`)
  const includes = [library, path.join(library, 'src'), headers].map((folder) => `-I${folder}`)
  const source = path.join(directory, 'src', 'addon.c')
  const args = [...flags, ...linking, ...defines, ...includes, source, '-o', unfinished, '-lpthread']
  const compilers = process.env.CC === undefined ? ['cc', 'gcc', 'clang'] : [process.env.CC]
  let reason = 'no C compiler'
  for (const compiler of compilers) {
    const { status, error, stderr } = spawnSync(compiler, args, { encoding: 'utf8' })
    if (status === 0) {
      renameSync(unfinished, output)
      return undefined
    }
    if (error?.code !== 'ENOENT') reason = `${compiler} failed: ${error?.message ?? stderr}`
  }
  rmSync(unfinished, { force: true })
  return reason
}

function isUpToDate() {
  if (!existsSync(output)) return false
  const built = statSync(output).mtimeMs
  const sources = [...readdirSync(path.join(directory, 'src')).map((file) => `src/${file}`), 'build.mjs']
  return sources.every((file) => statSync(path.join(directory, file)).mtimeMs <= built)
}

if (!isUpToDate()) {
  const reason = build()
  if (reason !== undefined) console.log(`Signatures are checked by the slower library: ${reason}.`)
}
