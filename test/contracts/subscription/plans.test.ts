import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { withDirtyWord } from '../support/calldata.js'
import { day, maxUint96, saltOf } from '../support/terms.js'
import { unit } from './agreement.js'
import { createWorld, period, price, tip } from './world.js'

const world = await createWorld()
const { subscriptions, merchant, stranger, plan, planId } = world
const other = (change = {}) => plan({ salt: saltOf(1), ...change })
const create = (of: ReturnType<typeof plan>) => subscriptions.connect(merchant).createPlan(of)

describe('plans', () => {
  beforeEach(world.reset)

  describe('when a merchant creates one', () => {
    it('emits its terms and sets its price', async () => {
      const terms = other()
      await expect(create(terms))
        .to.emit(subscriptions, 'PlanCreated')
        .withArgs(planId(terms), merchant.address, terms.token, Object.values(terms))
      expect(await subscriptions.currentPrice(planId(terms))).to.equal(price)
    })

    it('names it by chain, contract and terms', async () => {
      expect(await subscriptions.planId(other())).to.equal(planId(other()))
    })

    it('accepts the bounds of every term', async () => {
      await create(other({ period: 60, grace: 60 }))
      await create(other({ period: 3650 * day, grace: 0 }))
      await create(other({ unit: unit.month, period: 1, grace: 28 * day }))
      await create(other({ unit: unit.month, period: 120, price: maxUint96, tip: maxUint96 }))
    })

    it('refuses one that exists', async () => {
      await expect(create(plan()))
        .to.be.revertedWithCustomError(subscriptions, 'PlanAlreadyCreated')
        .withArgs(planId(plan()))
    })

    it('refuses another merchant than the caller', async () => {
      await expect(subscriptions.connect(stranger).createPlan(other()))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotMerchant')
        .withArgs(planId(other()), stranger.address, merchant.address)
    })

    it('refuses no merchant', async () => {
      await expect(create(other({ merchant: ZeroAddress }))).to.be.revertedWithCustomError(
        subscriptions,
        'MerchantIsZero',
      )
    })

    it('refuses a price of zero', async () => {
      await expect(create(other({ price: 0n, tip: 0n }))).to.be.revertedWithCustomError(
        subscriptions,
        'PriceIsZero',
      )
    })

    it('refuses a tip above the price', async () => {
      await expect(create(other({ tip: price + 1n })))
        .to.be.revertedWithCustomError(subscriptions, 'TipExceedsPrice')
        .withArgs(price + 1n, price)
    })

    it('refuses periods outside their bounds', async () => {
      const refused = [
        [unit.second, 59, 60, 3650 * day],
        [unit.second, 3650 * day + 1, 60, 3650 * day],
        [unit.month, 0, 1, 120],
        [unit.month, 121, 1, 120],
      ] as const
      for (const [unit, period, minimum, maximum] of refused) {
        await expect(create(other({ unit, period, grace: 0 })))
          .to.be.revertedWithCustomError(subscriptions, 'PeriodOutOfRange')
          .withArgs(period, minimum, maximum)
      }
    })

    it('refuses more grace than the shortest period', async () => {
      await expect(create(other({ grace: period + 1 })))
        .to.be.revertedWithCustomError(subscriptions, 'GraceTooLong')
        .withArgs(period + 1, period)
      await expect(create(other({ unit: unit.month, period: 2, grace: 56 * day + 1 })))
        .to.be.revertedWithCustomError(subscriptions, 'GraceTooLong')
        .withArgs(56 * day + 1, 56 * day)
    })

    it('refuses bits beyond the width of a field', async () => {
      const data = subscriptions.interface.encodeFunctionData('createPlan', [other()])
      for (const [word, bit] of [
        [0, 160],
        [1, 160],
        [2, 96],
        [3, 96],
        [4, 8],
        [5, 32],
        [6, 32],
        [7, 32],
      ] as const) {
        const dirty = { to: subscriptions, data: withDirtyWord(data, word, bit) }
        await expect(merchant.sendTransaction(dirty), `word ${word}`).to.be.revert(world.ethers)
      }
    })
  })

  describe('when a merchant sets the price', () => {
    it('says so', async () => {
      await expect(subscriptions.connect(merchant).setPrice(plan(), 700n))
        .to.emit(subscriptions, 'PriceSet')
        .withArgs(planId(plan()), 700n)
      expect(await subscriptions.currentPrice(planId(plan()))).to.equal(700n)
    })

    it('accepts the tip and not less', async () => {
      await subscriptions.connect(merchant).setPrice(plan(), tip)
      await expect(subscriptions.connect(merchant).setPrice(plan(), tip - 1n))
        .to.be.revertedWithCustomError(subscriptions, 'TipExceedsPrice')
        .withArgs(tip, tip - 1n)
    })

    it('refuses a price of zero for a plan without a tip', async () => {
      await create(other({ tip: 0n }))
      await expect(
        subscriptions.connect(merchant).setPrice(other({ tip: 0n }), 0n),
      ).to.be.revertedWithCustomError(subscriptions, 'PriceIsZero')
    })

    it('refuses anybody else', async () => {
      await expect(subscriptions.connect(stranger).setPrice(plan(), 1n))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotMerchant')
        .withArgs(planId(plan()), stranger.address, merchant.address)
    })

    it('refuses a plan that was never created', async () => {
      await expect(subscriptions.connect(merchant).setPrice(other(), 1n))
        .to.be.revertedWithCustomError(subscriptions, 'PlanNotCreated')
        .withArgs(planId(other()))
    })
  })
})
