// Changes the contracts a little, many times over, and lists the changes that no test notices.
//   node test/mutation/run.ts                 all of it, as part of `npm run test:deep`
//   node test/mutation/run.ts Funding         only files, operators or lines that contain the text
//   node test/mutation/run.ts --list [text]   what would be changed
// Needs compiled artifacts. Writes REPORT.md when all was run; fails on a survivor that justified.json does not name.
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { format, resolveConfig } from 'prettier'
import { compile, readSources, type Bytecode } from './compile.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
import { report, type Justification, type Verdict } from './report.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const root = path.resolve(import.meta.dirname, '../..')
const libraries = ['ChannelSlots', 'Funding', 'Payouts', 'Signatures', 'Vouchers']
const mutated = [
  'contracts/StreamChannels.sol',
  ...libraries.map((name) => `contracts/libraries/${name}.sol`),
]

const inFolder = (name: string) => `test/contracts/${name}.test.ts`
const functions = ['deposit', 'claim', 'close', 'withdraw', 'requestClose', 'views', 'multicall'].map(
  inFolder,
)
const funding = ['depositWithPermit', 'depositWithAuthorization', 'depositWithPermit2'].map(inFolder)
const attacks = ['reentrancy', 'replay', 'blocking', 'timing'].map((name) => inFolder(`attacks/${name}`))
const signatures = [inFolder('signatures')]

/** The tests most likely to notice a change in a file; the others are asked when these do not. */
function likely(file: string): readonly string[] {
  if (file.endsWith('Funding.sol')) return [inFolder('deposit'), ...funding]
  if (file.endsWith('Signatures.sol')) return signatures
  if (file.endsWith('Payouts.sol')) return ['claim', 'close', 'withdraw'].map(inFolder)
  return functions
}

const everything = [...functions, ...funding, ...signatures, ...attacks]
const isListing = process.argv[2] === '--list'
const filter = process.argv[isListing ? 3 : 2] ?? ''

const sources = readSources(root)
const chosen = mutated
  .flatMap((file) => mutantsOf(file, sources.get(file) ?? ''))
  .filter(({ file, line, operator, before }) => `${file}:${line} ${operator} ${before}`.includes(filter))
if (isListing) {
  for (const { file, line, operator, before, after } of chosen)
    console.log(`${file}:${line} ${operator}\n  - ${before}\n  + ${after}`)
  console.log(`${chosen.length} mutants`)
} else {
  process.exitCode = await run(chosen)
}

async function run(mutants: readonly Mutant[]): Promise<number> {
  const baseline = compile(sources)
  if (baseline === undefined) throw new Error('The contracts do not compile as they are.')
  const workspaces = Array.from({ length: Math.max(1, availableParallelism()) }, () => createWorkspace(root))
  try {
    const [first] = workspaces
    first?.put(baseline)
    if ((await first?.passes(everything)) !== true) throw new Error('The tests fail without any mutant.')

    const verdicts: Verdict[] = []
    let next = 0
    const work = async (workspace: Workspace): Promise<void> => {
      for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
        const code = compile(new Map(sources).set(mutant.file, mutant.source))
        verdicts.push({ mutant, outcome: await outcomeOf(workspace, mutant, code, baseline) })
        progress(verdicts, mutants.length)
      }
    }
    await Promise.all(workspaces.map(work))
    return await conclude(verdicts)
  } finally {
    for (const workspace of workspaces) workspace.remove()
  }
}

async function outcomeOf(
  workspace: Workspace,
  mutant: Mutant,
  code: Bytecode | undefined,
  baseline: Bytecode,
): Promise<Verdict['outcome']> {
  if (code === undefined) return 'invalid'
  if (code.bytecode === baseline.bytecode) return 'same'
  workspace.put(code)
  const soon = likely(mutant.file)
  if (!(await workspace.passes(soon))) return 'killed'
  return (await workspace.passes(everything.filter((file) => !soon.includes(file)))) ? 'survived' : 'killed'
}

function progress(verdicts: readonly Verdict[], total: number): void {
  const last = verdicts.at(-1)
  if (last?.outcome === 'survived') {
    const { file, line, before, after } = last.mutant
    console.log(`survived  ${file}:${line}\n  - ${before}\n  + ${after}`)
  }
  if (verdicts.length % 25 === 0) console.log(`${verdicts.length} of ${total}`)
}

async function conclude(verdicts: readonly Verdict[]): Promise<number> {
  const file = path.join(import.meta.dirname, 'justified.json')
  const justified = JSON.parse(readFileSync(file, 'utf8')) as readonly Justification[]
  const { text, unjustified, unused } = report(verdicts, justified)
  console.log(text)
  if (filter === '') {
    const page = path.join(import.meta.dirname, 'REPORT.md')
    writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }))
    for (const { before, after } of unused) console.log(`justified, but killed by now: ${before} -> ${after}`)
  }
  if (unjustified.length > 0) console.log(`${unjustified.length} survivors are neither killed nor justified.`)
  return unjustified.length === 0 && (filter !== '' || unused.length === 0) ? 0 : 1
}
