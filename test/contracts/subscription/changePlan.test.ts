import { expect } from 'chai'
import { day, saltOf } from '../support/terms.js'
import { byItself, unit } from './agreement.js'
import { createWorld, period, price } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, merchant, stranger, plan, native, planId, id } = world
const premium = () => plan({ price: 4n * price, salt: saltOf(1) })
const seconds = (date: string) => Date.parse(date) / 1000

describe('changePlan', () => {
  beforeEach(async () => {
    await world.reset()
    await world.create(premium())
  })

  describe('when the new plan costs more', () => {
    it('turns what is left into less time, and moves no money (S11)', async () => {
      await world.subscribe(plan())
      const { paidFrom } = await world.state(plan())
      await world.nextBlockAt(paidFrom + period / 2)
      const transaction = world.change(plan(), premium())
      const until = paidFrom + period / 2 + period / 8
      await expect(transaction).to.changeTokenBalance(ethers, token, subscriber, 0n)
      await expect(transaction)
        .to.emit(subscriptions, 'PlanChanged')
        .withArgs(id(plan()), id(premium()), planId(premium()), 4n * price, until - period, until)
      await expect(transaction)
        .to.emit(subscriptions, 'SubscriptionUpdate')
        .withArgs(BigInt(id(premium())), until)
      await expect(transaction)
        .to.emit(subscriptions, 'SubscriptionUpdate')
        .withArgs(BigInt(id(plan())), paidFrom + period / 2)
      expect(await world.isActive(plan())).to.equal(false)
      expect(await world.isActive(premium())).to.equal(true)
      expect((await world.state(premium())).prepaid).to.equal(false)
    })

    it('charges the new price when that is over (S3)', async () => {
      await world.subscribe(plan())
      await world.change(plan(), premium())
      const { paidUntil } = await world.state(premium())
      await world.nextBlockAt(paidUntil)
      await expect(world.charge(premium())).to.changeTokenBalance(ethers, token, subscriber, -4n * price)
      await expect(world.charge(plan())).to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
    })

    it('reverts when it costs more than the subscriber accepts (S3)', async () => {
      await world.subscribe(plan())
      await expect(world.change(plan(), premium(), 4n * price - 1n))
        .to.be.revertedWithCustomError(subscriptions, 'PriceAboveMaximum')
        .withArgs(planId(premium()), 4n * price, 4n * price - 1n)
    })
  })

  describe('when the new plan costs less', () => {
    it('turns what is left into more time (S11)', async () => {
      await world.subscribe(premium(), { maxPrice: 4n * price })
      const { paidFrom } = await world.state(premium())
      await world.nextBlockAt(paidFrom + period / 2)
      await world.change(premium(), plan())
      expect((await world.state(plan())).paidUntil).to.equal(paidFrom + period / 2 + 2 * period)
    })

    it('gains nothing by changing to and fro (S11)', async () => {
      await world.subscribe(plan())
      const { paidUntil } = await world.state(plan())
      await world.change(plan(), premium())
      await world.mineAt((await world.time.latest()) + day)
      await world.change(premium(), plan())
      const back = (await world.state(plan())).paidUntil
      // A day of premium costs four of the plain plan.
      expect(back).to.be.within(paidUntil - 3 * day - 20, paidUntil - 3 * day)
    })
  })

  describe('when plans count months', () => {
    const monthly = (change = {}) => plan({ unit: unit.month, period: 1, grace: 0, ...change })

    it('gains nothing by changing back and forth between months of different length (S11)', async () => {
      await world.create(monthly())
      await world.create(monthly({ salt: saltOf(1) }))
      await world.nextBlockAt(seconds('2027-01-31T00:00:00Z'))
      await world.subscribe(monthly())
      const { paidUntil } = await world.state(monthly())
      for (let round = 0; round < 5; ++round) {
        await world.change(monthly(), monthly({ salt: saltOf(1) }))
        await world.change(monthly({ salt: saltOf(1) }), monthly())
      }
      // A month that begins on 31 January is 28 days long, so is the one that is left.
      expect((await world.state(monthly())).paidUntil).to.be.at.most(paidUntil)
      expect((await world.state(monthly())).paidUntil).to.be.within(paidUntil - 60, paidUntil)
    })

    it('begins the periods that follow on the day on which what was paid is over (S12)', async () => {
      await world.create(monthly())
      await world.nextBlockAt(seconds('2027-03-10T00:00:00Z'))
      await world.subscribe(plan())
      await world.nextBlockAt(seconds('2027-03-25T00:00:00Z'))
      await world.change(plan(), monthly())
      // Half of thirty days is worth half of the 31 days from 25 March.
      const until = seconds('2027-04-09T12:00:00Z')
      expect(await world.state(monthly())).to.include({ paidUntil: until, anchorDay: 9 })
      await world.nextBlockAt(until)
      await world.charge(monthly())
      expect((await world.state(monthly())).paidUntil).to.equal(seconds('2027-05-09T12:00:00Z'))
    })
  })

  describe('when it is the same plan', () => {
    it('agrees to its present price, which lets it rise (S3)', async () => {
      await world.subscribe(plan())
      const { paidFrom } = await world.state(plan())
      await subscriptions.connect(merchant).setPrice(plan(), 2n * price)
      await world.nextBlockAt(paidFrom + period / 2)
      await world.change(plan(), plan())
      const until = paidFrom + period / 2 + period / 4
      expect(await world.state(plan())).to.include({ price: 2n * price, paidUntil: until })
      await world.nextBlockAt(until)
      await expect(world.charge(plan())).to.changeTokenBalance(ethers, token, subscriber, -2n * price)
    })
  })

  describe('when it is in its trial', () => {
    const trial = (trial: number, salt: number) => plan({ trial, salt: saltOf(salt) })

    it('goes on with as much of it as the new plan gives', async () => {
      await world.create(trial(7 * day, 1))
      await world.create(trial(3 * day, 2))
      await world.create(trial(30 * day, 3))
      await world.subscribe(trial(7 * day, 1))
      const { startedAt } = await world.state(trial(7 * day, 1))
      await world.change(trial(7 * day, 1), trial(30 * day, 3))
      expect(await world.state(trial(30 * day, 3))).to.include({
        paidUntil: startedAt + 7 * day,
        trial: true,
        paid: false,
      })
      await world.change(trial(30 * day, 3), trial(3 * day, 2))
      expect((await world.state(trial(3 * day, 2))).paidUntil).to.equal(startedAt + 3 * day)
    })

    it('can be changed from its first second on', async () => {
      await world.create(trial(7 * day, 1))
      await world.create(trial(30 * day, 3))
      const start = (await world.time.latest()) + day
      await world.subscribe(trial(7 * day, 1), { start })
      await world.nextBlockAt(start - 1)
      await expect(world.change(trial(7 * day, 1), trial(30 * day, 3))).to.be.revertedWithCustomError(
        subscriptions,
        'NotRunning',
      )
      await world.nextBlockAt(start)
      await world.change(trial(7 * day, 1), trial(30 * day, 3))
      expect((await world.state(trial(30 * day, 3))).paidUntil).to.equal(start + 7 * day)
    })

    it('is due at once when the new plan has no more of it', async () => {
      await world.create(trial(7 * day, 1))
      await world.subscribe(trial(7 * day, 1))
      await world.time.increase(day)
      await world.change(trial(7 * day, 1), premium())
      expect((await world.state(premium())).paidUntil).to.equal(await world.time.latest())
      await expect(world.charge(premium())).to.changeTokenBalance(ethers, token, subscriber, -4n * price)
    })

    it('has no second trial on a plan it left', async () => {
      await world.create(trial(7 * day, 1))
      await world.subscribe(trial(7 * day, 1))
      await world.change(trial(7 * day, 1), plan())
      await expect(world.subscribe(trial(7 * day, 1))).to.changeTokenBalance(
        ethers,
        token,
        subscriber,
        -price,
      )
    })
  })

  describe('when the new plan ended once while it was paused', () => {
    it('is not paused', async () => {
      const end = (await world.time.latest()) + period + day
      await world.subscribe(premium(), { maxPrice: 4n * price, end })
      await world.pause(premium())
      await world.mineAt(end + 3 * day)
      await world.subscribe(plan())
      await world.change(plan(), premium())
      expect(await world.state(premium())).to.include({ paused: false, end: 0 })
    })
  })

  describe('when there is a prepaid balance', () => {
    it('moves it along (S1)', async () => {
      const dearer = await world.create(native({ salt: saltOf(1) }))
      await world.subscribe(native(), {}, 5n * price)
      await world.change(native(), dearer)
      expect(await world.state(dearer)).to.include({ balance: 4n * price, prepaid: true })
      expect((await world.state(native())).balance).to.equal(0n)
      const left = await world.state(native())
      await expect(
        subscriptions.connect(subscriber).withdraw(native(), subscriber, subscriber, 1n, byItself),
      ).to.be.revertedWithCustomError(subscriptions, 'AmountExceedsBalance')
      expect(left.end).to.equal(left.paidUntil)
    })

    it('reverts when both balances are more than one holds', async () => {
      const big = 2n ** 95n
      await token.mint(subscriber, 4n * big)
      await world.subscribe(plan(), {}, big + price)
      await world.subscribe(premium(), { maxPrice: 4n * price }, big + 4n * price)
      await world.cancel(premium())
      await world.mineAt((await world.state(premium())).paidUntil)
      await world.charge(plan())
      await subscriptions.connect(subscriber).fund(plan(), subscriber, price, '0x')
      await expect(world.change(plan(), premium()))
        .to.be.revertedWithCustomError(subscriptions, 'BalanceTooLarge')
        .withArgs(id(premium()), 2n * big, 2n ** 96n - 1n)
      await subscriptions.connect(subscriber).withdraw(plan(), subscriber, subscriber, 1n, byItself)
      await world.change(plan(), premium())
      expect((await world.state(premium())).balance).to.equal(2n ** 96n - 1n)
    })
  })

  describe('when it cannot be changed', () => {
    it('reverts for another merchant or token', async () => {
      await world.subscribe(plan())
      const foreign = plan({ merchant: stranger.address })
      await subscriptions.connect(stranger).createPlan(foreign)
      for (const other of [foreign, native()]) {
        await expect(world.change(plan(), other))
          .to.be.revertedWithCustomError(subscriptions, 'PlansNotExchangeable')
          .withArgs(planId(plan()), planId(other))
      }
    })

    it('reverts when nothing is paid, or it is paused, scheduled or cancelled', async () => {
      await world.subscribe(plan())
      const { paidUntil } = await world.state(plan())
      await world.pause(plan())
      await expect(world.change(plan(), premium()))
        .to.be.revertedWithCustomError(subscriptions, 'NotRunning')
        .withArgs(id(plan()), paidUntil, 0)
      await world.resume(plan())
      await world.nextBlockAt(paidUntil)
      await expect(world.change(plan(), premium())).to.be.revertedWithCustomError(subscriptions, 'NotRunning')
      await world.cancel(plan())
      await expect(world.change(plan(), premium())).to.be.revertedWithCustomError(subscriptions, 'NotRunning')
      await world.subscribe(plan(), { start: (await world.time.latest()) + day })
      await expect(world.change(plan(), premium())).to.be.revertedWithCustomError(subscriptions, 'NotRunning')
    })

    it('reverts when the subscriber has the other plan too', async () => {
      await world.subscribe(plan())
      await world.subscribe(premium(), { maxPrice: 4n * price })
      await expect(world.change(plan(), premium())).to.be.revertedWithCustomError(
        subscriptions,
        'AlreadySubscribed',
      )
    })

    it('reverts for a plan that was never created', async () => {
      await world.subscribe(plan())
      const unknown = plan({ salt: saltOf(7) })
      await expect(world.change(plan(), unknown))
        .to.be.revertedWithCustomError(subscriptions, 'PlanNotCreated')
        .withArgs(planId(unknown))
    })

    it('reverts for anybody else (S9)', async () => {
      await world.subscribe(plan())
      await expect(
        subscriptions.connect(merchant).changePlan(plan(), premium(), subscriber, 4n * price, byItself),
      )
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
        .withArgs(id(plan()), merchant.address, subscriber.address)
    })
  })
})
