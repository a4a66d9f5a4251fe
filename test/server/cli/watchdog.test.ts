import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createWatchdog, warningsOf, type Exposure } from '../../../server/dist/cli/serving/watchdog.js'

const token = { address: '0x0000000000000000000000000000000000000000', symbol: 'ETH', decimals: 18 } as const
const limits = { token, atRisk: 100n, beforeDeadline: 3600 }
const calm: Exposure = { unsettled: [], deadlines: [], problem: undefined }
const channelId = `0x${'12'.repeat(32)}` as const

describe('warnings of the operator', () => {
  it('warns when vouchers at risk exceed the limit, not at the limit', () => {
    const at = (amount: bigint) =>
      warningsOf({ ...calm, unsettled: [{ token: token.address, amount }] }, limits, 0)
    expect(at(100n)).to.deep.equal([])
    expect(at(101n).map(({ key }) => key)).to.deep.equal(['at-risk'])
  })

  it('counts only the token that the limit is in', () => {
    const unsettled = [{ token: '0x0000000000000000000000000000000000000001', amount: 1000n }] as const
    expect(warningsOf({ ...calm, unsettled }, limits, 0)).to.deep.equal([])
  })

  it('warns when a deadline nears, with what to type', () => {
    const exposure = { ...calm, deadlines: [{ channelId, amount: 5n, withdrawableAt: 10_000 }] }
    expect(warningsOf(exposure, limits, 10_000 - 3601)).to.deep.equal([])
    const [warning] = warningsOf(exposure, limits, 10_000 - 3600)
    expect(warning?.text).to.contain('in 3600 s').and.to.contain(`sluice channels claim ${channelId}`)
    expect(warningsOf(exposure, limits, 10_000)[0]?.text).to.contain('withdraw now')
  })

  it('warns when settlement is held up', () => {
    expect(warningsOf({ ...calm, problem: 'no answer' }, limits, 0)[0]?.text).to.contain('no answer')
  })

  it('says a warning once until it has passed', () => {
    const said: string[] = []
    const bark = createWatchdog(({ text }) => said.push(text))
    const warning = { key: 'k', text: 'careful' }
    bark([warning])
    bark([warning])
    bark([])
    bark([warning])
    expect(said).to.deep.equal(['careful', 'careful'])
  })
})
