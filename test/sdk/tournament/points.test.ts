import { expect } from 'chai'
import { pointsTable, roundRobin, type Game } from '../../../sdk/dist/tournament/points.js'
import { player, players } from './people.js'

const game = (home: number, away: number, homeScore: number, awayScore: number): Game => ({
  home: player(home),
  away: player(away),
  homeScore,
  awayScore,
})

/** Players' numbers and ranks, best first. */
const order = (table: ReturnType<typeof pointsTable>) =>
  table.map(({ player: each, rank }) => [Number(BigInt(each)) - 1, rank])

describe('sdk pointsTable', () => {
  it('counts three points for a win and one for a draw', () => {
    const table = pointsTable({ players: players(3), games: [game(0, 1, 2, 0), game(1, 2, 1, 1)] })
    expect(order(table)).to.deep.equal([
      [0, 1],
      [2, 2],
      [1, 3],
    ])
    expect(table[0]).to.deep.equal({
      player: player(0),
      rank: 1,
      points: 3,
      played: 1,
      wins: 1,
      draws: 0,
      losses: 0,
      scored: 2,
      conceded: 0,
    })
  })

  it('counts by another rule', () => {
    const rule = { win: 2, draw: 1, loss: -1 }
    const [first, last] = pointsTable({ players: players(2), games: [game(0, 1, 0, 3)], rule })
    expect([first?.points, last?.points]).to.deep.equal([2, -1])
  })

  it('lets players whom nothing tells apart share a rank, and skips the next', () => {
    const games = [game(0, 1, 1, 1), game(0, 2, 2, 0), game(1, 2, 2, 0)]
    expect(order(pointsTable({ players: players(3), games }))).to.deep.equal([
      [0, 1],
      [1, 1],
      [2, 3],
    ])
  })

  it('breaks ties in the order asked for', () => {
    // 0 and 1 both have three points: 0 beat 1, but 1 scored more and has the better difference.
    const games = [game(0, 1, 1, 0), game(2, 0, 1, 0), game(1, 2, 5, 0), game(2, 3, 0, 0)]
    const ask = (...tieBreaks: ('difference' | 'scored' | 'wins' | 'head-to-head')[]) =>
      order(pointsTable({ players: players(4), games, tieBreaks }))
        .filter(([each]) => each === 0 || each === 1)
        .map(([each]) => each)
    expect(ask('difference')).to.deep.equal([1, 0])
    expect(ask('scored')).to.deep.equal([1, 0])
    expect(ask('head-to-head')).to.deep.equal([0, 1])
    expect(ask('wins', 'head-to-head')).to.deep.equal([0, 1])
  })

  it('breaks no tie in a circle in which each beat the next', () => {
    const games = [game(0, 1, 1, 0), game(1, 2, 1, 0), game(2, 0, 1, 0)]
    expect(order(pointsTable({ players: players(3), games })).map(([, rank]) => rank)).to.deep.equal([
      1, 1, 1,
    ])
  })

  it('ranks whoever was absent 0, at the end', () => {
    const table = pointsTable({ players: players(3), games: [game(0, 1, 0, 1)], absent: [player(0)] })
    expect(order(table)).to.deep.equal([
      [1, 1],
      [2, 2],
      [0, 0],
    ])
  })

  for (const [what, wrong] of [
    ['somebody else', game(0, 7, 1, 0)],
    ['a player against itself', game(1, 1, 1, 0)],
    ['half a point', game(0, 1, 0.5, 0)],
    ['less than nothing', game(0, 1, 0, -1)],
  ] as const) {
    it(`refuses a game of ${what}`, () => {
      expect(() => pointsTable({ players: players(2), games: [wrong] }))
        .to.throw()
        .with.property('code', 'invalid-argument')
    })
  }
})

describe('sdk roundRobin', () => {
  for (const count of [2, 3, 4, 7, 8]) {
    it(`lets each of ${count} meet each other once, and nobody play twice in a round`, () => {
      const rounds = roundRobin(players(count))
      const met = rounds.flat().map((pair) => [...pair].sort().join(' '))
      expect(new Set(met).size).to.equal((count * (count - 1)) / 2)
      expect(met).to.have.length((count * (count - 1)) / 2)
      for (const round of rounds) expect(new Set(round.flat()).size).to.equal(2 * round.length)
      expect(rounds).to.have.length(count % 2 === 0 ? count - 1 : count)
    })
  }
})
