import { expect } from 'chai'
import fc from 'fast-check'
import {
  bracketPlacings,
  createBracket,
  recordWinner,
  type Bracket,
} from '../../../sdk/dist/tournament/bracket.js'
import type { Address } from '../../../sdk/dist/types.js'
import { player, players } from './people.js'

/** The pairs of a round, by the number of the player. */
const pairs = (bracket: Bracket, round: number) =>
  (bracket.rounds[round] ?? []).map(({ sides }) =>
    sides.map((side) => (side === undefined ? '?' : side === 'bye' ? 'bye' : Number(BigInt(side)) - 1)),
  )

/** Plays every open match; `wins` picks the side. */
function playOut(bracket: Bracket, wins: (sides: readonly Address[]) => Address): Bracket {
  let played = bracket
  for (const round of bracket.rounds.keys()) {
    for (const match of (bracket.rounds[round] ?? []).keys()) {
      const { sides, winner } = played.rounds[round]?.[match] ?? expect.fail('no such match')
      if (winner !== undefined) continue
      const both = sides.filter((side) => side !== undefined && side !== 'bye')
      played = recordWinner(played, { round, match, winner: wins(both) })
    }
  }
  return played
}

const ranksOf = (bracket: Bracket, absent?: readonly Address[]) =>
  [...bracketPlacings(bracket, absent)].sort((a, b) => (a.player < b.player ? -1 : 1)).map(({ rank }) => rank)

const better = (sides: readonly Address[]) => [...sides].sort()[0] ?? expect.fail('nobody')

describe('sdk createBracket', () => {
  it('keeps the best two of eight apart until the final', () => {
    expect(pairs(createBracket(players(8)), 0)).to.deep.equal([
      [0, 7],
      [3, 4],
      [1, 6],
      [2, 5],
    ])
  })

  it('gives the best of five a bye, and their next match its side', () => {
    const bracket = createBracket(players(5))
    expect(pairs(bracket, 0)).to.deep.equal([
      [0, 'bye'],
      [3, 4],
      [1, 'bye'],
      [2, 'bye'],
    ])
    expect(pairs(bracket, 1)).to.deep.equal([
      [0, '?'],
      [1, 2],
    ])
    expect(pairs(bracket, 2)).to.deep.equal([['?', '?']])
  })

  it('refuses fewer than two players, or one twice', () => {
    for (const list of [
      [],
      [player(0)],
      [player(9), player(1), player(9).toUpperCase().replace('X', 'x') as Address],
    ]) {
      expect(() => createBracket(list))
        .to.throw()
        .with.property('code', 'invalid-argument')
    }
  })

  it('has, for any number of players, each once and the better seed winning in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), (count) => {
        const bracket = createBracket(players(count))
        const listed = pairs(bracket, 0)
          .flat()
          .filter((side) => side !== 'bye')
        expect([...listed].sort((a, b) => Number(a) - Number(b))).to.deep.equal([...players(count).keys()])
        expect(pairs(bracket, 0).some((sides) => sides.every((side) => side === 'bye'))).to.equal(false)
        const final = pairs(playOut(bracket, better), bracket.rounds.length - 1)
        expect(final).to.deep.equal([[0, 1]])
      }),
      { numRuns: 69 },
    )
  })
})

describe('sdk recordWinner', () => {
  it('sends the winner on and leaves the bracket it was given as it is', () => {
    const before = createBracket(players(4))
    const after = recordWinner(before, { round: 0, match: 1, winner: player(2) })
    expect(pairs(after, 1)).to.deep.equal([['?', 2]])
    expect(pairs(before, 1)).to.deep.equal([['?', '?']])
  })

  it('opens what was decided later when a mistake is put right, and only that', () => {
    const played = playOut(createBracket(players(8)), better)
    const right = recordWinner(played, { round: 0, match: 0, winner: player(7) })
    expect(pairs(right, 1)).to.deep.equal([
      [7, 3],
      [1, 2],
    ])
    expect(right.rounds[1]?.[0]?.winner).to.equal(undefined)
    expect(right.rounds[1]?.[1]?.winner).to.equal(player(1))
    expect(pairs(right, 2)).to.deep.equal([['?', 1]])
  })

  for (const [what, decision] of [
    ['a match that is none', { round: 0, match: 9, winner: player(0) }],
    ['a round that is none', { round: 5, match: 0, winner: player(0) }],
    ['a bye', { round: 0, match: 0, winner: player(0) }],
    ['a match whose sides are not known', { round: 1, match: 0, winner: player(0) }],
    ['a winner who does not play', { round: 0, match: 1, winner: player(0) }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => recordWinner(createBracket(players(5)), decision))
        .to.throw()
        .with.property('code', 'invalid-argument')
    })
  }
})

describe('sdk bracketPlacings', () => {
  it('ties those who lost in the same round', () => {
    expect(ranksOf(playOut(createBracket(players(8)), better))).to.deep.equal([1, 2, 3, 3, 5, 5, 5, 5])
  })

  it('ranks whoever was absent 0, and moves up those behind', () => {
    const bracket = playOut(createBracket(players(4)), better)
    expect(ranksOf(bracket, [player(1)])).to.deep.equal([1, 0, 2, 2])
  })

  it('refuses a bracket with an open match', () => {
    expect(() => bracketPlacings(createBracket(players(2))))
      .to.throw()
      .with.property('details')
      .match(/match 0 of round 0 open/)
  })
})
