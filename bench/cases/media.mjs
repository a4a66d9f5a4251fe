import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { against, single } from '../harness/result.mjs'
import { percentile } from '../harness/statistics.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Within this a viewer is to be back, milliseconds. */
const backWithin = 500

const kinds = ['voucher-p50', 'voucher-p99', 'first-picture', 'resume', 'gate-closing']

/** Live video over real connections on this machine, as it is and through a bad network. */
export const mediaCase = {
  names: kinds.flatMap((kind) => [`media-${kind}`, `media-bad-link-${kind}`]),
  async run({ quick, log }) {
    log('a publisher, viewers and a payee in one process')
    const { clear, bad } = await runChild(quick)
    return [...results('media', clear, true), ...results('media-bad-link', bad, false)]
  },
}

function results(prefix, times, isClear) {
  const voucher = sorted(times.voucher)
  const spread = (values) =>
    `${ms(values[0])} – ${ms(values.at(-1))}, ${values.length} times${times.failed > 0 ? `; ${times.failed} rounds took over 15 s` : ''}`
  const of = (kind, values, note) =>
    single({
      name: `${prefix}-${kind}`,
      value: percentile(values, 0.5),
      unit: 'ms',
      note: note ?? spread(values),
    })
  const again = sorted(times.again)
  return [
    of('voucher-p50', voucher),
    single({
      name: `${prefix}-voucher-p99`,
      value: percentile(voucher, 0.99),
      unit: 'ms',
      note: spread(voucher),
    }),
    of('first-picture', sorted(times.first)),
    isClear
      ? against({
          name: `${prefix}-resume`,
          value: percentile(again, 0.5),
          unit: 'ms',
          against: `target ${backWithin} ms`,
          ratio: backWithin / percentile(again, 0.5),
          target: 1,
          note: spread(again),
        })
      : of('resume', again),
    of('gate-closing', sorted(times.closing)),
  ]
}

async function runChild(quick) {
  const hardhat = path.join(root, 'node_modules/hardhat/dist/src/cli.js')
  const child = spawn(process.execPath, [hardhat, 'run', '--no-compile', 'bench/children/media.ts'], {
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
  if (code !== 0) throw new Error(`hardhat run ended with ${code}\n${output}`)
  return JSON.parse(output.trim().split('\n').at(-1))
}

function sorted(values) {
  return [...values].sort((one, other) => one - other)
}

function ms(value) {
  return `${value.toFixed(1)} ms`
}
