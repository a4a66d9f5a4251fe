// Fails when a line of contracts/ other than its mocks is not run by the contract tests: node scripts/check-coverage.mjs
// Reads what `npm run coverage` wrote. Hardhat reports lines, and branches only where a later version should write
// them; that every branch matters to a test is what test/mutation shows.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const root = path.resolve(import.meta.dirname, '..')

/**
 * @typedef {{ file: string, missedLines: number[], lines: number, missedBranches: number, branches: number }} Coverage
 * @param {string} lcov
 * @returns {Coverage[]}
 */
function parse(lcov) {
  return lcov
    .split('end_of_record')
    .map((record) => record.trim())
    .filter((record) => record !== '')
    .map((record) => {
      const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)]
      const branches = [...record.matchAll(/^BRDA:\d+,\d+,\d+,(\S+)/gm)]
      return {
        file: path.relative(root, path.resolve(root, /^SF:(.+)$/m.exec(record)?.[1] ?? '')),
        missedLines: lines.filter(([, , hits]) => hits === '0').map(([, line]) => Number(line)),
        lines: lines.length,
        missedBranches: branches.filter(([, hits]) => hits === '0' || hits === '-').length,
        branches: branches.length,
      }
    })
}

let lcov
try {
  lcov = readFileSync(path.join(root, 'coverage/lcov.info'), 'utf8')
} catch {
  console.error('There is no coverage/lcov.info: run `npm run coverage` first.')
  process.exit(1)
}

const files = parse(lcov).filter(
  ({ file }) => file.startsWith(`contracts${path.sep}`) && !file.startsWith(path.join('contracts', 'mocks')),
)
// What only declares has no line that could run.
const expected = globSync('contracts/{,libraries/}*.sol', { cwd: root })
const missing = expected.filter((name) => !files.some(({ file }) => file === name))
for (const name of missing) console.error(`${name}: not in the report`)

let complete = missing.length === 0
for (const { file, lines, missedLines, branches, missedBranches } of files) {
  const parts = [`${lines - missedLines.length} of ${lines} lines`]
  if (branches > 0) parts.push(`${branches - missedBranches} of ${branches} branches`)
  if (missedLines.length > 0) parts.push(`not run: ${missedLines.join(', ')}`)
  console.log(`${file}: ${parts.join(', ')}`)
  if (missedLines.length > 0 || missedBranches > 0 || lines === 0) complete = false
}
console.log(complete ? 'Every line of the contracts is run by a test.' : 'The contracts are not covered.')
process.exit(complete ? 0 : 1)
