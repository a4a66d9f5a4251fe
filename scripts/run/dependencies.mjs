import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { quietly, root, step } from './process.mjs'

/**
 * Installs what the lock file says when something else, or nothing, is installed.
 *
 * @param {string} [directory] the package, by default the repository
 */
export async function ensureDependencies(directory = root) {
  if (installed(directory)) return
  const name = path.relative(root, directory)
  await step(`Installing dependencies${name === '' ? '' : ` of ${name}`}`, () =>
    quietly('npm', ['ci', '--no-audit', '--no-fund'], { cwd: directory }),
  )
}

/** Whether node_modules holds exactly what the lock file asks for on this machine. npm records what it put there. */
function installed(directory) {
  const recorded = path.join(directory, 'node_modules', '.package-lock.json')
  if (!existsSync(recorded)) return false
  const wanted = readPackages(path.join(directory, 'package-lock.json'))
  const present = readPackages(recorded)
  return Object.entries(wanted).every(([location, entry]) => {
    if (!location.includes('node_modules/') || entry.link === true || !runsHere(entry)) return true
    const found = present[location]
    // Optional parts without a platform of their own may be missing: npm tried, and they did not build.
    return found === undefined
      ? entry.optional === true && entry.os === undefined
      : found.version === entry.version
  })
}

/** Whether a package is meant for this machine: npm leaves the others out. */
function runsHere({ os, cpu, libc, peer, optional }) {
  if (os !== undefined && !os.includes(process.platform)) return false
  if (cpu !== undefined && !cpu.includes(process.arch)) return false
  if (libc !== undefined && !libc.includes(libcHere)) return false
  return !(peer === true && optional === true)
}

const libcHere = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
