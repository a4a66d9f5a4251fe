import { expect } from 'chai'
import { getAddress } from 'viem'
import { encodeTerms } from '../../../sdk/dist/tournament/encoding.js'
import { defineTournament } from '../../../sdk/dist/tournament/defineTournament.js'
import { createPrizeTree } from '../../../sdk/dist/tournament/prizeTree.js'
import { buildResult } from '../../../sdk/dist/tournament/result.js'
import { tournamentId } from '../../../sdk/dist/tournament/tournamentId.js'
import type { Tournament } from '../../../sdk/dist/tournament/types.js'
import type { Address } from '../../../sdk/dist/types.js'
import { createArena } from '../../contracts/tournament/support/arena.js'
import { players as madeUp } from './people.js'

const arena = await createArena()
const { tournaments, host, referee, stranger, players, place, start } = arena

const terms = (change: Partial<Tournament> = {}): Tournament => ({
  ...defineTournament({
    host: getAddress(host.address),
    referee: getAddress(referee.address),
    token: getAddress(arena.tokenAddress),
    stake: 101n,
    bond: 60n,
    rake: 333,
    maximumPlayers: 100,
    joinDeadline: start + 86_400,
    resultDeadline: start + 2 * 86_400,
    payouts: [3_333, 3_333, 3_334],
  }),
  ...change,
})

/** Terms as the typed contract of the tests takes them: a mutable copy. */
const encoded = (tournament: Tournament) => ({ ...encodeTerms(tournament) })

/** Created, joined by these, and in the second in which a result is accepted. */
async function started(tournament: Tournament, field: readonly string[]): Promise<void> {
  await tournaments.create(encoded(tournament), '0x')
  for (const player of field) await tournaments.connect(stranger).join(encoded(tournament), player, '0x')
  await arena.nextBlockAt(tournament.joinDeadline)
}

async function finished(tournament: Tournament): Promise<void> {
  await arena.nextBlockAt(tournament.joinDeadline + tournament.challengeWindow)
  await tournaments.finalize(encoded(tournament))
}

describe('sdk tournaments against the contract', () => {
  beforeEach(arena.reset)

  it('have the id that the contract gives them (T9)', async () => {
    for (const tournament of [
      terms(),
      terms({ payouts: [10_000] }),
      terms({ salt: `0x${'ab'.repeat(32)}` }),
    ]) {
      const id = tournamentId({ chainId: place.chainId, contract: place.contract as Address, tournament })
      expect(await tournaments.tournamentId(encoded(tournament))).to.equal(id)
    }
  })

  it('refuse terms that do not fit their fields', () => {
    const attempt = () =>
      tournamentId({
        chainId: 1,
        contract: place.contract as Address,
        tournament: terms({ stake: 2n ** 96n }),
      })
    expect(attempt).to.throw().with.property('code', 'invalid-argument')
  })

  it('have the root that the contract builds from a ranking, and proofs that it pays by (T5, T11)', async () => {
    const field = players.map(({ address }) => address as Address)
    const tournament = terms()
    await started(tournament, field)
    const ranks = [2, 1, 0, 3, 3, 5, 6, 0]
    const placings = field.map((player, index) => ({ player, rank: ranks[index] ?? 0 }))
    const { result, root, prizes } = buildResult({ tournament, players: 8, sponsored: 0n, placings })
    await tournaments.submitResult(encoded(tournament), {
      ...result,
      players: [...result.players],
      ranks: [...result.ranks],
    })
    const id = await tournaments.tournamentId(encoded(tournament))
    expect((await tournaments.tournamentState(id)).root).to.equal(root)
    await finished(tournament)
    await tournaments.payMany(
      encoded(tournament),
      prizes.map((prize) => ({ ...prize, proof: [...prize.proof] })),
    )
    expect((await tournaments.tournamentState(id)).unpaid).to.equal(0n)
  })

  for (const count of [65, 97]) {
    it(`have proofs of a root over ${count} prizes that OpenZeppelin's check accepts (T5)`, async () => {
      const field = madeUp(count)
      const tournament = terms({ rake: 0 })
      await started(tournament, field)
      const prizes = field.map((player) => ({ player, amount: 101n }))
      const built = buildResult({ tournament, players: count, sponsored: 0n, prizes })
      await tournaments.submitResult(encoded(tournament), { ...built.result, players: [], ranks: [] })
      await finished(tournament)
      await tournaments.payMany(
        encoded(tournament),
        createPrizeTree(prizes).prizes.map((prize) => ({ ...prize, proof: [...prize.proof] })),
      )
      const id = await tournaments.tournamentId(encoded(tournament))
      expect((await tournaments.tournamentState(id)).unpaid).to.equal(0n)
    })
  }

  for (const [what, change] of [
    ['a referee who is the host', { referee: getAddress(host.address) }],
    ['a single player', { minimumPlayers: 1 }],
    ['a rake above one half', { rake: 5_001 }],
    ['a table that keeps something back', { payouts: [9_999] }],
    ['a window that is too short', { challengeWindow: 899 }],
    ['a result deadline before the join deadline', { resultDeadline: start }],
    ['a pot beyond 96 bits', { stake: 2n ** 95n }],
    ['a salt that is no word', { salt: '0x12' as const }],
  ] as const) {
    it(`are refused with ${what}, as the contract would`, () => {
      expect(() => defineTournament({ ...terms(), ...change }))
        .to.throw()
        .with.property('code', 'invalid-argument')
    })
  }
})
