import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { day, maxUint96, minute, saltOf } from '../support/terms.js'
import { createArena } from './support/arena.js'
import { payoutTable, type TournamentTerms } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, token, host, stranger, address, terms, id, as, create, state, start } = arena

/** Refused with this error and these numbers. */
const refused = (change: Partial<TournamentTerms>, error: string, ...args: unknown[]) =>
  expect(create(terms(change)))
    .to.be.revertedWithCustomError(tournaments, error)
    .withArgs(...args)

describe('create', () => {
  beforeEach(arena.reset)

  describe('when the terms are fair', () => {
    it('opens the tournament and takes the bond of the host', async () => {
      const transaction = create(terms())
      await expect(transaction).to.changeTokenBalances(ethers, token, [host, address], [-60n, 60n])
      const { stage, players, sponsored } = await state(terms())
      expect({ stage, players, sponsored }).to.deep.equal({ stage: 'Open', players: 0, sponsored: 0n })
    })

    it('tells the whole terms, under the id that is their hash (T9)', async () => {
      const receipt = await (await create(terms())).wait()
      const [log] = await tournaments.queryFilter(
        tournaments.filters.TournamentCreated(id(terms())),
        receipt?.blockNumber,
      )
      expect(log?.args.host).to.equal(host.address)
      expect(log?.args.token).to.equal(terms().token)
      const told: unknown[] = [...(log?.args.terms ?? [])]
      const expected = Object.values(terms()).map((value) =>
        typeof value === 'number' ? BigInt(value) : value,
      )
      expect(told).to.deep.equal(expected)
      expect(await tournaments.tournamentId(terms())).to.equal(id(terms()))
    })

    it('takes the bond in the native coin', async () => {
      const native = terms({ token: ZeroAddress })
      await expect(create(native)).to.changeEtherBalances(ethers, [host, address], [-60n, 60n])
    })

    it('needs no bond', async () => {
      await expect(create(terms({ bond: 0n }))).to.changeTokenBalance(ethers, token, host, 0n)
      expect((await state(terms({ bond: 0n }))).stage).to.equal('Open')
    })

    it('accepts every limit', async () => {
      const then = await arena.time.latest()
      await arena.nextBlockAt(then + 1)
      await create(terms({ joinDeadline: then + 2, resultDeadline: then + 3, salt: saltOf(1) }))
      const now = await arena.time.latest()
      const latest = now + 1 + 365 * day
      await arena.nextBlockAt(now + 1)
      await create(terms({ joinDeadline: latest, resultDeadline: latest + 90 * day, salt: saltOf(2) }))
      const [shortest, longest] = [15 * minute, 30 * day]
      await create(terms({ challengeWindow: shortest, rulingWindow: longest, salt: saltOf(3) }))
      await create(terms({ challengeWindow: longest, rulingWindow: shortest, rake: 5_000, salt: saltOf(4) }))
      await create(terms({ minimumPlayers: 9, stake: maxUint96 / 9n, salt: saltOf(5) }))
      await create(terms({ maximumPlayers: 2, payouts: payoutTable(10_000), salt: saltOf(6) }))
    })
  })

  describe('when the terms were used before', () => {
    it('reverts with WrongStage, also after the tournament ended (T8)', async () => {
      await create(terms())
      await expect(create(terms()))
        .to.be.revertedWithCustomError(tournaments, 'WrongStage')
        .withArgs(id(terms()), 1n, 0n)
      await as(host).cancel(terms())
      await expect(create(terms()))
        .to.be.revertedWithCustomError(tournaments, 'WrongStage')
        .withArgs(id(terms()), 6n, 0n)
    })
  })

  describe('when somebody else than the host pays', () => {
    it('reverts with CallerIsNotHost', async () => {
      await expect(as(stranger).create(terms(), '0x'))
        .to.be.revertedWithCustomError(tournaments, 'CallerIsNotHost')
        .withArgs(id(terms()), stranger.address, host.address)
    })
  })

  describe('when the terms are not fair', () => {
    it('reverts with RefereeNotIndependent for none and for the host', async () => {
      await refused({ referee: ZeroAddress }, 'RefereeNotIndependent', ZeroAddress, host.address)
      await refused({ referee: host.address }, 'RefereeNotIndependent', host.address, host.address)
    })

    it('reverts with FieldOutOfRange', async () => {
      await refused({ minimumPlayers: 1 }, 'FieldOutOfRange', 1n, 9n)
      await refused({ minimumPlayers: 10 }, 'FieldOutOfRange', 10n, 9n)
    })

    it('reverts with PotTooLarge when a full field is more than 96 bits', async () => {
      const stake = maxUint96 / 9n + 1n
      await refused({ stake }, 'PotTooLarge', stake * 9n, maxUint96)
    })

    it('reverts with TimeOutOfRange for the join deadline', async () => {
      const now = start + 100
      const [earliest, latest] = [now + 1, now + 365 * day]
      for (const joinDeadline of [now, latest + 1]) {
        await arena.nextBlockAt(now)
        await refused(
          { joinDeadline, resultDeadline: joinDeadline + 1 },
          'TimeOutOfRange',
          joinDeadline,
          earliest,
          latest,
        )
        await arena.reset()
      }
    })

    it('reverts with TimeOutOfRange for the result deadline', async () => {
      const { joinDeadline } = terms()
      for (const resultDeadline of [joinDeadline, joinDeadline + 90 * day + 1]) {
        const range = [joinDeadline + 1, joinDeadline + 90 * day]
        await refused({ resultDeadline }, 'TimeOutOfRange', resultDeadline, ...range)
      }
    })

    for (const window of ['challengeWindow', 'rulingWindow'] as const) {
      it(`reverts with TimeOutOfRange for the ${window}`, async () => {
        const range = [15 * minute, 30 * day]
        await refused({ [window]: 15 * minute - 1 }, 'TimeOutOfRange', 15 * minute - 1, ...range)
        await refused({ [window]: 30 * day + 1 }, 'TimeOutOfRange', 30 * day + 1, ...range)
      })
    }

    it('reverts with RakeTooHigh above one half', async () => {
      await refused({ rake: 5_001 }, 'RakeTooHigh', 5_001n, 5_000n)
    })

    it('reverts with PayoutsIncomplete unless the table gives away everything', async () => {
      await refused({ payouts: '0x' }, 'PayoutsIncomplete', 0n, 10_000n)
      await refused({ payouts: payoutTable(9_999) }, 'PayoutsIncomplete', 9_999n, 10_000n)
      await refused({ payouts: payoutTable(9_999, 2) }, 'PayoutsIncomplete', 10_001n, 10_000n)
      await refused({ payouts: `${payoutTable(10_000)}00` }, 'PayoutsIncomplete', 10_000n, 10_000n)
    })
  })

  describe('when the value sent is wrong', () => {
    it('reverts with WrongNativeValue', async () => {
      await expect(as(host).create(terms(), '0x', { value: 1n }))
        .to.be.revertedWithCustomError(tournaments, 'WrongNativeValue')
        .withArgs(1n, 0n)
      await expect(as(host).create(terms({ token: ZeroAddress }), '0x', { value: 59n }))
        .to.be.revertedWithCustomError(tournaments, 'WrongNativeValue')
        .withArgs(59n, 60n)
    })
  })
})
