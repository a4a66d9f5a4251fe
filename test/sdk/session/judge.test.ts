import { expect } from 'chai'
import type { SignatureVerifier } from '@sluice/sdk'
import { createJudge, type JudgeParameters } from '../../../sdk/dist/session/payee/judge.js'
import { payeeRecord } from './parties.js'

describe('the judge of vouchers, by a verifier that gathers them', () => {
  const record = payeeRecord({ accepted: 100n, spent: 0n })
  const voucher = (cumulative: bigint) => ({
    channelId: record.channelId,
    cumulative,
    signature: '0xab' as const,
  })

  /** A judge with what its verifier was asked, to be answered later, and what became of each voucher. */
  function bench(step: JudgeParameters['step']) {
    const asked: ((valid: boolean | Promise<boolean>) => void)[] = []
    const heard: string[] = []
    const judge = createJudge({
      verifier: {
        ...refusing,
        gatherVoucher: (_signer, _voucher, answer) => asked.push(answer),
      },
      clock: { now: () => 1_700_000_000_000, schedule: () => () => undefined },
      record: () => record,
      broken: () => false,
      refresh: undefined,
      step,
    })
    const ask = (cumulative: bigint): void => {
      judge(
        voucher(cumulative),
        (outcome) => heard.push(`${cumulative} ${outcome.kind === 'refused' ? outcome.code : outcome.kind}`),
        (error) => heard.push(`${cumulative} failed: ${String(error)}`),
      )
    }
    return { ask, asked, heard }
  }

  const refusing: SignatureVerifier = {
    verifyVoucher: () => expect.fail('it was to gather'),
    verifySession: () => false,
    verifyReceipt: () => false,
    verifyClose: () => false,
  }

  it('waits for its answer, which may come by a promise', async () => {
    const { ask, asked, heard } = bench((_, done) => {
      done()
    })
    ask(110n)
    ask(120n)
    ask(130n)
    expect(heard).to.deep.equal([])
    asked[0]?.(true)
    asked[1]?.(false)
    asked[2]?.(Promise.resolve(true))
    await new Promise(setImmediate)
    expect(heard).to.deep.equal(['110 accepted', '120 invalid-signature', '130 accepted'])
  })

  it('keeps what goes wrong with one voucher from those that are answered after it', async () => {
    const { ask, asked, heard } = bench((input, done) => {
      if (input.type === 'voucher' && input.cumulative === 110n) throw new Error('out of order')
      done()
    })
    for (const cumulative of [110n, 120n, 130n]) ask(cumulative)
    asked[0]?.(true)
    asked[1]?.(Promise.reject(new Error('no node')))
    asked[2]?.(true)
    await new Promise(setImmediate)
    expect(heard).to.deep.equal([
      '110 failed: Error: out of order',
      '130 accepted',
      '120 failed: Error: no node',
    ])
  })

  it('asks for no signature of a voucher that is known, lower or more than there is', () => {
    const { ask, asked, heard } = bench(() => expect.fail('nothing was to happen'))
    for (const cumulative of [100n, 99n, record.deposited + 1n]) ask(cumulative)
    expect(asked).to.deep.equal([])
    expect(heard.map((each) => each.split(' ')[1])).to.deep.equal([
      'equal',
      'lower',
      'amount-exceeds-deposit',
    ])
  })
})
