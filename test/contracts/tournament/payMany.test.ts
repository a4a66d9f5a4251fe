import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { createArena, noResult } from './support/arena.js'
import { treeOf, treeWithZeros, type PrizeItem } from './support/prizes.js'
import { seats } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, token, host, stranger, players, address, terms, id, as, state, final } = arena
const [alice, bob, carol, dave] = players as [
  (typeof players)[0],
  (typeof players)[0],
  (typeof players)[0],
  (typeof players)[0],
]
const prizeOf = (prizes: PrizeItem[], { address: player }: { address: string }) =>
  prizes.find((prize) => prize.player === player) as PrizeItem

describe('payMany', () => {
  beforeEach(arena.reset)

  it('pays the winners, rewards the caller from the rake and gives the host the rest (T2, T3)', async () => {
    const { prizes } = await final(terms())
    const transaction = as(stranger).payMany(terms(), prizes)
    await expect(transaction).to.changeTokenBalances(
      ethers,
      token,
      [alice, bob, carol, dave, stranger, host, address],
      [180n, 108n, 72n, 0n, 3n, 37n, -400n],
    )
    for (const { player, amount } of prizes) {
      await expect(transaction).to.emit(tournaments, 'PrizePaid').withArgs(id(terms()), player, amount)
    }
    await expect(transaction)
      .to.emit(tournaments, 'KeeperRewarded')
      .withArgs(id(terms()), stranger.address, 3n)
    await expect(transaction).to.emit(tournaments, 'TournamentPaid').withArgs(id(terms()), 37n)
    expect(await state(terms())).to.include({ stage: 'Paid', unpaid: 0n, rakeLeft: 0n, settled: 3 })
    expect(await token.balanceOf(address)).to.equal(0n)
  })

  it('pays in batches of any size, and the host only with the last', async () => {
    const { prizes } = await final(terms())
    await expect(as(stranger).payMany(terms(), [prizeOf(prizes, bob)])).to.changeTokenBalances(
      ethers,
      token,
      [alice, bob, stranger, host],
      [0n, 108n, 1n, 0n],
    )
    expect(await state(terms())).to.include({ stage: 'Final', unpaid: 252n, rakeLeft: 39n, settled: 1 })
    const rest = [prizeOf(prizes, alice), prizeOf(prizes, carol)]
    await expect(as(dave).payMany(terms(), rest)).to.changeTokenBalances(
      ethers,
      token,
      [alice, carol, dave, host],
      [180n, 72n, 2n, 37n],
    )
  })

  it('skips a winner who was paid before, without a reward (T4)', async () => {
    const { prizes } = await final(terms())
    const [first, second] = [prizeOf(prizes, alice), prizeOf(prizes, bob)]
    await as(stranger).payMany(terms(), [first])
    await expect(as(stranger).payMany(terms(), [first, second, second])).to.changeTokenBalances(
      ethers,
      token,
      [alice, bob, stranger],
      [0n, 108n, 1n],
    )
    await expect(as(stranger).payMany(terms(), [first])).to.changeTokenBalance(ethers, token, stranger, 0n)
  })

  it('rewards nobody beyond the rake (T3)', async () => {
    const greedy = terms({ keeperReward: 25n })
    const { prizes } = await final(greedy)
    await expect(as(stranger).payMany(greedy, prizes)).to.changeTokenBalances(
      ethers,
      token,
      [stranger, host],
      [40n, 0n],
    )
    const none = terms({ rake: 0 })
    await arena.reset()
    const unraked = await final(none)
    const transaction = as(stranger).payMany(none, unraked.prizes)
    await expect(transaction).to.changeTokenBalances(ethers, token, [stranger, host, alice], [0n, 0n, 200n])
    await expect(transaction).not.to.emit(tournaments, 'KeeperRewarded')
  })

  it('keeps what a winner cannot receive, and pays the others (T7)', async () => {
    const usdc = await ethers.deployContract('UsdcLikeToken')
    const of = terms({ token: await usdc.getAddress() })
    for (const person of [host, ...players]) {
      await usdc.mint(person, 1_000n)
      await usdc.connect(person).approve(tournaments, 1_000n)
    }
    const { prizes } = await final(of)
    await usdc.setBlacklisted(bob, true)
    const transaction = as(stranger).payMany(of, prizes)
    await expect(transaction).to.changeTokenBalances(
      ethers,
      usdc,
      [alice, bob, carol, host, address],
      [180n, 0n, 72n, 37n, -292n],
    )
    await expect(transaction).to.emit(tournaments, 'PaymentKept').withArgs(bob.address, of.token, 108n)
    await expect(as(bob).withdrawOwed(of.token, dave)).to.changeTokenBalance(ethers, usdc, dave, 108n)
  })

  it('pays the native coin, and keeps it for a recipient that reverts (T7)', async () => {
    const native = terms({ token: ZeroAddress })
    const wall = await ethers.deployContract('RevertingRecipient')
    const own = await wall.getAddress()
    await arena.create(native)
    await arena.join(native, alice)
    await as(stranger).join(native, own, '0x', { value: 100n })
    await arena.nextBlockAt(native.joinDeadline)
    const order = [alice.address, own].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    const result = {
      players: order,
      ranks: order.map((player) => (player === own ? 1 : 2)),
      root: ethers.ZeroHash,
      total: 0n,
    }
    await as(host).submitResult(native, result)
    await arena.nextBlockAt(native.joinDeadline + native.challengeWindow)
    await as(stranger).finalize(native)
    const { prizes } = arena.treeFor(native, result)
    await expect(as(stranger).payMany(native, prizes)).to.changeEtherBalances(
      ethers,
      [alice, wall, host],
      [54n, 0n, 18n],
    )
    expect(await tournaments.owed(wall, ZeroAddress)).to.equal(126n)
  })

  it('reverts with InvalidProof for another amount, and with NotAPlayer for another player (T5)', async () => {
    const { prizes } = await final(terms())
    const prize = prizeOf(prizes, alice)
    await expect(as(stranger).payMany(terms(), [{ ...prize, amount: 181n }]))
      .to.be.revertedWithCustomError(tournaments, 'InvalidProof')
      .withArgs(id(terms()), alice.address, 181n)
    await expect(as(stranger).payMany(terms(), [{ ...prize, player: dave.address }]))
      .to.be.revertedWithCustomError(tournaments, 'InvalidProof')
      .withArgs(id(terms()), dave.address, 180n)
    await expect(as(stranger).payMany(terms(), [{ ...prize, player: stranger.address }]))
      .to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
      .withArgs(id(terms()), stranger.address)
  })
})

describe('claim', () => {
  beforeEach(arena.reset)

  it('pays the caller’s prize to a destination of its choice, without a reward', async () => {
    const { prizes } = await final(terms())
    const { amount, proof } = prizeOf(prizes, bob)
    const transaction = as(bob).claim(terms(), amount, proof, dave)
    await expect(transaction).to.changeTokenBalances(ethers, token, [bob, dave, host], [0n, 108n, 0n])
    await expect(transaction).to.emit(tournaments, 'PrizePaid').withArgs(id(terms()), bob.address, 108n)
    expect(await tournaments.accountState(id(terms()), bob)).to.deep.equal([seats.settled, 0n])
    expect(await state(terms())).to.include({ unpaid: 252n, rakeLeft: 40n, settled: 1 })
  })

  it('ends the tournament with the last prize', async () => {
    const { prizes } = await final(terms())
    await as(stranger).payMany(terms(), [prizeOf(prizes, alice), prizeOf(prizes, carol)])
    const { amount, proof } = prizeOf(prizes, bob)
    await expect(as(bob).claim(terms(), amount, proof, bob)).to.changeTokenBalances(
      ethers,
      token,
      [bob, host],
      [108n, 38n],
    )
    expect((await state(terms())).stage).to.equal('Paid')
  })

  it('reverts with AlreadyPaid after either way of payment (T4)', async () => {
    const { prizes } = await final(terms())
    const { amount, proof } = prizeOf(prizes, alice)
    await as(stranger).payMany(terms(), [prizeOf(prizes, alice)])
    await expect(as(alice).claim(terms(), amount, proof, alice))
      .to.be.revertedWithCustomError(tournaments, 'AlreadyPaid')
      .withArgs(id(terms()), alice.address)
    const second = prizeOf(prizes, bob)
    await as(bob).claim(terms(), second.amount, second.proof, bob)
    await expect(as(bob).claim(terms(), second.amount, second.proof, bob))
      .to.be.revertedWithCustomError(tournaments, 'AlreadyPaid')
      .withArgs(id(terms()), bob.address)
  })

  it('reverts with InvalidProof, NotAPlayer and DestinationIsZero', async () => {
    const { prizes } = await final(terms())
    const { amount, proof } = prizeOf(prizes, alice)
    await expect(as(dave).claim(terms(), amount, proof, dave))
      .to.be.revertedWithCustomError(tournaments, 'InvalidProof')
      .withArgs(id(terms()), dave.address, 180n)
    await expect(as(stranger).claim(terms(), amount, proof, stranger))
      .to.be.revertedWithCustomError(tournaments, 'NotAPlayer')
      .withArgs(id(terms()), stranger.address)
    await expect(as(alice).claim(terms(), amount, proof, ZeroAddress)).to.be.revertedWithCustomError(
      tournaments,
      'DestinationIsZero',
    )
  })

  it('reverts with the destination’s reason, and can be tried with another (T7)', async () => {
    const native = terms({ token: ZeroAddress })
    const { prizes } = await final(native)
    const { amount, proof } = prizeOf(prizes, alice)
    const wall = await ethers.deployContract('RevertingRecipient')
    await expect(as(alice).claim(native, amount, proof, wall)).to.be.revertedWithCustomError(wall, 'NoThanks')
    await expect(as(alice).claim(native, amount, proof, dave)).to.changeEtherBalance(ethers, dave, 180n)
  })
})

describe('a large field, paid by a root', () => {
  const count = 65
  const large = () => terms({ maximumPlayers: count })
  const field = Array.from({ length: count }, (_, index) =>
    ethers.getAddress(ethers.id(`player ${index}`).slice(0, 42)),
  )
  const pool = 5_850n // 65 stakes of 100, less a tenth

  /** Final with a root that the host made up. */
  async function finalWith(root: string) {
    await arena.create(large())
    for (const player of field) await as(stranger).join(large(), player, '0x')
    await arena.nextBlockAt(large().joinDeadline)
    await as(host).submitResult(large(), { players: [], ranks: [], root, total: pool })
    await arena.nextBlockAt(large().joinDeadline + large().challengeWindow)
    await as(stranger).finalize(large())
  }

  beforeEach(arena.reset)

  it('pays everyone by proof', async () => {
    const tree = treeOf(
      field,
      field.map(() => pool / BigInt(count)),
    )
    await finalWith(tree.root)
    await as(stranger).payMany(large(), tree.prizes)
    expect(await token.balanceOf(field[64] as string)).to.equal(90n)
    expect((await state(large())).stage).to.equal('Paid')
  })

  it('rewards nobody for prizes of zero, and settles nobody by them (T3)', async () => {
    const [winner = '', ...rest] = field
    const leaves = [winner, ...rest, winner]
    const tree = treeWithZeros(leaves, [pool, ...rest.map(() => 0n), 0n])
    await finalWith(tree.root)
    const nothing = tree.prizes.filter(({ amount }) => amount === 0n)
    await expect(as(stranger).payMany(large(), nothing)).to.changeTokenBalance(ethers, token, stranger, 0n)
    expect(await state(large())).to.include({ stage: 'Final', settled: 0, rakeLeft: 650n })
    await expect(as(stranger).payMany(large(), tree.prizes)).to.changeTokenBalances(
      ethers,
      token,
      [winner, stranger, host],
      [pool, 1n, 649n],
    )
  })

  it('may be ranked on the chain as well', async () => {
    await arena.create(large())
    for (const player of field) await as(stranger).join(large(), player, '0x')
    await arena.nextBlockAt(large().joinDeadline)
    const sorted = [...field].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    const result = {
      players: sorted,
      ranks: sorted.map((_, index) => index + 1),
      root: ethers.ZeroHash,
      total: 0n,
    }
    await as(host).submitResult(large(), result)
    expect((await state(large())).root).to.equal(arena.treeFor(large(), result).root)
  })

  it('is one of 65: as few as 64 must be ranked: RankingRequired (T5)', async () => {
    const almost = terms({ maximumPlayers: 64 })
    await arena.create(almost)
    for (const player of field.slice(0, 64)) await as(stranger).join(almost, player, '0x')
    await arena.nextBlockAt(almost.joinDeadline)
    await expect(as(host).submitResult(almost, { ...noResult, root: ethers.id('root'), total: 5_760n }))
      .to.be.revertedWithCustomError(tournaments, 'RankingRequired')
      .withArgs(id(almost), 64n, 64n)
  })

  it('must give away the whole pool: TotalIsNotPool (T3)', async () => {
    await arena.create(large())
    for (const player of field) await as(stranger).join(large(), player, '0x')
    await arena.nextBlockAt(large().joinDeadline)
    for (const total of [pool - 1n, pool + 1n]) {
      await expect(as(host).submitResult(large(), { players: [], ranks: [], root: ethers.id('root'), total }))
        .to.be.revertedWithCustomError(tournaments, 'TotalIsNotPool')
        .withArgs(id(large()), total, pool)
    }
  })

  it('never pays more than the pool, whatever the tree says: PrizeExceedsPool (T1, T3)', async () => {
    const tree = treeOf(field.slice(0, 3), [pool - 1n, 1n, 1n])
    await finalWith(tree.root)
    const [first, second, third] = tree.prizes as [PrizeItem, PrizeItem, PrizeItem]
    await as(stranger).payMany(large(), [first])
    await expect(as(stranger).payMany(large(), [second, third]))
      .to.be.revertedWithCustomError(tournaments, 'PrizeExceedsPool')
      .withArgs(id(large()), 1n, 0n)
  })

  it('pays no player twice though the tree names it twice, and no stranger (T4, T5)', async () => {
    const [a, b] = field as [string, string]
    const tree = treeOf([a, a, stranger.address, b], [10n, 20n, 30n, pool - 60n])
    await finalWith(tree.root)
    const [first, second, third] = tree.prizes as [PrizeItem, PrizeItem, PrizeItem]
    await as(stranger).payMany(large(), [first, second])
    expect(await token.balanceOf(a)).to.equal(10n)
    await expect(as(stranger).payMany(large(), [third])).to.be.revertedWithCustomError(
      tournaments,
      'NotAPlayer',
    )
  })
})
