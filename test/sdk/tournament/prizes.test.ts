import { expect } from 'chai'
import fc from 'fast-check'
import { createPrizeTree } from '../../../sdk/dist/tournament/prizeTree.js'
import { prizesOf, splitPot } from '../../../sdk/dist/tournament/prizes.js'
import { buildResult } from '../../../sdk/dist/tournament/result.js'
import { player, players } from './people.js'

const placings = (...ranks: number[]) => ranks.map((rank, index) => ({ player: player(index), rank }))
const amounts = (pool: bigint, payouts: number[], ...ranks: number[]) =>
  prizesOf({ payouts, pool, placings: placings(...ranks) }).map(({ amount }) => amount)

describe('sdk splitPot', () => {
  it('rakes the stakes, rounded down, and never the sponsors (T3)', () => {
    expect(splitPot({ stake: 101n, rake: 333 }, 3, 1_000n)).to.deep.equal({ pool: 1_293n, rake: 10n })
    expect(splitPot({ stake: 0n, rake: 5_000 }, 9, 7n)).to.deep.equal({ pool: 7n, rake: 0n })
  })
})

describe('sdk prizesOf', () => {
  const table = [5_000, 3_000, 2_000]

  it('follows the table (T11)', () => {
    expect(amounts(360n, table, 1, 2, 3, 4)).to.deep.equal([180n, 108n, 72n, 0n])
  })

  it('shares what the places of a tie receive together', () => {
    expect(amounts(360n, table, 1, 1, 3, 4)).to.deep.equal([144n, 144n, 72n, 0n])
    expect(amounts(360n, table, 1, 2, 3, 3)).to.deep.equal([180n, 108n, 36n, 36n])
  })

  it('gives the first of rank one what is left over, and nothing to those who did not show up (T11)', () => {
    expect(amounts(293n, [3_333, 3_333, 3_334], 2, 1, 3)).to.deep.equal([97n, 99n, 97n])
    expect(amounts(360n, table, 0, 2, 1, 0)).to.deep.equal([0n, 108n, 252n, 0n])
  })

  it('lists players in ascending order of address, whatever order they come in', () => {
    const reversed = placings(3, 2, 1).reverse()
    expect(prizesOf({ payouts: table, pool: 100n, placings: reversed })).to.deep.equal(
      prizesOf({ payouts: table, pool: 100n, placings: placings(3, 2, 1) }),
    )
  })

  for (const [what, ranks] of [
    ['beyond the field', [1, 4, 2]],
    ['that are not whole', [1, 1.5, 2]],
    ['with a gap', [1, 3, 0]],
    ['with no gap after a tie', [1, 1, 2]],
    ['of nobody', [0, 0, 0]],
  ] as const) {
    it(`refuses ranks ${what}`, () => {
      expect(() => amounts(100n, table, ...ranks))
        .to.throw()
        .with.property('code', 'invalid-argument')
    })
  }

  it('refuses a player twice', () => {
    const twice = [...placings(1, 2), { player: player(0), rank: 3 }]
    expect(() => prizesOf({ payouts: table, pool: 100n, placings: twice }))
      .to.throw()
      .with.property('details')
      .match(/twice/)
  })

  it('adds up to the pool for any table and ranking (T11)', () => {
    const anything = fc.tuple(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }),
      fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }),
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 10 }),
    )
    fc.assert(
      fc.property(anything, ([scores, pool, table]) => {
        // A score of zero did not show up; somebody always does.
        const shown = [...scores, 5]
        const ranks = shown.map((score) =>
          score === 0 ? 0 : 1 + shown.filter((other) => other > score).length,
        )
        const sum = amounts(pool, table, ...ranks).reduce((total, amount) => total + amount, 0n)
        expect(sum).to.equal(pool)
      }),
      { numRuns: 200 },
    )
  })
})

describe('sdk createPrizeTree', () => {
  it('has a root of zero where there is nothing to win', () => {
    const tree = createPrizeTree([{ player: player(0), amount: 0n }])
    expect(tree).to.deep.equal({ root: `0x${'00'.repeat(32)}`, total: 0n, prizes: [] })
  })

  it('has proofs as short as the tree is high', () => {
    const { prizes, total } = createPrizeTree(players(5).map((each) => ({ player: each, amount: 2n })))
    expect(total).to.equal(10n)
    expect(prizes.map(({ proof }) => proof.length)).to.deep.equal([3, 3, 3, 3, 1])
  })

  it('refuses amounts that no tournament can hold, and a player twice', () => {
    for (const amount of [-1n, 2n ** 96n]) {
      expect(() => createPrizeTree([{ player: player(0), amount }]))
        .to.throw()
        .with.property('code', 'invalid-argument')
    }
    const twice = [player(3), player(3)].map((each) => ({ player: each, amount: 1n }))
    expect(() => createPrizeTree(twice))
      .to.throw()
      .with.property('code', 'invalid-argument')
  })
})

describe('sdk buildResult', () => {
  const tournament = { stake: 100n, rake: 1_000, payouts: [10_000] }

  it('passes a ranking on and leaves the prizes to the contract', () => {
    const { result, prizes } = buildResult({
      tournament,
      players: 2,
      sponsored: 0n,
      placings: placings(2, 1).reverse(),
    })
    expect(result).to.deep.include({ players: [player(0), player(1)], ranks: [2, 1], total: 0n })
    expect(prizes.map(({ player: winner, amount }) => [winner, amount])).to.deep.equal([[player(1), 180n]])
  })

  it('refuses a ranking that leaves somebody out', () => {
    expect(() => buildResult({ tournament, players: 3, sponsored: 0n, placings: placings(1, 2) }))
      .to.throw()
      .with.property('details')
      .match(/2 players, expected all 3/)
  })

  it('takes prizes of a large field only when they are the whole pool (T3)', () => {
    const share = (amount: bigint) => players(65).map((each) => ({ player: each, amount }))
    const { result, root, total } = buildResult({
      tournament,
      players: 65,
      sponsored: 0n,
      prizes: share(90n),
    })
    expect(result).to.deep.equal({ players: [], ranks: [], root, total: 5_850n })
    expect(total).to.equal(5_850n)
    expect(() => buildResult({ tournament, players: 65, sponsored: 0n, prizes: share(91n) }))
      .to.throw()
      .with.property('details')
      .match(/5915 in all, expected the whole prize pool of 5850/)
  })

  it('refuses prizes of a field that is ranked on the chain (T5)', () => {
    const prizes = players(64).map((each) => ({ player: each, amount: 90n }))
    expect(() => buildResult({ tournament, players: 64, sponsored: 0n, prizes }))
      .to.throw()
      .with.property('code', 'invalid-argument')
  })
})
