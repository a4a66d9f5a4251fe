import { expect } from 'chai'
import { concat, keccak256, MaxUint256, toBeHex } from 'ethers'
import { accountKey } from '../support/ground.js'
import { full, p256Key, p256Sign, saltOf, secpKey } from '../support/terms.js'
import { agreeableWallet } from '../support/funding.js'
import { consentDigest, reason, subscriptionIdOf } from './agreement.js'
import { createWorld, price } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, merchant, stranger, plan, native, planId, id } = world
const key = accountKey(world, 0)
const premium = () => plan({ price: 4n * price, salt: saltOf(1) })

const agreed = (nonce = 0, change = {}) => {
  const { maxPrice, start, end } = world.terms(change)
  return { subscriptionId: id(plan()), maxPrice, start, end, nonce }
}
const requested = (action: string, nonce = 0) => ({ action, subscriptionId: id(plan()), nonce })
const subscribe = (consent: { deadline: bigint; signature: string }, change = {}) =>
  subscriptions.connect(stranger).subscribeWithSignature(plan(), world.terms(change), consent)
const invalid = (nonce = 0) => [id(plan()), subscriber.address, nonce] as const

/** Where the contract keeps a subscription: in whichever of its mappings the id leads to something. */
async function slotOf(subscription: string): Promise<string> {
  for (let mapping = 0n; mapping < 16n; ++mapping) {
    const slot = keccak256(concat([subscription, toBeHex(mapping, 32)]))
    if (BigInt(await ethers.provider.getStorage(subscriptions, slot)) !== 0n) return slot
  }
  throw new Error(`Nothing is kept of subscription ${subscription}.`)
}

describe('consents', () => {
  beforeEach(world.reset)

  describe('when the subscriber signed to subscribe', () => {
    it('lets anyone subscribe it, from its allowance', async () => {
      const transaction = subscribe(world.sign(key, 'Subscribe', agreed()))
      await expect(transaction).to.changeTokenBalances(
        ethers,
        token,
        [subscriber, merchant, stranger],
        [-price, price, 0n],
      )
      expect(await world.state(plan())).to.include({ nonce: 1, paid: true })
    })

    it('accepts 65 bytes', async () => {
      const digest = consentDigest(world.place, 'Subscribe', { ...agreed(), deadline: MaxUint256 })
      await subscribe({ deadline: MaxUint256, signature: full(key, digest) })
      expect(await world.isActive(plan())).to.equal(true)
    })

    it('reverts when the terms are others than signed (S3, S9)', async () => {
      const consent = world.sign(key, 'Subscribe', agreed())
      for (const change of [{ maxPrice: price + 1n }, { start: 1 }, { end: 4_000_000_000 }]) {
        await expect(subscribe(consent, change))
          .to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
          .withArgs(...invalid())
      }
    })

    it('reverts when another key signed (S9)', async () => {
      await expect(subscribe(world.sign(secpKey('other'), 'Subscribe', agreed())))
        .to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
        .withArgs(...invalid())
    })

    it('serves once (S9)', async () => {
      const consent = world.sign(key, 'Subscribe', agreed())
      await subscribe(consent)
      await world.cancel(plan())
      await world.mineAt((await world.state(plan())).paidUntil)
      await expect(subscribe(consent))
        .to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
        .withArgs(...invalid(1))
    })

    it('reverts after its deadline', async () => {
      const deadline = BigInt((await world.time.latest()) + 100)
      const consent = world.sign(key, 'Subscribe', agreed(), deadline)
      await world.nextBlockAt(Number(deadline) + 1)
      await expect(subscribe(consent))
        .to.be.revertedWithCustomError(subscriptions, 'ConsentExpired')
        .withArgs(id(plan()), deadline, deadline + 1n)
    })

    it('is good in the second of its deadline', async () => {
      const deadline = BigInt((await world.time.latest()) + 100)
      await world.nextBlockAt(Number(deadline))
      await subscribe(world.sign(key, 'Subscribe', agreed(), deadline))
    })

    it('reverts without a signature from anybody else', async () => {
      await expect(subscribe({ deadline: 0n, signature: '0x' }))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
        .withArgs(id(plan()), stranger.address, subscriber.address)
    })

    it('is good for one of two wallets with the same owner only (S9)', async () => {
      const wallets = [await agreeableWallet(world), await agreeableWallet(world)] as const
      const ids = await Promise.all(
        wallets.map(async (wallet) => subscriptionIdOf(planId(plan()), await wallet.getAddress())),
      )
      expect(ids[0]).not.to.equal(ids[1])
    })

    it('is what an ERC-1271 wallet agrees to', async () => {
      const wallet = await agreeableWallet(world)
      const of = await world.create(plan({ trial: 60 }))
      const terms = world.terms({ subscriber: await wallet.getAddress() })
      await subscriptions.subscribeWithSignature(of, terms, { deadline: MaxUint256, signature: '0x1234' })
      expect((await world.state(of, terms.subscriber)).nonce).to.equal(1)
    })
  })

  describe('when a P-256 key is the subscriber', () => {
    it('subscribes, leaves and takes its balance along by signature (S6)', async () => {
      const passkey = p256Key(7)
      const of = await world.create(native({ trial: 60 }))
      const its = subscriptionIdOf(planId(of), passkey.address)
      const sign = (type: Parameters<typeof consentDigest>[1], message: Record<string, unknown>) => {
        const digest = consentDigest(world.place, type, {
          ...message,
          subscriptionId: its,
          deadline: MaxUint256,
        })
        return { deadline: MaxUint256, signature: p256Sign(passkey, digest) }
      }
      const terms = world.terms({ subscriber: passkey.address })
      await subscriptions.subscribeWithSignature(of, terms, sign('Subscribe', { ...terms, nonce: 0 }))
      await subscriptions.connect(stranger).fund(of, passkey.address, price, '0x', { value: price })
      await subscriptions.cancel(of, passkey.address, sign('Request', { action: 'cancel', nonce: 1 }))
      const taken = { to: stranger.address, amount: price, nonce: 2 }
      await expect(
        subscriptions.withdraw(of, passkey.address, stranger, price, sign('Withdraw', taken)),
      ).to.changeEtherBalance(ethers, stranger, price)
    })
  })

  describe('when the subscriber signed a request', () => {
    beforeEach(() => world.subscribe(plan()))

    it('pauses, resumes and cancels for it, in the order of its nonces (S6, S9)', async () => {
      const consent = (action: string, nonce: number) => world.sign(key, 'Request', requested(action, nonce))
      const by = subscriptions.connect(stranger)
      await by.pause(plan(), subscriber, consent('pause', 0))
      expect((await world.state(plan())).paused).to.equal(true)
      await expect(by.resume(plan(), subscriber, consent('resume', 2)))
        .to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
        .withArgs(...invalid(1))
      await by.resume(plan(), subscriber, consent('resume', 1))
      await by.cancel(plan(), subscriber, consent('cancel', 2))
      expect(await world.state(plan())).to.include({ nonce: 3, paused: false })
      expect(await world.renewable(plan())).to.have.property('0', reason.ended)
    })

    it('takes no signature for another action (S9)', async () => {
      const pause = world.sign(key, 'Request', requested('pause'))
      await expect(subscriptions.cancel(plan(), subscriber, pause)).to.be.revertedWithCustomError(
        subscriptions,
        'InvalidConsent',
      )
      const withdrawal = { subscriptionId: id(plan()), to: stranger.address, amount: 0n, nonce: 0 }
      await expect(
        subscriptions.pause(plan(), subscriber, world.sign(key, 'Withdraw', withdrawal)),
      ).to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
    })

    it('takes no signature for another plan, chain or contract (S9)', async () => {
      const message = { action: 'pause', subscriptionId: id(premium()), nonce: 0 }
      const foreign = [
        world.sign(key, 'Request', message),
        ...[
          { ...world.place, chainId: 1 },
          { ...world.place, contract: stranger.address },
        ].map((place) => {
          const digest = consentDigest(place, 'Request', { ...requested('pause'), deadline: MaxUint256 })
          return { deadline: MaxUint256, signature: full(key, digest) }
        }),
      ]
      for (const consent of foreign) {
        await expect(subscriptions.pause(plan(), subscriber, consent)).to.be.revertedWithCustomError(
          subscriptions,
          'InvalidConsent',
        )
      }
    })

    it('takes the merchant at a signature of the subscriber, not at its own word', async () => {
      await expect(
        subscriptions
          .connect(merchant)
          .cancel(plan(), subscriber, world.sign(secpKey('other'), 'Request', requested('cancel'))),
      ).to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
    })
  })

  describe('when nearly all of its signatures were used', () => {
    it('counts them to 65,535 (S9)', async () => {
      await world.subscribe(plan())
      const slot = await slotOf(id(plan()))
      const word = BigInt(await ethers.provider.getStorage(subscriptions, slot))
      await world.networkHelpers.setStorageAt(world.address, slot, toBeHex(word | (65_534n << 240n), 32))
      await subscriptions.pause(plan(), subscriber, world.sign(key, 'Request', requested('pause', 65_534)))
      expect(await world.state(plan())).to.include({ nonce: 65_535, paused: true, price })
    })
  })

  describe('when the subscriber signed a withdrawal', () => {
    it('takes out what it signed, once (S6, S9)', async () => {
      await world.subscribe(plan(), {}, 5n * price)
      const message = { subscriptionId: id(plan()), to: stranger.address, amount: price, nonce: 0 }
      const consent = world.sign(key, 'Withdraw', message)
      const take = () =>
        subscriptions.connect(merchant).withdraw(plan(), subscriber, stranger, price, consent)
      await expect(take()).to.changeTokenBalance(ethers, token, stranger, price)
      await expect(take())
        .to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
        .withArgs(...invalid(1))
    })
  })

  describe('when the subscriber signed a change of plan', () => {
    it('changes for it, up to the price it signed (S3)', async () => {
      await world.create(premium())
      await world.subscribe(plan())
      const message = {
        subscriptionId: id(plan()),
        newPlanId: planId(premium()),
        maxPrice: 4n * price,
        nonce: 0,
      }
      const consent = world.sign(key, 'ChangePlan', message)
      const by = subscriptions.connect(merchant)
      await expect(
        by.changePlan(plan(), premium(), subscriber, 5n * price, consent),
      ).to.be.revertedWithCustomError(subscriptions, 'InvalidConsent')
      await by.changePlan(plan(), premium(), subscriber, 4n * price, consent)
      expect(await world.state(premium())).to.include({ price: 4n * price, nonce: 0 })
      expect((await world.state(plan())).nonce).to.equal(1)
    })
  })
})
