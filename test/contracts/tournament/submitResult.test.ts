import { expect } from 'chai'
import { id as hashOf, ZeroHash } from 'ethers'
import { createArena, noResult } from './support/arena.js'
import { ranking, payoutTable, type TournamentTerms } from './support/terms.js'

const arena = await createArena()
const { tournaments, host, stranger, players, terms, id, as, state, ranked, treeFor, filled } = arena

/** Four players, in the first second in which a result is accepted. */
async function ready(of: TournamentTerms = terms(), count = 4) {
  const field = await filled(of, count)
  await arena.nextBlockAt(of.joinDeadline)
  return field
}

/** The prizes of these ranks, in the order of the players. */
function prizesOf(of: TournamentTerms, ranks: number[], sponsored = 0n): bigint[] {
  const map = new Map(ranks.map((rank, index) => [players[index]?.address ?? '', rank]))
  const { prizes } = treeFor(of, ranking(map), sponsored)
  return ranks.map(
    (_, index) => prizes.find(({ player }) => player === players[index]?.address)?.amount ?? 0n,
  )
}

describe('submitResult', () => {
  beforeEach(arena.reset)

  describe('with a ranking', () => {
    it('keeps the root of the prizes and opens the challenge window', async () => {
      const field = await ready()
      const result = ranked(field)
      const { root } = treeFor(terms(), result)
      await expect(as(host).submitResult(terms(), result))
        .to.emit(tournaments, 'ResultSubmitted')
        .withArgs(id(terms()), root, terms().joinDeadline + terms().challengeWindow, Object.values(result))
      const { stage, changedAt, root: kept } = await state(terms())
      expect({ stage, changedAt, kept }).to.deep.equal({
        stage: 'Reported',
        changedAt: terms().joinDeadline,
        kept: root,
      })
    })

    // The pool of four players is 360: what is expected here was worked out by hand.
    for (const [what, ranks, amounts] of [
      ['in order', [1, 2, 3, 4], [180n, 108n, 72n, 0n]],
      ['that tie for the first place', [1, 1, 3, 4], [144n, 144n, 72n, 0n]],
      ['that tie for the last paid place', [1, 2, 3, 3], [180n, 108n, 36n, 36n]],
      ['that all tie', [1, 1, 1, 1], [90n, 90n, 90n, 90n]],
      ['of which one did not show up', [2, 0, 1, 3], [108n, 0n, 180n, 72n]],
      ['of which only two showed up: the third prize is the winner’s', [1, 2, 0, 0], [252n, 108n, 0n, 0n]],
      ['of which only one showed up', [0, 0, 1, 0], [0n, 0n, 360n, 0n]],
    ] as const) {
      it(`works out the prizes of players ${what} (T5, T11)`, async () => {
        await ready()
        const map = new Map(ranks.map((rank, index) => [players[index]?.address ?? '', rank]))
        const result = ranking(map)
        expect(prizesOf(terms(), [...ranks])).to.deep.equal(amounts)
        await as(host).submitResult(terms(), result)
        expect((await state(terms())).root).to.equal(treeFor(terms(), result).root)
      })
    }

    it('gives what cannot be divided to rank one (T11)', async () => {
      const odd = terms({ stake: 101n, rake: 333, payouts: payoutTable(3_333, 3_333, 3_334) })
      // 303 of stakes, 10 of rake: 293 are 97.66 each.
      await ready(odd, 3)
      expect(prizesOf(odd, [2, 1, 3])).to.deep.equal([97n, 99n, 97n])
      const map = new Map([2, 1, 3].map((rank, index) => [players[index]?.address ?? '', rank]))
      await as(host).submitResult(odd, ranking(map))
      expect((await state(odd)).root).to.equal(treeFor(odd, ranking(map)).root)
    })

    it('gives it to the first of those who tie for rank one, and to no other (T11)', async () => {
      const field = await filled(terms(), 4)
      await arena.give(terms(), 1n)
      await arena.nextBlockAt(terms().joinDeadline)
      const map = new Map([1, 1, 3, 4].map((rank, index) => [field[index]?.address ?? '', rank]))
      const tree = treeFor(terms(), ranking(map), 1n)
      // Of 361, 144.4 each for two and 72.2 for the third.
      expect(tree.prizes.map(({ amount }) => amount).sort()).to.deep.equal([144n, 145n, 72n])
      await as(host).submitResult(terms(), ranking(map))
      expect((await state(terms())).root).to.equal(tree.root)
    })

    it('counts sponsor money to the prizes, without rake (T3)', async () => {
      await arena.create(terms())
      for (const player of players.slice(0, 4)) await arena.join(terms(), player)
      await arena.give(terms(), 1_000n)
      await arena.nextBlockAt(terms().joinDeadline)
      const result = ranked(players.slice(0, 4))
      await as(host).submitResult(terms(), result)
      expect((await state(terms())).root).to.equal(treeFor(terms(), result, 1_000n).root)
      expect(prizesOf(terms(), [1, 2, 3, 4], 1_000n)).to.deep.equal([680n, 408n, 272n, 0n])
    })

    it('keeps no root where there is nothing to win', async () => {
      const free = terms({ stake: 0n })
      const field = await ready(free)
      await as(host).submitResult(free, ranked(field))
      expect((await state(free)).root).to.equal(ZeroHash)
    })

    it('works in the last second before the result deadline', async () => {
      const field = await filled(terms(), 4)
      await arena.nextBlockAt(terms().resultDeadline - 1)
      await as(host).submitResult(terms(), ranked(field))
    })
  })

  describe('with a ranking that is none', () => {
    const four = () => ranked(players.slice(0, 4))

    it('reverts with FieldIncomplete when a player is missing or one too many is listed', async () => {
      await ready()
      for (const count of [3, 5]) {
        await expect(as(host).submitResult(terms(), ranked(players.slice(0, count))))
          .to.be.revertedWithCustomError(tournaments, 'FieldIncomplete')
          .withArgs(id(terms()), count, 4n)
      }
    })

    it('reverts with NotAPlayer', async () => {
      await ready()
      await expect(
        as(host).submitResult(terms(), ranked([...players.slice(0, 3), players[5] as (typeof players)[0]])),
      )
        .to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
        .withArgs(id(terms()), players[5]?.address)
      const lowest = '0x0000000000000000000000000000000000000001'
      await expect(
        as(host).submitResult(terms(), { ...four(), players: [lowest, ...four().players.slice(1)] }),
      )
        .to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
        .withArgs(id(terms()), lowest)
    })

    it('reverts with PlayersNotAscending, be it out of order or twice (T4)', async () => {
      await ready()
      const [a, b, c, d] = four().players as [string, string, string, string]
      for (const list of [
        [b, a, c, d],
        [a, b, c, c],
      ] as const) {
        await expect(as(host).submitResult(terms(), { ...four(), players: [...list] }))
          .to.be.revertedWithCustomError(tournaments, 'PlayersNotAscending')
          .withArgs(id(terms()), list[0] === b ? b : c, list[0] === b ? a : c)
      }
    })

    it('reverts with LengthMismatch when ranks are missing', async () => {
      await ready()
      await expect(as(host).submitResult(terms(), { ...four(), ranks: [1, 2, 3] }))
        .to.be.revertedWithCustomError(tournaments, 'LengthMismatch')
        .withArgs(3n, 4n)
    })

    for (const [ranks, error, ...args] of [
      [[1, 2, 3, 5], 'RankOutOfRange', 5n, 4n],
      [[2, 3, 4, 0], 'RankMissing', 1n, 3n],
      [[1, 2, 4, 0], 'RankMissing', 3n, 3n],
      [[1, 1, 2, 4], 'RankMissing', 3n, 4n],
      [[0, 0, 0, 0], 'NobodyRanked', 4n],
    ] as const) {
      it(`reverts with ${error} for ranks ${ranks.join(', ')}`, async () => {
        await ready()
        await expect(as(host).submitResult(terms(), { ...four(), ranks: [...ranks] }))
          .to.be.revertedWithCustomError(tournaments, error)
          .withArgs(...args)
      })
    }

    it('reverts with AmbiguousResult when a root or a total is added', async () => {
      await ready()
      for (const extra of [{ root: hashOf('x') }, { total: 1n }]) {
        await expect(as(host).submitResult(terms(), { ...four(), ...extra }))
          .to.be.revertedWithCustomError(tournaments, 'AmbiguousResult')
          .withArgs(id(terms()))
      }
    })
  })

  describe('with a root for a small field', () => {
    it('reverts with RankingRequired, so that the table holds (T5)', async () => {
      await ready()
      await expect(as(host).submitResult(terms(), { ...noResult, root: hashOf('x'), total: 360n }))
        .to.be.revertedWithCustomError(tournaments, 'RankingRequired')
        .withArgs(id(terms()), 4n, 64n)
    })
  })

  describe('when it is not the time', () => {
    it('reverts with DeadlineNotReached before the start', async () => {
      const field = await filled(terms(), 4)
      await arena.nextBlockAt(terms().joinDeadline - 1)
      await expect(as(host).submitResult(terms(), ranked(field)))
        .to.be.revertedWithCustomError(tournaments, 'DeadlineNotReached')
        .withArgs(id(terms()), terms().joinDeadline, terms().joinDeadline - 1)
    })

    it('reverts with DeadlinePassed in the first second of the result deadline', async () => {
      const field = await filled(terms(), 4)
      await arena.nextBlockAt(terms().resultDeadline)
      await expect(as(host).submitResult(terms(), ranked(field)))
        .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
        .withArgs(id(terms()), terms().resultDeadline, terms().resultDeadline)
    })
  })

  describe('when too few joined', () => {
    it('reverts with TooFewPlayers', async () => {
      const large = terms({ minimumPlayers: 5 })
      const field = await ready(large)
      await expect(as(host).submitResult(large, ranked(field)))
        .to.be.revertedWithCustomError(tournaments, 'TooFewPlayers')
        .withArgs(id(large), 4n, 5n)
    })
  })

  describe('when somebody else reports', () => {
    it('reverts with CallerIsNotHost', async () => {
      const field = await ready()
      await expect(as(stranger).submitResult(terms(), ranked(field)))
        .to.be.revertedWithCustomError(tournaments, 'CallerIsNotHost')
        .withArgs(id(terms()), stranger.address, host.address)
    })
  })
})
