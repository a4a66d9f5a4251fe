// npm run bench -- [--json] [--only NAME] [--quick]
import { parseArgs } from 'node:util'
import { availableParallelism } from 'node:os'
import { gasCase } from './cases/gas.mjs'
import { mediaCase } from './cases/media.mjs'
import { payeePathCases } from './cases/payeePath.mjs'
import { scalingCase } from './cases/scaling.mjs'
import { maxRateCase, steadyCase } from './cases/sessions.mjs'
import { signCases } from './cases/sign.mjs'
import { describeMachine } from './harness/machine.mjs'
import { jsonLine, tableRow, tableHead } from './harness/report.mjs'

const cases = [...payeePathCases, ...signCases, scalingCase, steadyCase, maxRateCase, mediaCase, gasCase]
const names = cases.flatMap((each) => each.names)

const usage = `Measures Sluice beside its peers, in one run.

  --json        one JSON object a line on standard output
  --only NAME   only this result, or all whose names begin with it; may be repeated, or several with commas
  --quick       shorter runs, less exact
  --help

Names: ${names.join(' ')}`

/** A name stands for itself, or else for all that begin with it. */
function select(only) {
  const wanted = only.flatMap((text) => text.split(',')).filter((text) => text !== '')
  if (wanted.length === 0) return new Set(names)
  const selected = new Set()
  for (const name of wanted) {
    const matching = names.includes(name) ? [name] : names.filter((each) => each.startsWith(`${name}-`))
    if (matching.length === 0) throw new Error(`No result is called ${name}. Names: ${names.join(' ')}`)
    for (const each of matching) selected.add(each)
  }
  return selected
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return { ...values, selected: select(values.only) }
}

async function main({ json, quick, selected }) {
  const say = (text) => process.stderr.write(`${text}\n`)
  const timing = quick
    ? { rounds: 3, seconds: 0.3, warmSeconds: 0.7 }
    : { rounds: 11, seconds: 0.6, warmSeconds: 1.5 }
  // The last core: the first is where most machines do everything else.
  const settings = { quick, timing, core: availableParallelism() - 1, log: (text) => say(`  ${text}`) }
  say(describeMachine())
  if (!json) console.log(tableHead())
  let missed = 0
  for (const { names: produced, run } of cases) {
    const wanted = produced.filter((name) => selected.has(name))
    if (wanted.length === 0) continue
    say(`measuring ${wanted.join(', ')}`)
    for (const result of await run(settings)) {
      if (!selected.has(result.name)) continue
      if (result.met === false) missed += 1
      console.log(json ? jsonLine(result) : tableRow(result))
    }
  }
  if (missed > 0) say(`${missed} below target; the notes tell what else the machine did meanwhile`)
}

try {
  const options = readOptions()
  if (options.help) console.log(usage)
  else await main(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
