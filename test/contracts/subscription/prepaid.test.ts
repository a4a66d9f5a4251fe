import { expect } from 'chai'
import { AbiCoder, concat, keccak256, MaxUint256, toBeHex, ZeroAddress, zeroPadValue } from 'ethers'
import { authorizationDigest, installPermit2, never, permitDigest, tokenDomain } from '../support/funding.js'
import { accountKey } from '../support/ground.js'
import { compact, saltOf } from '../support/terms.js'
import { byItself, reason, subscribePurpose, type Plan } from './agreement.js'
import { paymentDigest } from './permit2.js'
import { createWorld, price } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, merchant, stranger, address, plan, native, id } = world
const key = accountKey(world, 0)
const word = (value: bigint) => zeroPadValue(toBeHex(value), 32)
const usdc = async () => {
  const odd = await ethers.deployContract('UsdcLikeToken')
  await odd.mint(subscriber, 10n ** 6n)
  const of = await world.create(plan({ token: await odd.getAddress() }))
  return { odd, of }
}

/** The subscriber's EIP-3009 payment for a purpose. */
async function authorization(odd: Awaited<ReturnType<typeof usdc>>['odd'], value: bigint, purpose: string) {
  const salt = saltOf(5)
  const nonce = keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'bytes32'], [purpose, salt]))
  const digest = authorizationDigest(await tokenDomain(world, odd, 'USD Coin', '2'), {
    from: subscriber.address,
    to: address,
    value,
    validAfter: 0n,
    validBefore: never,
    nonce,
  })
  return concat(['0x02', subscriber.address, word(0n), word(never), salt, compact(key, digest)])
}

/** The subscriber's Permit2 payment for a purpose. */
function permit2(of: Plan, amount: bigint, purpose: string) {
  const permit = { token: of.token, amount, spender: address, nonce: 3n, deadline: never }
  const digest = paymentDigest(world.place.chainId, permit, purpose)
  return concat(['0x03', subscriber.address, word(3n), word(never), compact(key, digest)])
}

const withdraw = (of: Plan, amount: bigint, to: string = subscriber.address) =>
  subscriptions.connect(subscriber).withdraw(of, subscriber, to, amount, byItself)

describe('prepaid balances', () => {
  beforeEach(world.reset)

  describe('when one payment both pays and agrees', () => {
    it('subscribes by an EIP-3009 authorization that anyone submits', async () => {
      const { odd, of } = await usdc()
      const payment = await authorization(odd, 3n * price, subscribePurpose(id(of), world.terms()))
      await expect(
        subscriptions.connect(stranger).subscribe(of, world.terms(), 3n * price, payment),
      ).to.changeTokenBalances(ethers, odd, [subscriber, merchant, address], [-3n * price, price, 2n * price])
      expect(await world.state(of)).to.include({ balance: 2n * price, paid: true })
    })

    it('subscribes by a Permit2 transfer that anyone submits', async () => {
      await installPermit2(world)
      const { odd, of } = await usdc()
      await odd.connect(subscriber).approve('0x000000000022D473030F116dDEE9F6B43aC78BA3', MaxUint256)
      const payment = permit2(of, 3n * price, subscribePurpose(id(of), world.terms()))
      await subscriptions.connect(stranger).subscribe(of, world.terms(), 3n * price, payment)
      expect((await world.state(of)).balance).to.equal(2n * price)
    })

    it('reverts for other terms than the payment is bound to (S3, S9)', async () => {
      const { odd, of } = await usdc()
      const payment = await authorization(odd, 3n * price, subscribePurpose(id(of), world.terms()))
      for (const change of [{ maxPrice: price + 1n }, { start: 1 }, { end: 4_000_000_000 }]) {
        await expect(
          subscriptions.connect(stranger).subscribe(of, world.terms(change), 3n * price, payment),
        ).to.be.revertedWithCustomError(odd, 'ERC3009InvalidSignature')
      }
    })

    it('subscribes by a permit of the caller', async () => {
      const { odd, of } = await usdc()
      const digest = permitDigest(await tokenDomain(world, odd, 'USD Coin', '2'), {
        owner: subscriber.address,
        spender: address,
        value: 3n * price,
        nonce: 0n,
        deadline: never,
      })
      const payment = concat(['0x01', word(never), compact(key, digest)])
      await subscriptions.connect(subscriber).subscribe(of, world.terms(), 3n * price, payment)
      expect((await world.state(of)).balance).to.equal(2n * price)
    })
  })

  describe('fund', () => {
    it('adds to the balance, whoever pays (S1)', async () => {
      await world.subscribe(native(), {}, price)
      await expect(subscriptions.connect(stranger).fund(native(), subscriber, 500n, '0x', { value: 500n }))
        .to.emit(subscriptions, 'Funded')
        .withArgs(id(native()), 500n)
      expect((await world.state(native())).balance).to.equal(500n)
    })

    it('lets an allowance subscription draw on it from then on', async () => {
      await world.subscribe(plan())
      await subscriptions.connect(subscriber).fund(plan(), subscriber, price, '0x')
      expect(await world.state(plan())).to.include({ prepaid: true, balance: price })
      const until = (await world.state(plan())).paidUntil
      await world.token.connect(subscriber).approve(subscriptions, 0n)
      await world.mineAt(until)
      expect(await world.renewable(plan())).to.deep.equal([reason.none, 0n, 0n])
      await expect(world.charge(plan())).to.changeTokenBalance(ethers, world.token, subscriber, 0n)
      expect((await world.state(plan())).balance).to.equal(0n)
    })

    it('takes a payment bound to the subscription', async () => {
      const { odd, of } = await usdc()
      await odd.connect(subscriber).approve(subscriptions, MaxUint256)
      await world.subscribe(of)
      const payment = await authorization(odd, 700n, id(of))
      await subscriptions.connect(stranger).fund(of, subscriber, 700n, payment)
      expect((await world.state(of)).balance).to.equal(700n)
    })

    it('takes no payment bound to another subscription (S8, S9)', async () => {
      const { odd, of } = await usdc()
      await odd.connect(subscriber).approve(subscriptions, MaxUint256)
      await world.subscribe(of)
      const payment = await authorization(odd, 700n, id(plan()))
      await expect(
        subscriptions.connect(stranger).fund(of, subscriber, 700n, payment),
      ).to.be.revertedWithCustomError(odd, 'ERC3009InvalidSignature')
    })

    it('refuses a token that takes a fee or rounds down (S1)', async () => {
      const fee = await world.stocked(await ethers.deployContract('FeeToken'))
      const rebasing = await world.stocked(await ethers.deployContract('RebasingToken'))
      await rebasing.setIndex(1_700n)
      for (const odd of [fee, rebasing]) {
        const of = await world.create(plan({ token: await odd.getAddress(), trial: 60 }))
        await world.subscribe(of)
        await expect(
          subscriptions.connect(subscriber).fund(of, subscriber, 1_000n, '0x'),
        ).to.be.revertedWithCustomError(subscriptions, 'AmountNotReceived')
      }
    })

    it('refuses nothing, too much, and who never subscribed', async () => {
      await expect(subscriptions.connect(subscriber).fund(native(), subscriber, 1n, '0x', { value: 1n }))
        .to.be.revertedWithCustomError(subscriptions, 'NotRunning')
        .withArgs(id(native()), 0, 0)
      await world.subscribe(plan(), {}, price + 5n)
      await expect(
        subscriptions.connect(subscriber).fund(plan(), subscriber, 0n, '0x'),
      ).to.be.revertedWithCustomError(subscriptions, 'AmountIsZero')
      const most = 2n ** 96n - 1n
      await expect(subscriptions.connect(subscriber).fund(plan(), subscriber, most, '0x'))
        .to.be.revertedWithCustomError(subscriptions, 'BalanceTooLarge')
        .withArgs(id(plan()), most + 5n, most)
      await token.mint(subscriber, most)
      await subscriptions.connect(subscriber).fund(plan(), subscriber, most - 5n, '0x')
      expect((await world.state(plan())).balance).to.equal(most)
    })
  })

  describe('withdraw', () => {
    it('gives back any part at any time, to whom the subscriber names (S6)', async () => {
      await world.subscribe(native(), {}, 4n * price)
      const transaction = withdraw(native(), 2n * price, stranger.address)
      await expect(transaction).to.changeEtherBalances(ethers, [stranger, address], [2n * price, -2n * price])
      await expect(transaction)
        .to.emit(subscriptions, 'Withdrawn')
        .withArgs(id(native()), stranger.address, 2n * price)
      await withdraw(native(), price)
      expect((await world.state(native())).balance).to.equal(0n)
    })

    it('works after cancelling (S6)', async () => {
      await world.subscribe(native(), {}, 2n * price)
      await world.cancel(native())
      await expect(withdraw(native(), price)).to.changeEtherBalance(ethers, subscriber, price)
    })

    it('reverts above the balance (S1)', async () => {
      await world.subscribe(native(), {}, 2n * price)
      await expect(withdraw(native(), price + 1n))
        .to.be.revertedWithCustomError(subscriptions, 'AmountExceedsBalance')
        .withArgs(id(native()), price + 1n, price)
    })

    it('reverts to nowhere, and for anybody else (S9)', async () => {
      await world.subscribe(native(), {}, 2n * price)
      await expect(withdraw(native(), 1n, ZeroAddress)).to.be.revertedWithCustomError(
        subscriptions,
        'DestinationIsZero',
      )
      await expect(
        subscriptions.connect(merchant).withdraw(native(), subscriber, merchant, 1n, byItself),
      ).to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSubscriber')
    })
  })
})
