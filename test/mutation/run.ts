// Changes the contracts a little, many times over, and lists the changes that no test notices.
//   node test/mutation/run.ts                      all of it, which takes hours; `npm run test:deep` makes one in ten
//   node test/mutation/run.ts Escrow               one contract
//   node test/mutation/run.ts Escrow Fees          only files, operators or lines that contain the text
//   node test/mutation/run.ts Escrow --every 10    one in ten
//   node test/mutation/run.ts Escrow --list        what would be changed
//   node test/mutation/run.ts Escrow --report      writes reports/Escrow.md
// Needs compiled artifacts. Fails on a survivor that justified.json does not name.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { compile, readSources, type Bytecode } from './compile.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
import { report, type Justification, type Verdict } from './report.ts'
import { targets, type Target } from './targets.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const root = path.resolve(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
  },
})
const [name = '', filter = ''] = positionals
const every = Number(values.every)
if (values.report && filter !== '') throw new Error('A report is of a whole contract: leave the text away.')
if (!Number.isInteger(every) || every < 1)
  throw new Error(`--every takes a whole number from 1 on, not ${values.every}.`)
const asked = targets.filter(({ contract }) => name === '' || contract === name)
if (asked.length === 0) {
  const known = targets.map(({ contract }) => contract).join(', ')
  throw new Error(`There is no contract ${name}; there are ${known}.`)
}

for (const target of asked) {
  const sources = readSources(root, target.contract)
  const chosen = target.mutated
    .flatMap((file) => mutantsOf(file, sources.get(file) ?? ''))
    .filter(({ file, line, operator, before }) => `${file}:${line} ${operator} ${before}`.includes(filter))
    .filter((_, index) => index % every === 0)
  if (values.list) {
    for (const { file, line, operator, before, after } of chosen)
      console.log(`${file}:${line} ${operator}\n  - ${before}\n  + ${after}`)
    console.log(`${target.contract}: ${chosen.length} mutants`)
  } else if (!(await run(target, sources, chosen))) {
    process.exitCode = 1
  }
}

async function run(
  target: Target,
  sources: ReadonlyMap<string, string>,
  mutants: readonly Mutant[],
): Promise<boolean> {
  const { contract, everything } = target
  const baseline = compile(sources, contract)
  if (baseline === undefined) throw new Error('The contracts do not compile as they are.')
  const workers = Math.max(1, availableParallelism())
  const workspaces = Array.from({ length: workers }, () => createWorkspace(root, contract))
  try {
    const [first] = workspaces
    first?.put(baseline)
    if ((await first?.passes(everything)) !== true) throw new Error('The tests fail without any mutant.')

    const verdicts: Verdict[] = []
    let next = 0
    const work = async (workspace: Workspace): Promise<void> => {
      for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
        const code = compile(new Map(sources).set(mutant.file, mutant.source), contract)
        verdicts.push({ mutant, outcome: await outcomeOf(target, workspace, mutant, code, baseline) })
        progress(verdicts, mutants.length)
      }
    }
    await Promise.all(workspaces.map(work))
    return await conclude(target, verdicts)
  } finally {
    for (const workspace of workspaces) workspace.remove()
  }
}

async function outcomeOf(
  { everything, likely }: Target,
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
  const others = everything.filter((file) => !soon.includes(file))
  return others.length === 0 || (await workspace.passes(others)) ? 'survived' : 'killed'
}

function progress(verdicts: readonly Verdict[], total: number): void {
  const last = verdicts.at(-1)
  if (last?.outcome === 'survived') {
    const { file, line, before, after } = last.mutant
    console.log(`survived  ${file}:${line}\n  - ${before}\n  + ${after}`)
  }
  if (verdicts.length % 25 === 0) console.log(`${verdicts.length} of ${total}`)
}

/** Whether every survivor has a reason, and every reason a survivor. */
async function conclude({ contract, mutated }: Target, verdicts: readonly Verdict[]): Promise<boolean> {
  const file = path.join(import.meta.dirname, 'justified.json')
  const justified = (JSON.parse(readFileSync(file, 'utf8')) as readonly Justification[]).filter((each) =>
    mutated.includes(each.file),
  )
  const { text, unjustified, unused } = report(contract, every, verdicts, justified)
  console.log(text)
  const isWhole = filter === '' && every === 1
  if (values.report) {
    const page = path.join(import.meta.dirname, 'reports', `${contract}.md`)
    mkdirSync(path.dirname(page), { recursive: true })
    writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }))
  }
  if (isWhole) {
    for (const { before, after } of unused) console.log(`justified, but killed by now: ${before} -> ${after}`)
  }
  if (unjustified.length > 0) console.log(`${unjustified.length} survivors are neither killed nor justified.`)
  return unjustified.length === 0 && (!isWhole || unused.length === 0)
}
