import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { against } from '../harness/result.mjs'
import { cheapest } from '../peers/gas.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const operations = {
  'gas-open': 'open',
  'gas-claim': 'claim',
  'gas-batch-100': 'batch100',
  'gas-close': 'close',
  'gas-top-up': 'topUp',
}

/** Gas of whole transactions on Hardhat's chain, against the cheapest peer. The same every time. */
export const gasCase = {
  names: Object.keys(operations),
  async run() {
    const measured = await measure()
    return Object.entries(operations).map(([name, operation]) => {
      const peer = cheapest(operation)
      const unit = operation === 'batch100' ? 'gas/claim' : 'gas'
      return against({
        name,
        value: measured[operation],
        unit,
        against: `${peer.name}, ${peer.gas}`,
        ratio: peer.gas / measured[operation],
        target: 1,
      })
    })
  },
}

async function measure() {
  const hardhat = fileURLToPath(import.meta.resolve('hardhat/package.json')).replace(
    'package.json',
    'dist/src/cli.js',
  )
  const child = spawn(process.execPath, [hardhat, 'run', 'bench/children/gas.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`hardhat run ended with ${code}\n${output}`)
  // The compiler may have had its say before.
  return JSON.parse(output.trim().split('\n').at(-1))
}
