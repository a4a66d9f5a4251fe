import { runForJson } from '../harness/process.mjs'
import { compared } from '../harness/result.mjs'

const peers = [
  { peer: 'x402-sign', suffix: '', against: 'x402 signVoucher' },
  { peer: 'mppx-sign', suffix: '-vs-mppx', against: 'mppx signVoucher' },
]
const targets = { native: 8, portable: 3 }

/** The payer's signature on each engine. */
export const signCases = Object.entries(targets).map(([engine, target]) => ({
  names: peers.map(({ suffix }) => `sign-${engine}${suffix}`),
  async run({ timing, core }) {
    const args = [JSON.stringify({ engine, ...timing })]
    const rates = await runForJson('children/sign.mjs', { args, core })
    return peers.map(({ peer, suffix, against }) =>
      compared({
        name: `sign-${engine}${suffix}`,
        unit: 'signatures/s',
        against,
        ours: rates.sluice,
        theirs: rates[peer],
        target: suffix === '' ? target : undefined,
      }),
    )
  },
}))
