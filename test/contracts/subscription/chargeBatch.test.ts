import { expect } from 'chai'
import { MaxUint256 } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { day } from '../support/terms.js'
import { reason } from './agreement.js'
import { createWorld, period, price, tip } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, merchant, keeper, stranger, address, plan, native, id } = world
const people = (await ethers.getSigners()).slice(4, 9)
const addresses = people.map((person) => person.address)

/** Everybody subscribes in the same minute. */
async function everybody(of = plan(), prepaid = 0n): Promise<number> {
  for (const person of people) {
    await token.mint(person, 10n ** 6n)
    await token.connect(person).approve(subscriptions, MaxUint256)
    await world.subscribe(of, {}, prepaid, person)
  }
  return (await world.time.latest()) + period
}

const charge = (of = plan(), whom: string[] = addresses, from: HardhatEthersSigner = keeper) =>
  subscriptions.connect(from).chargeBatch(of, whom)

describe('chargeBatch', () => {
  beforeEach(world.reset)

  describe('when all can be charged', () => {
    it('pays the merchant and the caller once for all (S2)', async () => {
      await world.nextBlockAt(await everybody())
      const transaction = await charge()
      await expect(transaction).to.changeTokenBalances(
        ethers,
        token,
        [merchant, keeper, address, ...people],
        [5n * (price - tip), 5n * tip, 0n, ...people.map(() => -price)],
      )
      const receipt = await transaction.wait()
      const transfers = receipt?.logs.filter((log) => log.address === world.tokenAddress)
      expect(transfers).to.have.length(7)
    })

    it('takes prepaid balances of the native coin (S1)', async () => {
      await world.nextBlockAt(await everybody(native(), 3n * price))
      await expect(charge(native(), addresses, stranger)).to.changeEtherBalances(
        ethers,
        [merchant, address, stranger],
        [5n * (price - tip), -5n * price, 5n * tip],
      )
    })

    it('takes a lower price of the plan by itself, and no higher one (S3)', async () => {
      await world.nextBlockAt(await everybody())
      await subscriptions.connect(merchant).setPrice(plan(), 600n)
      await expect(charge()).to.changeTokenBalance(ethers, token, merchant, 5n * (600n - tip))
      await subscriptions.connect(merchant).setPrice(plan(), 900n)
      await world.nextBlockAt((await world.state(plan(), addresses[0])).paidUntil)
      await expect(charge()).to.changeTokenBalance(ethers, token, merchant, 5n * (600n - tip))
    })

    it('tells how many', async () => {
      await world.mineAt(await everybody())
      expect(await subscriptions.connect(keeper).chargeBatch.staticCall(plan(), addresses)).to.equal(5n)
    })
  })

  describe('when some cannot be charged', () => {
    it('skips them, says why, and charges the rest (S7)', async () => {
      const due = await everybody()
      const [poor, paused, gone] = people as [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner]
      await token.connect(poor).transfer(stranger, await token.balanceOf(poor))
      await subscriptions.connect(paused).pause(plan(), paused, { deadline: 0n, signature: '0x' })
      await token.connect(gone).approve(subscriptions, 1n)
      await world.nextBlockAt(due)
      const transaction = await charge(plan(), [...addresses, stranger.address])
      const failed = (who: string, why: number, found: bigint, needed: bigint) =>
        expect(transaction)
          .to.emit(subscriptions, 'ChargeFailed')
          .withArgs(id(plan(), who), why, found, needed)
      await failed(poor.address, reason.balanceTooLow, 0n, price)
      await failed(paused.address, reason.paused, 0n, 0n)
      await failed(gone.address, reason.allowanceTooLow, 1n, price)
      await failed(stranger.address, reason.notSubscribed, 0n, 0n)
      await expect(transaction).to.changeTokenBalances(
        ethers,
        token,
        [merchant, keeper, people[3] as HardhatEthersSigner, people[4] as HardhatEthersSigner],
        [2n * (price - tip), 2n * tip, -price, -price],
      )
    })

    it('charges one that stands twice once (S4)', async () => {
      await world.nextBlockAt(await everybody())
      const [first = ''] = addresses
      const transaction = charge(plan(), [first, first])
      await expect(transaction).to.changeTokenBalance(ethers, token, first, -price)
      await expect(transaction).to.emit(subscriptions, 'ChargeFailed')
    })

    it('leaves those unchanged that it skips (S8)', async () => {
      const due = await everybody()
      const [poor] = people as [HardhatEthersSigner]
      await token.connect(poor).transfer(stranger, await token.balanceOf(poor))
      await subscriptions.connect(merchant).setPrice(plan(), 500n)
      const before = await world.state(plan(), poor.address)
      await world.nextBlockAt(due)
      await charge()
      expect(await world.state(plan(), poor.address)).to.deep.equal(before)
    })

    it('says that the token refuses one of them (S7)', async () => {
      const odd = await ethers.deployContract('UsdcLikeToken')
      const of = await world.create(plan({ token: await odd.getAddress() }))
      for (const person of people) {
        await odd.mint(person, 10n * price)
        await odd.connect(person).approve(subscriptions, MaxUint256)
        await world.subscribe(of, {}, 0n, person)
      }
      const [listed = ''] = addresses
      await odd.setBlacklisted(listed, true)
      await world.time.increase(period)
      const transaction = charge(of)
      await expect(transaction)
        .to.emit(subscriptions, 'ChargeFailed')
        .withArgs(id(of, listed), reason.tokenRefused, 0n, price)
      await expect(transaction).to.changeTokenBalance(ethers, odd, merchant, 4n * (price - tip))
    })
  })

  describe('when none can be charged', () => {
    it('moves nothing', async () => {
      await everybody()
      const transaction = await charge()
      await expect(transaction).to.changeTokenBalances(
        ethers,
        token,
        [merchant, keeper, address],
        [0n, 0n, 0n],
      )
      const receipt = await transaction.wait()
      expect(receipt?.logs).to.have.length(5)
    })
  })

  describe('when some are late', () => {
    it('pays each from where it must begin (S4)', async () => {
      const due = await everybody()
      await world.nextBlockAt(due + 3 * day)
      await charge()
      const states = await Promise.all(addresses.map((who) => world.state(plan(), who)))
      for (const state of states) expect(state.paidFrom).to.equal(due + 3 * day)
    })
  })
})
