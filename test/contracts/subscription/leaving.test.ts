import { expect } from 'chai'
import { day } from '../support/terms.js'
import { byItself, reason } from './agreement.js'
import { createWorld, period, price } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, merchant, stranger, plan, id } = world

/** Subscribes and tells when what is paid ends. */
async function subscribed(of = plan()): Promise<number> {
  await world.subscribe(of)
  return (await world.state(of)).paidUntil
}

describe('leaving', () => {
  beforeEach(world.reset)

  describe('pause', () => {
    it('keeps what is paid and stops what follows (S10)', async () => {
      const until = await subscribed()
      await expect(world.pause(plan())).to.emit(subscriptions, 'SubscriptionPaused').withArgs(id(plan()))
      expect(await world.isActive(plan())).to.equal(true)
      await world.mineAt(until)
      expect(await world.isActive(plan())).to.equal(false)
      expect(await world.renewable(plan())).to.deep.equal([reason.paused, 0n, 0n])
    })

    it('reverts when it is paused', async () => {
      await subscribed()
      await world.pause(plan())
      await expect(world.pause(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'AlreadyPaused')
        .withArgs(id(plan()))
    })

    it('reverts for anybody else (S9)', async () => {
      await subscribed()
      for (const person of [merchant, stranger]) {
        await expect(subscriptions.connect(person).pause(plan(), subscriber, byItself))
          .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
          .withArgs(id(plan()), person.address, subscriber.address)
      }
    })

    it('reverts when there is nothing to pause', async () => {
      await expect(world.pause(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotRunning')
        .withArgs(id(plan()), 0, 0)
      const until = await subscribed()
      await world.cancel(plan())
      await expect(world.pause(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotRunning')
        .withArgs(id(plan()), until, until)
    })
  })

  describe('resume', () => {
    it('costs nothing while something is paid', async () => {
      const until = await subscribed()
      await world.pause(plan())
      const transaction = world.resume(plan())
      await expect(transaction).to.emit(subscriptions, 'SubscriptionResumed').withArgs(id(plan()))
      await expect(transaction).to.changeTokenBalance(ethers, token, subscriber, 0n)
      await world.nextBlockAt(until)
      await world.charge(plan())
    })

    it('pays a period from now when nothing is paid any more, without a tip', async () => {
      const until = await subscribed()
      await world.pause(plan())
      await world.nextBlockAt(until + 20 * period)
      await expect(world.resume(plan())).to.changeTokenBalances(
        ethers,
        token,
        [subscriber, merchant],
        [-price, price],
      )
      expect(await world.state(plan())).to.include({
        paused: false,
        paidFrom: until + 20 * period,
        paidUntil: until + 21 * period,
      })
    })

    it('pays for the grace that was used before the pause', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + day)
      await world.pause(plan())
      expect(await world.isActive(plan())).to.equal(false)
      await world.nextBlockAt(until + 2 * day)
      await world.resume(plan())
      expect(await world.state(plan())).to.include({ paidFrom: until, paidUntil: until + period })
    })

    it('brings back what has lapsed', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + period)
      await world.resume(plan())
      expect((await world.state(plan())).paidFrom).to.equal(until + period)
    })

    it('reverts when it is neither paused nor lapsed', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + period - 1)
      await expect(world.resume(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotPaused')
        .withArgs(id(plan()))
    })

    it('reverts and stays paused when the subscriber cannot pay', async () => {
      const until = await subscribed()
      await world.pause(plan())
      await token.connect(subscriber).approve(subscriptions, 0n)
      await world.nextBlockAt(until)
      await expect(world.resume(plan())).to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
      expect((await world.state(plan())).paused).to.equal(true)
    })

    it('reverts after the end (S5)', async () => {
      const end = (await world.time.latest()) + 2 * day
      await world.subscribe(plan(), { end })
      const { paidUntil } = await world.state(plan())
      await world.mineAt(paidUntil)
      await expect(world.resume(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotRunning')
        .withArgs(id(plan()), paidUntil, end)
    })
  })

  describe('cancel', () => {
    it('ends with what is paid, without anybody else (S6)', async () => {
      const until = await subscribed()
      await expect(world.cancel(plan()))
        .to.emit(subscriptions, 'SubscriptionCancelled')
        .withArgs(id(plan()), until)
      await world.mineAt(until - 1)
      expect(await world.isActive(plan())).to.equal(true)
      await world.mineAt(until)
      expect(await world.isActive(plan())).to.equal(false)
      expect(await world.renewable(plan())).to.deep.equal([reason.ended, BigInt(until), BigInt(until)])
    })

    it('works while paused, overdue, lapsed, in a trial, and before the start (S6)', async () => {
      const until = await subscribed()
      await world.pause(plan())
      await world.cancel(plan())
      expect(await world.state(plan())).to.include({ paused: false, end: until })
      for (const late of [day, 5 * day, 2 * period]) {
        await world.reset()
        const again = await subscribed()
        await world.nextBlockAt(again + late)
        await world.cancel(plan())
        expect(await world.isActive(plan())).to.equal(false)
      }
      const trial = await world.create(plan({ trial: day }))
      await world.subscribe(trial, { start: (await world.time.latest()) + day })
      await world.cancel(trial)
      await world.mineAt((await world.state(trial)).paidUntil)
      expect(await world.renewable(trial)).to.have.property('0', reason.ended)
    })

    it('is open to the merchant too (S5)', async () => {
      const until = await subscribed()
      await world.cancel(plan(), merchant)
      expect((await world.state(plan())).end).to.equal(until)
    })

    it('reverts for anybody else (S9)', async () => {
      await subscribed()
      await expect(world.cancel(plan(), stranger))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
        .withArgs(id(plan()), stranger.address, subscriber.address)
    })

    it('reverts when it was cancelled', async () => {
      const until = await subscribed()
      await world.cancel(plan())
      await expect(world.cancel(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'NotRunning')
        .withArgs(id(plan()), until, until)
    })
  })
})
