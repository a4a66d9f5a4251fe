// Changes the contracts a little, many times over, and lists the changes that no test notices.
//   node test/mutation/run.ts                      all of it, which takes about an hour
//   node test/mutation/run.ts Escrow               one contract
//   node test/mutation/run.ts Escrow Fees          only files, operators or lines that contain the text
//   node test/mutation/run.ts Escrow --every 10    one in ten
//   node test/mutation/run.ts Escrow --list        what would be changed
//   node test/mutation/run.ts Escrow --report      writes reports/Escrow.md
// Needs compiled artifacts. Fails on a survivor that justified.json does not name.
//
// One process a core (worker.ts) compiles a change, puts the code in the place of the contract's artifact and loads test
// files anew, until one fails. Those that noticed changes of lines nearby are asked first.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { readSources } from './compile.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
import { createOrder, type Order, type Question } from './order.ts'
import { report, type Justification, type Verdict } from './report.ts'
import { targetOf, targets, type Target } from './targets.ts'
import { createWorker, type Worker } from './workers.ts'

/** How many changes a process makes before it is replaced: what it loads anew for each of them it never lets go. */
const lifetime = 120
/** How many times as long as all tests take without a change a change may take, since a loop may have become endless. */
const enough = 20
/** How long the tests may take without a change, milliseconds. */
const longest = 300_000

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

for (const target of name === '' ? targets : [targetOf(name)]) {
  const sources = readSources(root, target.compiled)
  const chosen = target.mutated
    .flatMap((file) => mutantsOf(file, sources.get(file) ?? ''))
    .filter(({ file, line, operator, before }) => `${file}:${line} ${operator} ${before}`.includes(filter))
    .filter((_, index) => index % every === 0)
  if (values.list) {
    for (const { file, line, operator, before, after } of chosen)
      console.log(`${file}:${line} ${operator}\n  - ${before}\n  + ${after}`)
    console.log(`${target.contract}: ${chosen.length} mutants`)
  } else if (!(await run(target, chosen))) {
    process.exitCode = 1
  }
}

async function run(target: Target, mutants: readonly Mutant[]): Promise<boolean> {
  const order = createOrder(target.tests)
  const verdicts: Verdict[] = []
  const queue = [...mutants]
  const makeSome = async (worker: Worker): Promise<void> => {
    const patience = enough * (await unchanged(worker, target))
    for (let made = 0; made < lifetime; made++) {
      const mutant = queue.shift()
      if (mutant === undefined) break
      const answer = await worker.ask({ change: mutant, questions: order.of(mutant) }, patience)
      if (answer.outcome === 'killed') learn(order, mutant, answer.by)
      verdicts.push({ mutant, outcome: answer.outcome })
      progress(verdicts, mutants.length)
    }
    // A change that spoiled the process would have killed all that came after it.
    await unchanged(worker, target)
  }
  const lane = async (): Promise<void> => {
    while (queue.length > 0) {
      const worker = createWorker(root, target.contract)
      try {
        await makeSome(worker)
      } finally {
        worker.end()
      }
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return await conclude(target, verdicts)
}

/** Expects every test to pass without any change, and tells how long that took, in milliseconds. */
async function unchanged(worker: Worker, { contract, tests }: Target): Promise<number> {
  const started = performance.now()
  const answer = await worker.ask({ questions: tests.map((file) => ({ file })) }, longest)
  if (answer.outcome !== 'survived')
    throw new Error(`The tests of ${contract} fail without any change: ${JSON.stringify(answer)}`)
  return performance.now() - started
}

function learn(order: Order, mutant: Mutant, by: Question | undefined): void {
  if (by === undefined)
    console.log(`killed without an answer  ${mutant.file}:${mutant.line}\n  + ${mutant.after}`)
  else order.learn(mutant, by)
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
