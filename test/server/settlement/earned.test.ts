import { expect } from 'chai'
import fc from 'fast-check'
import type { Hex } from '@sluice/sdk'
import { createEarnedVouchers } from '../../../server/dist/settlement/earned.js'
import { idOf } from '../store/records.js'

describe('earned vouchers', () => {
  /** Of the lengths that secp256k1, P-256 and wallets of code have. */
  const signatureOf = (amount: bigint): Hex => {
    const bytes = [65, 65, 65, 64, 128, 1][Number(amount % 6n)] ?? 65
    return `0x${amount.toString(16).padStart(2, '0').slice(-2).repeat(bytes)}`
  }
  const facts = (accepted: bigint, spent: bigint) =>
    ({ channelId: idOf(1), accepted, signature: signatureOf(accepted), spent }) as const

  it('answer the highest that grants no more than was spent, to the base unit', () => {
    const earned = createEarnedVouchers()
    for (const amount of [10n, 20n, 30n]) earned.remember(facts(amount, 0n))
    expect(earned.highest(facts(30n, 9n))).to.equal(undefined)
    expect(earned.highest(facts(30n, 10n))?.amount).to.equal(10n)
    expect(earned.highest(facts(30n, 29n))).to.deep.equal({ amount: 20n, signature: signatureOf(20n) })
    expect(earned.highest(facts(30n, 30n))?.amount).to.equal(30n)
    expect(earned.highest({ ...facts(30n, 29n), channelId: idOf(2) })).to.equal(undefined)
    earned.forget(idOf(1))
    expect(earned.highest(facts(30n, 29n))).to.equal(undefined)
  })

  it('answer an accepted voucher that is spent whole although nothing was remembered', () => {
    expect(createEarnedVouchers().highest(facts(7n, 7n))).to.deep.equal({
      amount: 7n,
      signature: signatureOf(7n),
    })
    expect(createEarnedVouchers().highest(facts(0n, 7n))).to.equal(undefined)
  })

  it('never answer more than was spent, and lose nothing while no more than the limit are ahead', () => {
    const step = fc.record({ raise: fc.bigInt({ min: 0n, max: 9n }), spend: fc.bigInt({ min: 0n, max: 9n }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const earned = createEarnedVouchers(64)
        const all: bigint[] = []
        let [accepted, spent] = [0n, 0n]
        for (const { raise, spend } of steps) {
          accepted += raise
          spent += spend
          if (accepted > 0n) all.push(accepted)
          earned.remember(facts(accepted, spent))
          const amount = all.findLast((each) => each <= spent)
          expect(earned.highest(facts(accepted, spent))).to.deep.equal(
            amount && { amount, signature: signatureOf(amount) },
          )
        }
      }),
    )
  })

  it('keep a way to claim when vouchers flood in: the oldest and the newest stay', () => {
    const earned = createEarnedVouchers(8)
    for (let amount = 1n; amount <= 1_000n; amount += 1n) earned.remember(facts(amount, 0n))
    const known = new Set<bigint>()
    for (let spent = 1n; spent <= 1_000n; spent += 1n) {
      const { amount: answer, signature } = earned.highest(facts(1_001n, spent)) ?? {}
      if (answer !== undefined) expect(signature).to.equal(signatureOf(answer))
      expect(answer !== undefined && answer <= spent).to.equal(true)
      if (answer !== undefined) known.add(answer)
    }
    expect(known.size).to.equal(8)
    expect(known.has(1n) && known.has(1_000n)).to.equal(true)
  })
})
