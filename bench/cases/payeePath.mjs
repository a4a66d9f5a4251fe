import { runForJson } from '../harness/process.mjs'
import { compared } from '../harness/result.mjs'

const peers = [
  { peer: 'x402-local', suffix: '', against: 'x402 local verification' },
  { peer: 'x402-facilitator', suffix: '-vs-facilitator', against: 'x402 facilitator verification' },
  { peer: 'mppx-accept', suffix: '-vs-mppx', against: 'mppx session, accept' },
]
const targets = { native: 20, portable: 8 }

/** The payee's whole path on each engine, against what the peers do to verify a voucher. */
export const payeePathCases = Object.entries(targets).map(([engine, target]) => ({
  names: peers.map(({ suffix }) => `payee-path-${engine}${suffix}`),
  async run({ timing, core }) {
    const args = [JSON.stringify({ engine, ...timing })]
    const rates = await runForJson('children/payeePath.mjs', { args, core })
    return peers.map(({ peer, suffix, against }) =>
      compared({
        name: `payee-path-${engine}${suffix}`,
        unit: 'vouchers/s',
        against,
        ours: rates.sluice,
        theirs: rates[peer],
        target: suffix === '' ? target : undefined,
      }),
    )
  },
}))
