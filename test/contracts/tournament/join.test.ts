import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { createArena } from './support/arena.js'
import { seats } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, token, host, stranger, players, address, terms, id, as, create, join, state } =
  arena
const [alice, bob] = players as [(typeof players)[0], (typeof players)[0]]

describe('join', () => {
  beforeEach(async () => {
    await arena.reset()
    await create(terms())
  })

  describe('when the tournament is open', () => {
    it('takes the stake in the same transaction and gives a seat', async () => {
      const transaction = join(terms(), alice)
      await expect(transaction).to.changeTokenBalances(ethers, token, [alice, address], [-100n, 100n])
      await expect(transaction)
        .to.emit(tournaments, 'PlayerJoined')
        .withArgs(id(terms()), alice.address, alice.address)
      expect((await state(terms())).players).to.equal(1)
      expect(await tournaments.accountState(id(terms()), alice)).to.deep.equal([seats.joined, 0n])
    })

    it('lets anyone pay for a player, whose stake it is from then on', async () => {
      const transaction = as(stranger).join(terms(), bob, '0x')
      await expect(transaction).to.changeTokenBalances(ethers, token, [stranger, bob], [-100n, 0n])
      await expect(transaction)
        .to.emit(tournaments, 'PlayerJoined')
        .withArgs(id(terms()), bob.address, stranger.address)
      await expect(as(bob).leave(terms())).to.changeTokenBalances(ethers, token, [stranger, bob], [0n, 100n])
    })

    it('lets the host play along', async () => {
      await join(terms(), host)
      expect((await state(terms())).players).to.equal(1)
    })

    it('takes the native coin', async () => {
      const native = terms({ token: ZeroAddress })
      await create(native)
      await expect(join(native, alice)).to.changeEtherBalances(ethers, [alice, address], [-100n, 100n])
    })

    it('is free where there is no stake', async () => {
      const free = terms({ stake: 0n })
      await create(free)
      await expect(join(free, alice)).to.changeTokenBalance(ethers, token, alice, 0n)
      expect((await state(free)).players).to.equal(1)
    })

    it('works in the last second before the deadline', async () => {
      await arena.nextBlockAt(terms().joinDeadline - 1)
      await join(terms(), alice)
    })
  })

  describe('when it is not possible', () => {
    it('reverts with DeadlinePassed in the first second of the deadline', async () => {
      await arena.nextBlockAt(terms().joinDeadline)
      await expect(join(terms(), alice))
        .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
        .withArgs(id(terms()), terms().joinDeadline, terms().joinDeadline)
    })

    it('reverts with FieldIsFull', async () => {
      const small = terms({ maximumPlayers: 2 })
      await arena.filled(small, 2)
      await expect(join(small, host))
        .to.be.revertedWithCustomError(tournaments, 'FieldIsFull')
        .withArgs(id(small), 2n, 2n)
    })

    it('reverts with AlreadyJoined (T4)', async () => {
      await join(terms(), alice)
      await expect(as(stranger).join(terms(), alice, '0x'))
        .to.be.revertedWithCustomError(tournaments, 'AlreadyJoined')
        .withArgs(id(terms()), alice.address)
    })

    it('reverts with PlayerIsZero', async () => {
      await expect(as(stranger).join(terms(), ZeroAddress, '0x'))
        .to.be.revertedWithCustomError(tournaments, 'PlayerIsZero')
        .withArgs(id(terms()))
    })

    it('reverts without the money', async () => {
      await token.connect(alice).approve(tournaments, 99n)
      await expect(join(terms(), alice)).to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance')
      expect((await state(terms())).players).to.equal(0)
    })
  })
})

describe('leave', () => {
  beforeEach(async () => {
    await arena.reset()
    await create(terms())
    await join(terms(), alice)
  })

  it('gives the stake back until the last second before the deadline (T6)', async () => {
    await arena.nextBlockAt(terms().joinDeadline - 1)
    const transaction = as(alice).leave(terms())
    await expect(transaction).to.changeTokenBalances(ethers, token, [alice, address], [100n, -100n])
    await expect(transaction).to.emit(tournaments, 'PlayerLeft').withArgs(id(terms()), alice.address)
    expect((await state(terms())).players).to.equal(0)
    expect(await tournaments.accountState(id(terms()), alice)).to.deep.equal([seats.none, 0n])
  })

  it('makes room, also for the same player', async () => {
    const small = terms({ maximumPlayers: 2 })
    await arena.filled(small, 2)
    await as(alice).leave(small)
    await join(small, alice)
    expect((await state(small)).players).to.equal(2)
  })

  it('reverts with DeadlinePassed in the first second of the deadline', async () => {
    await arena.nextBlockAt(terms().joinDeadline)
    await expect(as(alice).leave(terms()))
      .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
      .withArgs(id(terms()), terms().joinDeadline, terms().joinDeadline)
  })

  it('reverts with NotAPlayer for anyone else, and a second time (T4)', async () => {
    await expect(as(bob).leave(terms()))
      .to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
      .withArgs(id(terms()), bob.address)
    await as(alice).leave(terms())
    await expect(as(alice).leave(terms())).to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
  })
})
