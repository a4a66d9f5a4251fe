import { expect } from 'chai'
import { day } from '../support/terms.js'
import { reason, unit } from './agreement.js'
import { createWorld, lead, period, price, tip } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, merchant, keeper, stranger, address, plan, native, id } =
  world
const seconds = (date: string) => Date.parse(date) / 1000

/** Subscribes and tells when what is paid ends. */
async function subscribed(of = plan()): Promise<number> {
  await world.subscribe(of)
  return (await world.state(of)).paidUntil
}

/** Expects a charge in the next block to be refused. */
async function refuses(
  of: ReturnType<typeof plan>,
  why: number,
  found: bigint | number,
  needed: bigint | number,
) {
  await expect(world.charge(of))
    .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
    .withArgs(id(of), why, found, needed)
}

describe('charge', () => {
  beforeEach(world.reset)

  describe('when a period is due', () => {
    it('pays the merchant, and the tip to whoever calls (S2)', async () => {
      await world.nextBlockAt(await subscribed())
      await expect(world.charge(plan())).to.changeTokenBalances(
        ethers,
        token,
        [subscriber, merchant, keeper, address],
        [-price, price - tip, tip, 0n],
      )
    })

    it('tells the period and the new expiry', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until)
      const transaction = world.charge(plan(), stranger)
      await expect(transaction)
        .to.emit(subscriptions, 'Charged')
        .withArgs(id(plan()), price, until, until + period)
      await expect(transaction)
        .to.emit(subscriptions, 'SubscriptionUpdate')
        .withArgs(BigInt(id(plan())), until + period)
    })

    it('takes no tip where the plan gives none', async () => {
      const untipped = await world.create(plan({ tip: 0n }))
      await world.nextBlockAt(await subscribed(untipped))
      await expect(world.charge(untipped)).to.changeTokenBalances(
        ethers,
        token,
        [merchant, keeper],
        [price, 0n],
      )
    })

    it('lets the merchant charge and keep the tip (S2)', async () => {
      await world.nextBlockAt(await subscribed())
      await expect(world.charge(plan(), merchant)).to.changeTokenBalance(ethers, token, merchant, price)
    })

    it('lets the subscriber charge itself and keep the tip (S2)', async () => {
      await world.nextBlockAt(await subscribed())
      await expect(world.charge(plan(), subscriber)).to.changeTokenBalances(
        ethers,
        token,
        [subscriber, merchant],
        [tip - price, price - tip],
      )
    })

    it('changes no other subscription (S8)', async () => {
      const other = await world.create(plan({ grace: 0 }))
      await subscribed()
      await subscribed(other)
      const before = await world.state(other)
      await world.nextBlockAt((await world.state(plan())).paidUntil)
      await world.charge(plan())
      expect(await world.state(other)).to.deep.equal(before)
    })
  })

  describe('when what is paid is about to end', () => {
    it('opens a day before, for a long period (S4)', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until - lead - 1)
      await refuses(plan(), reason.notDue, until - lead - 1, until - lead)
      await world.nextBlockAt(until - lead)
      await world.charge(plan())
      expect(await world.state(plan())).to.include({ paidFrom: until, paidUntil: until + period })
    })

    it('opens a tenth of the period before, for a short one (S4)', async () => {
      const short = await world.create(plan({ period: 3600, grace: 0 }))
      const until = await subscribed(short)
      await world.nextBlockAt(until - 361)
      await refuses(short, reason.notDue, until - 361, until - 360)
      await world.nextBlockAt(until - 360)
      await world.charge(short)
      await refuses(short, reason.notDue, (await world.time.latest()) + 1, until + 3600 - 360)
    })
  })

  describe('when it is late', () => {
    it('pays from where the last period ended, within grace (S4)', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + 3 * day - 1)
      await world.charge(plan())
      expect(await world.state(plan())).to.include({ paidFrom: until, paidUntil: until + period })
    })

    it('pays from now when grace is over, so never for time without access (S4)', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + 3 * day)
      await world.charge(plan())
      expect(await world.state(plan())).to.include({
        paidFrom: until + 3 * day,
        paidUntil: until + 3 * day + period,
      })
    })

    it('pays in the last second before a whole period went by, and not after (S4)', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + period)
      await refuses(plan(), reason.lapsed, until + period, until + period)
      await world.reset()
      const again = await subscribed()
      await world.nextBlockAt(again + period - 1)
      await world.charge(plan())
      expect(await world.isActive(plan())).to.equal(true)
    })

    it('catches up no more than one period (S4)', async () => {
      const until = await subscribed()
      await world.nextBlockAt(until + period - 1)
      await world.charge(plan())
      await refuses(plan(), reason.notDue, until + period, until + 2 * period - 1 - lead)
    })

    it('is active within grace and not after, charged or not (S10)', async () => {
      const until = await subscribed()
      await world.mineAt(until + 3 * day - 1)
      expect(await world.isActive(plan())).to.equal(true)
      await world.mineAt(until + 3 * day)
      expect(await world.isActive(plan())).to.equal(false)
    })
  })

  describe('when the plan counts months', () => {
    const monthly = (change = {}) => plan({ unit: unit.month, period: 1, ...change })

    it('begins each on the day of the first, or the last of a short month (S12)', async () => {
      await world.create(monthly())
      await world.nextBlockAt(seconds('2027-01-31T10:00:00Z'))
      await world.subscribe(monthly())
      for (const date of ['2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31']) {
        const until = seconds(`${date}T10:00:00Z`)
        expect((await world.state(monthly())).paidUntil, date).to.equal(until)
        await world.nextBlockAt(until - day)
        await world.charge(monthly())
      }
    })

    it('takes the day of the charge when it was overdue (S12)', async () => {
      await world.create(monthly())
      await world.nextBlockAt(seconds('2027-01-31T10:00:00Z'))
      await world.subscribe(monthly())
      await world.nextBlockAt(seconds('2027-03-10T09:00:00Z'))
      await world.charge(monthly())
      expect(await world.state(monthly())).to.include({
        anchorDay: 10,
        paidFrom: seconds('2027-03-10T09:00:00Z'),
        paidUntil: seconds('2027-04-10T09:00:00Z'),
      })
    })

    it('begins on the day a trial ends (S12)', async () => {
      await world.create(monthly({ trial: 3 * day }))
      await world.nextBlockAt(seconds('2027-01-28T10:00:00Z'))
      const until = await subscribed(monthly({ trial: 3 * day }))
      await world.nextBlockAt(until)
      await world.charge(monthly({ trial: 3 * day }))
      const next = seconds('2027-02-28T10:00:00Z')
      expect((await world.state(monthly({ trial: 3 * day }))).paidUntil).to.equal(next)
      await world.nextBlockAt(next)
      await world.charge(monthly({ trial: 3 * day }))
      expect((await world.state(monthly({ trial: 3 * day }))).paidUntil).to.equal(
        seconds('2027-03-31T10:00:00Z'),
      )
    })
  })

  describe('when the price of the plan changed', () => {
    it('takes a lower one by itself, and keeps it (S3)', async () => {
      const until = await subscribed()
      await subscriptions.connect(merchant).setPrice(plan(), 600n)
      await world.nextBlockAt(until)
      await expect(world.charge(plan())).to.changeTokenBalance(ethers, token, subscriber, -600n)
      await subscriptions.connect(merchant).setPrice(plan(), 900n)
      await world.nextBlockAt(until + period)
      await expect(world.charge(plan())).to.changeTokenBalance(ethers, token, subscriber, -600n)
    })

    it('never takes a higher one from those who did not agree to it (S3)', async () => {
      const until = await subscribed()
      await subscriptions.connect(merchant).setPrice(plan(), 2n * price)
      await world.nextBlockAt(until)
      await expect(world.charge(plan())).to.changeTokenBalance(ethers, token, subscriber, -price)
    })
  })

  describe('when it is to end', () => {
    it('pays no period that begins at or after the end (S5)', async () => {
      const end = (await world.time.latest()) + 100 + period
      await world.nextBlockAt(end - period)
      await world.subscribe(plan(), { end })
      await world.nextBlockAt(end)
      await refuses(plan(), reason.ended, end, end)
      await world.mineAt(end)
      expect(await world.isActive(plan())).to.equal(false)
    })

    it('pays the whole period that begins before the end (S5)', async () => {
      const end = (await world.time.latest()) + 101 + period
      await world.nextBlockAt(end - period - 1)
      await world.subscribe(plan(), { end })
      await world.nextBlockAt(end - 1)
      await world.charge(plan())
      expect((await world.state(plan())).paidUntil).to.equal(end - 1 + period)
      await refuses(plan(), reason.ended, end - 1 + period, end)
    })
  })

  describe('when it cannot be charged', () => {
    it('says that nobody subscribed', async () => {
      await refuses(plan(), reason.notSubscribed, 0, 0)
    })

    it('says that it is paused', async () => {
      const until = await subscribed()
      await world.pause(plan())
      await world.nextBlockAt(until)
      await refuses(plan(), reason.paused, 0, 0)
    })

    it('says that it was cancelled (S5)', async () => {
      const until = await subscribed()
      await world.cancel(plan())
      await world.nextBlockAt(until)
      await refuses(plan(), reason.ended, until, until)
    })

    it('says how much is there, and charges when there is enough', async () => {
      const until = await subscribed()
      const held = await token.balanceOf(subscriber)
      await token.connect(subscriber).transfer(stranger, held - 7n)
      await world.nextBlockAt(until)
      await refuses(plan(), reason.balanceTooLow, 7, price)
      await token.connect(stranger).transfer(subscriber, price)
      await world.charge(plan())
    })

    it('says how much is allowed', async () => {
      const until = await subscribed()
      await token.connect(subscriber).approve(subscriptions, 3n)
      await world.nextBlockAt(until)
      await refuses(plan(), reason.allowanceTooLow, 3, price)
    })

    it('says that the token refuses', async () => {
      const odd = await world.stocked(await ethers.deployContract('UsdcLikeToken'))
      const of = await world.create(plan({ token: await odd.getAddress() }))
      const until = await subscribed(of)
      await odd.setBlacklisted(subscriber, true)
      await world.nextBlockAt(until)
      await refuses(of, reason.tokenRefused, 0, price)
    })
  })

  describe('when there is a prepaid balance', () => {
    it('pays out of it, with the tip (S2)', async () => {
      await world.subscribe(native(), {}, 2n * price)
      await world.mineAt((await world.state(native())).paidUntil)
      expect(await world.renewable(native())).to.deep.equal([reason.none, 0n, 0n])
      await expect(world.charge(native(), stranger)).to.changeEtherBalances(
        ethers,
        [address, merchant, stranger],
        [-price, price - tip, tip],
      )
    })

    it('says how much is left when that is too little', async () => {
      await world.subscribe(native(), {}, 2n * price - 1n)
      const { paidUntil } = await world.state(native())
      await world.nextBlockAt(paidUntil)
      await refuses(native(), reason.balanceTooLow, price - 1n, price)
    })

    it('leaves it alone when it is not the whole price, and takes the allowance', async () => {
      await world.subscribe(plan(), {}, 2n * price - 1n)
      expect((await world.state(plan())).balance).to.equal(price - 1n)
      await world.nextBlockAt((await world.state(plan())).paidUntil)
      await expect(world.charge(plan())).to.changeTokenBalances(
        ethers,
        token,
        [subscriber, address],
        [-price, 0n],
      )
      expect((await world.state(plan())).balance).to.equal(price - 1n)
    })
  })

  describe('renewable', () => {
    it('agrees with charge, before and after it is due', async () => {
      expect(await world.renewable(plan())).to.deep.equal([reason.notSubscribed, 0n, 0n])
      const until = await subscribed()
      const now = BigInt(await world.time.latest())
      expect(await world.renewable(plan())).to.deep.equal([reason.notDue, now, BigInt(until - lead)])
      await world.mineAt(until)
      expect(await world.renewable(plan())).to.deep.equal([reason.none, 0n, 0n])
      await token.connect(subscriber).approve(subscriptions, 3n)
      expect(await world.renewable(plan())).to.deep.equal([reason.allowanceTooLow, 3n, price])
    })

    it('asks for the lower price of the two (S3)', async () => {
      const until = await subscribed()
      await subscriptions.connect(merchant).setPrice(plan(), 600n)
      await token.connect(subscriber).approve(subscriptions, 599n)
      await world.mineAt(until)
      expect(await world.renewable(plan())).to.deep.equal([reason.allowanceTooLow, 599n, 600n])
      await token.connect(subscriber).approve(subscriptions, 600n)
      await token.connect(subscriber).transfer(stranger, (await token.balanceOf(subscriber)) - 600n)
      expect(await world.renewable(plan())).to.deep.equal([reason.none, 0n, 0n])
    })
  })
})
