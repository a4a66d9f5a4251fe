import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { against, single } from '../harness/result.mjs'
import { percentile } from '../harness/statistics.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Within this a viewer is to be back, milliseconds. */
const backWithin = 500

const kinds = ['voucher-p50', 'voucher-p99', 'first-picture', 'first-picture-p95', 'resume', 'gate-closing']

/** Live video in a real browser on this machine, as it is and through a bad network. */
export const mediaCase = {
  names: kinds.flatMap((kind) => [`media-${kind}`, `media-bad-link-${kind}`]),
  async run({ quick, log }) {
    log('a chain, a publisher and a payee, and viewers in a browser')
    const { clear, bad } = await runChild(quick)
    return [...results('media', clear, true), ...results('media-bad-link', bad, false)]
  },
}

function results(prefix, times, isClear) {
  const name = (kind) => `${prefix}-${kind}`
  const first = sorted(times.first)
  const again = sorted(times.again)
  const chain = percentile(sorted(times.chain), 0.5)
  const part = `${ms(chain)} until the page knew of the deposit; ${times.offers} connections for ${again.length} cuts`
  const failed = times.failed > 0 ? `; ${times.failed} took over 30 s` : ''
  return [
    ranked(name('voucher-p50'), times.voucher, 0.5),
    ranked(name('voucher-p99'), times.voucher, 0.99),
    ranked(name('first-picture'), first, 0.5, `; ${part}${failed}`),
    ranked(name('first-picture-p95'), first, 0.95),
    isClear ? resumed(name('resume'), again) : ranked(name('resume'), again, 0.5),
    ranked(name('gate-closing'), times.closing, 0.5),
  ]
}

/** One of the values in their order. */
function ranked(name, times, rank, note = '') {
  const values = sorted(times)
  return single({ name, value: percentile(values, rank), unit: 'ms', note: `${spread(values)}${note}` })
}

function resumed(name, values) {
  const value = percentile(values, 0.5)
  return against({
    name,
    value,
    unit: 'ms',
    against: `target ${backWithin} ms`,
    ratio: backWithin / value,
    target: 1,
    note: spread(values),
  })
}

function spread(values) {
  return `${ms(values[0])} – ${ms(values.at(-1))}, ${values.length} times`
}

async function runChild(quick) {
  const child = spawn(process.execPath, [path.join(root, 'bench/children/media.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SLUICE_BENCH_QUICK: quick ? '1' : '0' },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`bench/children/media.ts ended with ${code}\n${output}`)
  return JSON.parse(output.trim().split('\n').at(-1))
}

function sorted(values) {
  return [...values].sort((one, other) => one - other)
}

function ms(value) {
  return `${value.toFixed(1)} ms`
}
