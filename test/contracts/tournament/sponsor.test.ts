import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { maxUint96 } from '../support/terms.js'
import { createArena } from './support/arena.js'
import { seats } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, token, sponsor, players, address, terms, id, as, create, join, give, state } =
  arena
const alice = players[0] as (typeof players)[0]

describe('sponsor', () => {
  beforeEach(async () => {
    await arena.reset()
    await create(terms())
  })

  it('adds to the pot and remembers who gave', async () => {
    const transaction = give(terms(), 40n)
    await expect(transaction).to.changeTokenBalances(ethers, token, [sponsor, address], [-40n, 40n])
    await expect(transaction)
      .to.emit(tournaments, 'TournamentSponsored')
      .withArgs(id(terms()), sponsor.address, 40n)
    await give(terms(), 2n)
    expect((await state(terms())).sponsored).to.equal(42n)
    expect(await tournaments.accountState(id(terms()), sponsor)).to.deep.equal([seats.none, 42n])
  })

  it('takes the native coin', async () => {
    const native = terms({ token: ZeroAddress })
    await create(native)
    await expect(give(native, 40n)).to.changeEtherBalances(ethers, [sponsor, address], [-40n, 40n])
  })

  it('leaves the seat of a player who also sponsors alone, and the other way round (T10)', async () => {
    await as(alice).sponsor(terms(), 5n, '0x')
    await join(terms(), alice)
    await as(alice).sponsor(terms(), 5n, '0x')
    expect(await tournaments.accountState(id(terms()), alice)).to.deep.equal([seats.joined, 10n])
    await as(alice).leave(terms())
    expect(await tournaments.accountState(id(terms()), alice)).to.deep.equal([seats.none, 10n])
  })

  it('works in the last second before the join deadline, and reverts with DeadlinePassed after it', async () => {
    await arena.nextBlockAt(terms().joinDeadline - 1)
    await give(terms(), 1n)
    await expect(give(terms(), 1n))
      .to.be.revertedWithCustomError(tournaments, 'DeadlinePassed')
      .withArgs(id(terms()), terms().joinDeadline, terms().joinDeadline)
  })

  it('reverts with SponsorshipIsZero', async () => {
    await expect(give(terms(), 0n))
      .to.be.revertedWithCustomError(tournaments, 'SponsorshipIsZero')
      .withArgs(id(terms()))
  })

  it('reverts with PotTooLarge when a full field would no longer fit (T3)', async () => {
    await token.mint(sponsor, 2n ** 97n)
    const room = maxUint96 - 9n * terms().stake
    await give(terms(), room - 1n)
    await expect(give(terms(), 2n))
      .to.be.revertedWithCustomError(tournaments, 'PotTooLarge')
      .withArgs(maxUint96 + 1n, maxUint96)
    await give(terms(), 1n)
  })
})
