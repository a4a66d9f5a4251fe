import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { day, saltOf } from '../support/terms.js'
import { reason } from './agreement.js'
import { createWorld, period, price } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, merchant, stranger, address, plan, native, planId, id } =
  world
const trial = () => plan({ trial: 7 * day })

describe('subscribe', () => {
  beforeEach(world.reset)

  describe('when there is no trial', () => {
    it('pays the first period to the merchant, without a tip (S2)', async () => {
      const transaction = world.subscribe(plan())
      await expect(transaction).to.changeTokenBalances(
        ethers,
        token,
        [subscriber, merchant, address],
        [-price, price, 0n],
      )
      await expect(transaction)
        .to.emit(token, 'Transfer')
        .withArgs(subscriber.address, merchant.address, price)
    })

    it('tells what was agreed, what was paid, and when it expires', async () => {
      const at = (await world.time.latest()) + 100
      await world.nextBlockAt(at)
      const transaction = world.subscribe(plan(), { end: at + 5 * period })
      await expect(transaction)
        .to.emit(subscriptions, 'Subscribed')
        .withArgs(id(plan()), planId(plan()), subscriber.address, price, at, at, at + 5 * period)
      await expect(transaction)
        .to.emit(subscriptions, 'Charged')
        .withArgs(id(plan()), price, at, at + period)
      await expect(transaction)
        .to.emit(subscriptions, 'SubscriptionUpdate')
        .withArgs(BigInt(id(plan())), at + period)
      expect(await world.state(plan())).to.deep.equal({
        price,
        startedAt: at,
        paidFrom: at,
        paidUntil: at + period,
        end: at + 5 * period,
        anchorDay: 0,
        nonce: 0,
        paused: false,
        paid: true,
        trial: false,
        prepaid: false,
        balance: 0n,
      })
      expect(await world.isActive(plan())).to.equal(true)
    })

    it('agrees to the present price, not to the maximum (S3)', async () => {
      await subscriptions.connect(merchant).setPrice(plan(), 600n)
      await expect(world.subscribe(plan())).to.changeTokenBalance(ethers, token, merchant, 600n)
      expect((await world.state(plan())).price).to.equal(600n)
    })

    it('reverts when the subscriber has too little', async () => {
      await token.connect(subscriber).transfer(stranger, (await token.balanceOf(subscriber)) - 5n)
      await expect(world.subscribe(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
        .withArgs(id(plan()), reason.balanceTooLow, 5n, price)
    })

    it('reverts when the subscriber allows too little', async () => {
      await token.connect(subscriber).approve(subscriptions, price - 1n)
      await expect(world.subscribe(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
        .withArgs(id(plan()), reason.allowanceTooLow, price - 1n, price)
    })
  })

  describe('when there is a trial', () => {
    beforeEach(() => world.create(trial()))

    it('costs nothing until it ends, and is active (S10)', async () => {
      const at = (await world.time.latest()) + 100
      await world.nextBlockAt(at)
      const transaction = world.subscribe(trial())
      await expect(transaction).to.changeTokenBalance(ethers, token, subscriber, 0n)
      await expect(transaction)
        .to.emit(subscriptions, 'Subscribed')
        .withArgs(id(trial()), planId(trial()), subscriber.address, price, at, at + 7 * day, 0)
      await expect(transaction)
        .to.emit(subscriptions, 'SubscriptionUpdate')
        .withArgs(BigInt(id(trial())), at + 7 * day)
      expect(await world.isActive(trial())).to.equal(true)
      expect(await world.state(trial())).to.include({ trial: true, paid: false, prepaid: false })
    })

    it('is charged from the second the trial ends, not before (S4)', async () => {
      await world.subscribe(trial())
      const { paidUntil } = await world.state(trial())
      await world.nextBlockAt(paidUntil - 1)
      await expect(world.charge(trial()))
        .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
        .withArgs(id(trial()), reason.notDue, paidUntil - 1, paidUntil)
      await world.nextBlockAt(paidUntil)
      await world.charge(trial())
      expect(await world.state(trial())).to.include({ paidFrom: paidUntil, paidUntil: paidUntil + period })
    })

    it('has grace after the trial (S10)', async () => {
      await world.subscribe(trial())
      const { paidUntil } = await world.state(trial())
      await world.mineAt(paidUntil + 3 * day - 1)
      expect(await world.isActive(trial())).to.equal(true)
      await world.mineAt(paidUntil + 3 * day)
      expect(await world.isActive(trial())).to.equal(false)
    })

    it('is given once', async () => {
      await world.subscribe(trial())
      await world.cancel(trial())
      await world.mineAt((await world.state(trial())).paidUntil)
      await expect(world.subscribe(trial())).to.changeTokenBalance(ethers, token, subscriber, -price)
    })
  })

  describe('when it starts later', () => {
    it('is neither charged nor active before (S4, S10)', async () => {
      const start = (await world.time.latest()) + 10 * day
      await expect(world.subscribe(plan(), { start })).to.changeTokenBalance(ethers, token, subscriber, 0n)
      expect(await world.isActive(plan())).to.equal(false)
      expect(await world.renewable(plan())).to.deep.equal([
        reason.notDue,
        BigInt(await world.time.latest()),
        BigInt(start),
      ])
      await world.nextBlockAt(start)
      await world.charge(plan())
      expect(await world.state(plan())).to.include({
        startedAt: start,
        paidFrom: start,
        paidUntil: start + period,
      })
      expect(await world.isActive(plan())).to.equal(true)
    })

    it('has no grace before it was ever paid (S10)', async () => {
      const start = (await world.time.latest()) + 10 * day
      await world.subscribe(plan(), { start })
      await world.mineAt(start)
      expect(await world.isActive(plan())).to.equal(false)
    })

    it('pays from when it is charged, if that is after the start', async () => {
      const start = (await world.time.latest()) + 10 * day
      await world.subscribe(plan(), { start })
      await world.nextBlockAt(start + day)
      await world.charge(plan())
      expect(await world.state(plan())).to.include({
        paidFrom: start + day,
        paidUntil: start + day + period,
      })
    })

    it('has its trial from the start on', async () => {
      await world.create(trial())
      const start = (await world.time.latest()) + 10 * day
      await world.subscribe(trial(), { start })
      await world.mineAt(start - 1)
      expect(await world.isActive(trial())).to.equal(false)
      await world.mineAt(start)
      expect(await world.isActive(trial())).to.equal(true)
      expect(await world.state(trial())).to.include({ paidFrom: start, paidUntil: start + 7 * day })
    })
  })

  describe('when the start has passed', () => {
    it('starts now', async () => {
      const at = (await world.time.latest()) + 100
      await world.nextBlockAt(at)
      await world.subscribe(plan(), { start: at - 50 })
      expect((await world.state(plan())).startedAt).to.equal(at)
    })
  })

  describe('when the terms make no sense', () => {
    it('reverts when the plan costs more than the subscriber accepts (S3)', async () => {
      await expect(world.subscribe(plan(), { maxPrice: price - 1n }))
        .to.be.revertedWithCustomError(subscriptions, 'PriceAboveMaximum')
        .withArgs(planId(plan()), price, price - 1n)
    })

    it('reverts when the plan was never created', async () => {
      const unknown = plan({ salt: saltOf(9) })
      await expect(world.subscribe(unknown))
        .to.be.revertedWithCustomError(subscriptions, 'PlanNotCreated')
        .withArgs(planId(unknown))
    })

    it('reverts when the end is not after the start', async () => {
      const start = (await world.time.latest()) + day
      await expect(world.subscribe(plan(), { start, end: start }))
        .to.be.revertedWithCustomError(subscriptions, 'EndNotAfterStart')
        .withArgs(start, start)
    })

    it('reverts when the subscriber neither calls nor pays (S9)', async () => {
      await expect(subscriptions.connect(stranger).subscribe(plan(), world.terms(), 0n, '0x'))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
        .withArgs(id(plan()), stranger.address, subscriber.address)
      await expect(subscriptions.connect(stranger).subscribe(plan(), world.terms(), 5n, '0x'))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
        .withArgs(id(plan()), stranger.address, subscriber.address)
      // Where nothing is paid, what names the subscriber as who pays is no consent.
      const named = ethers.concat(['0x02', subscriber.address])
      await expect(subscriptions.connect(stranger).subscribe(plan(), world.terms(), 0n, named))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
        .withArgs(id(plan()), stranger.address, subscriber.address)
    })

    it('reverts when value is sent that nothing is to be prepaid with', async () => {
      await expect(
        subscriptions.connect(subscriber).subscribe(plan(), world.terms(), 0n, '0x', { value: 1n }),
      )
        .to.be.revertedWithCustomError(subscriptions, 'WrongNativeValue')
        .withArgs(1n, 0n)
    })
  })

  describe('when the subscriber has the plan', () => {
    it('reverts until that is over', async () => {
      await world.subscribe(plan())
      const { paidUntil } = await world.state(plan())
      await expect(world.subscribe(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'AlreadySubscribed')
        .withArgs(id(plan()), paidUntil)
      await world.cancel(plan())
      await world.nextBlockAt(paidUntil - 1)
      await expect(world.subscribe(plan())).to.be.revertedWithCustomError(subscriptions, 'AlreadySubscribed')
      await world.nextBlockAt(paidUntil)
      await world.subscribe(plan())
      expect(await world.state(plan())).to.include({ paidFrom: paidUntil, end: 0 })
    })

    it('reverts while it is overdue, and begins anew once it has lapsed', async () => {
      await world.subscribe(plan())
      const { paidUntil } = await world.state(plan())
      await world.nextBlockAt(paidUntil + period - 1)
      await expect(world.subscribe(plan())).to.be.revertedWithCustomError(subscriptions, 'AlreadySubscribed')
      await world.nextBlockAt(paidUntil + period)
      await world.subscribe(plan())
      expect((await world.state(plan())).startedAt).to.equal(paidUntil + period)
    })

    it('begins anew, neither paused nor paid, when its end came while it was paused', async () => {
      const end = (await world.time.latest()) + period + day
      await world.subscribe(plan(), { end })
      await world.pause(plan())
      await world.mineAt(end + 3 * day)
      const start = end + 4 * day
      await world.subscribe(plan(), { start })
      expect(await world.state(plan())).to.include({ startedAt: start, paused: false, paid: false })
    })

    it('reverts while it is paused, however long', async () => {
      await world.subscribe(plan())
      await world.pause(plan())
      await world.mineAt((await world.state(plan())).paidUntil + 9 * period)
      await expect(world.subscribe(plan())).to.be.revertedWithCustomError(subscriptions, 'AlreadySubscribed')
    })
  })

  describe('when it is paid in the native coin', () => {
    it('takes the first period out of what is prepaid and keeps the rest (S1)', async () => {
      await expect(world.subscribe(native(), {}, 3n * price)).to.changeEtherBalances(
        ethers,
        [subscriber, merchant, address],
        [-3n * price, price, 2n * price],
      )
      expect(await world.state(native())).to.include({ balance: 2n * price, prepaid: true, paid: true })
    })

    it('reverts when too little is prepaid', async () => {
      await expect(world.subscribe(native(), {}, price - 1n))
        .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
        .withArgs(id(native()), reason.balanceTooLow, price - 1n, price)
    })

    it('reverts when nothing is prepaid', async () => {
      await expect(world.subscribe(native()))
        .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
        .withArgs(id(native()), reason.balanceTooLow, 0n, price)
    })

    it('names a plan of its own', () => {
      expect(native().token).to.equal(ZeroAddress)
      expect(planId(native())).not.to.equal(planId(plan()))
    })
  })
})
