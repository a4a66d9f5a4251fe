import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { day } from '../support/terms.js'
import { createArena } from './support/arena.js'
import { treeOf } from './support/prizes.js'
import { reasons, seats } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, token, host, sponsor, stranger, players, address, terms, id, as, state } = arena
const { filled, disputed, final, nextBlockAt } = arena
const [alice, bob, carol] = players as [(typeof players)[0], (typeof players)[0], (typeof players)[0]]

describe('cancel', () => {
  beforeEach(arena.reset)

  describe('before the start', () => {
    it('lets the host call it off and take its bond back', async () => {
      await filled(terms(), 3)
      await nextBlockAt(terms().joinDeadline - 1)
      const transaction = as(host).cancel(terms())
      await expect(transaction).to.changeTokenBalances(ethers, token, [host, address], [60n, -60n])
      await expect(transaction)
        .to.emit(tournaments, 'TournamentCancelled')
        .withArgs(id(terms()), reasons.indexOf('HostCancelled'), 100n)
      expect(await state(terms())).to.include({ stage: 'Refunding', share: 100n })
      expect(await token.balanceOf(address)).to.equal(300n)
    })

    it('reverts with CallerIsNotHost for everybody else', async () => {
      await filled(terms(), 1)
      await expect(as(alice).cancel(terms()))
        .to.be.revertedWithCustomError(tournaments, 'CallerIsNotHost')
        .withArgs(id(terms()), alice.address, host.address)
    })
  })

  describe('at the join deadline with too few players', () => {
    it('opens refunds for anyone, and gives the host its bond (T6)', async () => {
      const large = terms({ minimumPlayers: 3 })
      await filled(large, 2)
      await nextBlockAt(large.joinDeadline)
      await expect(as(stranger).cancel(large)).to.changeTokenBalances(
        ethers,
        token,
        [host, stranger],
        [60n, 0n],
      )
      expect(await state(large)).to.include({ stage: 'Refunding', share: 100n })
    })
  })

  describe('after the start', () => {
    it('reverts with DeadlineNotReached until the result deadline, also for the host', async () => {
      await filled(terms(), 2)
      await nextBlockAt(terms().resultDeadline - 1)
      await expect(as(host).cancel(terms()))
        .to.be.revertedWithCustomError(tournaments, 'DeadlineNotReached')
        .withArgs(id(terms()), terms().resultDeadline, terms().resultDeadline - 1)
    })

    it('compensates the players with the bond when no result came in time (T6, T12)', async () => {
      const of = terms({ bond: 62n })
      await filled(of, 3)
      await nextBlockAt(of.resultDeadline)
      const transaction = as(stranger).cancel(of)
      // 62 are 20 each, and 2 that cannot be divided.
      await expect(transaction).to.changeTokenBalances(ethers, token, [host, stranger], [2n, 0n])
      await expect(transaction)
        .to.emit(tournaments, 'TournamentCancelled')
        .withArgs(id(of), reasons.indexOf('NoResult'), 120n)
      await expect(as(stranger).refund(of, [alice, bob, carol])).to.changeTokenBalances(
        ethers,
        token,
        [alice, bob, carol, address],
        [120n, 120n, 120n, -360n],
      )
      expect(await token.balanceOf(address)).to.equal(0n)
    })
  })

  describe('when the referee does not rule', () => {
    it('reverts with DeadlineNotReached in the last second of the ruling window', async () => {
      await disputed(terms())
      const deadline = (await state(terms())).changedAt + terms().rulingWindow
      await nextBlockAt(deadline - 1)
      await expect(as(stranger).cancel(terms()))
        .to.be.revertedWithCustomError(tournaments, 'DeadlineNotReached')
        .withArgs(id(terms()), deadline, deadline - 1)
    })

    it('gives everybody back what they put in (T6)', async () => {
      const { challenger } = await disputed(terms())
      await nextBlockAt((await state(terms())).changedAt + terms().rulingWindow)
      const transaction = as(stranger).cancel(terms())
      await expect(transaction).to.changeTokenBalances(ethers, token, [host, challenger], [60n, 30n])
      await expect(transaction)
        .to.emit(tournaments, 'TournamentCancelled')
        .withArgs(id(terms()), reasons.indexOf('NoRuling'), 100n)
      await as(stranger).refund(terms(), players.slice(0, 4))
      expect(await token.balanceOf(address)).to.equal(0n)
    })
  })

  describe('when prizes stay unpaid', () => {
    it('reverts with DeadlineNotReached for 180 days', async () => {
      await final(terms())
      const deadline = (await state(terms())).changedAt + 180 * day
      await nextBlockAt(deadline - 1)
      await expect(as(host).cancel(terms()))
        .to.be.revertedWithCustomError(tournaments, 'DeadlineNotReached')
        .withArgs(id(terms()), deadline, deadline - 1)
    })

    it('shares them, and the rake that waited, among the players who got none (T2, T6)', async () => {
      const of = terms({ keeperReward: 2n })
      const { prizes } = await final(of)
      await as(stranger).payMany(
        of,
        prizes.filter(({ player }) => player === alice.address),
      )
      await nextBlockAt((await state(of)).changedAt + 180 * day)
      // 180 of prizes and 38 of rake are 72 for each of three, and 2 that cannot be divided.
      const transaction = as(stranger).cancel(of)
      await expect(transaction).to.changeTokenBalances(ethers, token, [host, address], [2n, -2n])
      await expect(transaction)
        .to.emit(tournaments, 'TournamentCancelled')
        .withArgs(id(of), reasons.indexOf('PrizesUnclaimed'), 72n)
      expect(await state(of)).to.include({ stage: 'Abandoned', share: 72n, unpaid: 0n, rakeLeft: 0n })
      await expect(as(stranger).refund(of, players.slice(0, 4))).to.changeTokenBalances(
        ethers,
        token,
        players.slice(0, 4),
        [0n, 72n, 72n, 72n],
      )
      expect(await token.balanceOf(address)).to.equal(0n)
    })

    it('gives the host what nobody is left for, and no sponsor anything (T2)', async () => {
      // A root that keeps one base unit back from 65 players.
      const count = 65
      const large = terms({ maximumPlayers: count })
      const field = Array.from({ length: count }, (_, index) => ethers.id(`p${index}`).slice(0, 42))
      await arena.create(large)
      await arena.give(large, 5n)
      for (const player of field) await as(stranger).join(large, player, '0x')
      await nextBlockAt(large.joinDeadline)
      const tree = treeOf(
        field,
        field.map(() => 90n),
      )
      await as(host).submitResult(large, { players: [], ranks: [], root: tree.root, total: 5_855n })
      await nextBlockAt(large.joinDeadline + large.challengeWindow)
      await as(stranger).finalize(large)
      await as(stranger).payMany(large, tree.prizes)
      await nextBlockAt((await state(large)).changedAt + 180 * day)
      // Five of sponsor money, and 650 of rake less 65 for the keeper.
      const transaction = as(stranger).cancel(large)
      await expect(transaction).to.changeTokenBalance(ethers, token, host, 590n)
      await expect(transaction)
        .to.emit(tournaments, 'TournamentCancelled')
        .withArgs(id(large), reasons.indexOf('PrizesUnclaimed'), 0n)
      await expect(as(stranger).refund(large, [sponsor, ...field])).not.to.emit(tournaments, 'Refunded')
      expect(await token.balanceOf(address)).to.equal(0n)
    })
  })
})

describe('refund', () => {
  beforeEach(async () => {
    await arena.reset()
    await filled(terms(), 2)
    await arena.give(terms(), 40n)
    await as(alice).sponsor(terms(), 7n, '0x')
    await as(host).cancel(terms())
  })

  it('sends players their stakes and sponsors what they gave (T2)', async () => {
    const transaction = as(stranger).refund(terms(), [alice, bob, sponsor])
    await expect(transaction).to.changeTokenBalances(
      ethers,
      token,
      [alice, bob, sponsor, stranger, address],
      [107n, 100n, 40n, 0n, -247n],
    )
    await expect(transaction).to.emit(tournaments, 'Refunded').withArgs(id(terms()), alice.address, 107n)
    expect(await tournaments.accountState(id(terms()), alice)).to.deep.equal([seats.settled, 0n])
    expect(await token.balanceOf(address)).to.equal(0n)
  })

  it('skips whoever has nothing to get, or got it before (T4)', async () => {
    await expect(as(stranger).refund(terms(), [bob, bob, stranger])).to.changeTokenBalances(
      ethers,
      token,
      [bob, stranger],
      [100n, 0n],
    )
    await expect(as(stranger).refund(terms(), [bob, sponsor])).to.changeTokenBalances(
      ethers,
      token,
      [bob, sponsor],
      [0n, 40n],
    )
    await expect(as(stranger).refund(terms(), [bob, stranger])).not.to.emit(tournaments, 'Refunded')
  })

  it('keeps what an account cannot receive, and pays the others (T7)', async () => {
    const native = terms({ token: ZeroAddress })
    const wall = await ethers.deployContract('RevertingRecipient')
    await arena.create(native)
    await as(stranger).join(native, wall, '0x', { value: 100n })
    await arena.join(native, bob)
    await as(host).cancel(native)
    await expect(as(stranger).refund(native, [wall, bob])).to.changeEtherBalances(
      ethers,
      [wall, bob],
      [0n, 100n],
    )
    expect(await tournaments.owed(wall, ZeroAddress)).to.equal(100n)
  })
})
