import { expect } from 'chai'
import { MaxUint256 } from 'ethers'
import { installPermit2, never, permit2Address, permitDigest, tokenDomain } from '../support/funding.js'
import { accountKey } from '../support/ground.js'
import { compact, day, full } from '../support/terms.js'
import { reason } from './agreement.js'
import { allowanceDigest, type PermitSingle } from './permit2.js'
import { createWorld, period, price } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, token, subscriber, stranger, address, plan, id } = world
const key = accountKey(world, 0)

/** The subscriber's allowance in Permit2, in place of that of the token. */
async function permit2Allowance(amount: bigint, expiration: bigint) {
  await installPermit2(world)
  await token.connect(subscriber).approve(subscriptions, 0n)
  await token.connect(subscriber).approve(permit2Address, MaxUint256)
  const permit: PermitSingle = {
    details: { token: world.tokenAddress, amount, expiration, nonce: 0n },
    spender: address,
    sigDeadline: never,
  }
  return { permit, signature: compact(key, allowanceDigest(world.place.chainId, permit)) }
}

describe('allowances', () => {
  beforeEach(world.reset)

  describe('when the token takes permits', () => {
    it('grants and subscribes in one transaction of the subscriber', async () => {
      const odd = await ethers.deployContract('UsdcLikeToken')
      await odd.mint(subscriber, 10n * price)
      const of = await world.create(plan({ token: await odd.getAddress() }))
      const permit = {
        owner: subscriber.address,
        spender: address,
        value: 12n * price,
        nonce: 0n,
        deadline: never,
      }
      const digest = permitDigest(await tokenDomain(world, odd, 'USD Coin', '2'), permit)
      const coder = subscriptions.interface
      await subscriptions
        .connect(subscriber)
        .multicall([
          coder.encodeFunctionData('approveWithPermit', [
            of.token,
            subscriber.address,
            12n * price,
            never,
            compact(key, digest),
          ]),
          coder.encodeFunctionData('subscribe', [of, world.terms(), 0n, '0x']),
        ])
      expect(await odd.allowance(subscriber, subscriptions)).to.equal(11n * price)
      expect(await world.isActive(of)).to.equal(true)
    })

    it('grants and subscribes for a subscriber that only signs', async () => {
      const odd = await ethers.deployContract('UsdcLikeToken')
      await odd.mint(subscriber, 10n * price)
      const of = await world.create(plan({ token: await odd.getAddress() }))
      const permit = {
        owner: subscriber.address,
        spender: address,
        value: MaxUint256,
        nonce: 0n,
        deadline: never,
      }
      const signature = full(key, permitDigest(await tokenDomain(world, odd, 'USD Coin', '2'), permit))
      await odd.connect(stranger).getFunction('permit(address,address,uint256,uint256,bytes)')(
        subscriber,
        subscriptions,
        MaxUint256,
        never,
        signature,
      )
      const { maxPrice, start, end } = world.terms()
      const consent = world.sign(key, 'Subscribe', { subscriptionId: id(of), maxPrice, start, end, nonce: 0 })
      const coder = subscriptions.interface
      // The permit was used already by somebody else, which must not matter.
      await subscriptions
        .connect(stranger)
        .multicall([
          coder.encodeFunctionData('approveWithPermit', [
            of.token,
            subscriber.address,
            MaxUint256,
            never,
            signature,
          ]),
          coder.encodeFunctionData('subscribeWithSignature', [of, world.terms(), consent]),
        ])
      expect(await world.isActive(of)).to.equal(true)
    })
  })

  describe('when Permit2 keeps the allowance', () => {
    it('grants by signature and charges from it', async () => {
      const { permit, signature } = await permit2Allowance(5n * price, never % 2n ** 48n)
      const coder = subscriptions.interface
      await subscriptions
        .connect(subscriber)
        .multicall([
          coder.encodeFunctionData('approveWithPermit2', [subscriber.address, permit, signature]),
          coder.encodeFunctionData('subscribe', [plan(), world.terms(), 0n, '0x']),
        ])
      await world.nextBlockAt((await world.state(plan())).paidUntil)
      await expect(world.charge(plan())).to.changeTokenBalance(ethers, token, subscriber, -price)
      const again = subscriptions.approveWithPermit2(subscriber, permit, signature)
      await expect(again).not.to.be.revert(ethers)
    })

    it('says how much it allows, and nothing once it has expired', async () => {
      const end = BigInt((await world.time.latest()) + period)
      const { permit, signature } = await permit2Allowance(2n * price - 1n, end)
      await subscriptions.approveWithPermit2(subscriber, permit, signature)
      await world.subscribe(plan())
      await world.mineAt(Number(end))
      expect(await world.renewable(plan())).to.deep.equal([reason.allowanceTooLow, price - 1n, price])
      await world.mineAt(Number(end) + day)
      expect(await world.renewable(plan())).to.deep.equal([reason.allowanceTooLow, 0n, price])
    })

    it('charges in batches from it (S7)', async () => {
      const { permit, signature } = await permit2Allowance(2n ** 160n - 1n, 2n ** 48n - 1n)
      await subscriptions.approveWithPermit2(subscriber, permit, signature)
      await world.subscribe(plan())
      await world.nextBlockAt((await world.state(plan())).paidUntil)
      await expect(subscriptions.connect(stranger).chargeBatch(plan(), [subscriber])).to.changeTokenBalance(
        ethers,
        token,
        subscriber,
        -price,
      )
    })
  })

  describe('pull', () => {
    it('is for the contract itself only', async () => {
      await expect(subscriptions.connect(stranger).pull(token, subscriber, stranger, 1n, stranger, 0n))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSelf')
        .withArgs(stranger.address)
    })

    it('cannot be reached through multicall', async () => {
      const pull = subscriptions.interface.encodeFunctionData('pull', [
        world.tokenAddress,
        subscriber.address,
        stranger.address,
        1n,
        stranger.address,
        0n,
      ])
      await expect(subscriptions.connect(stranger).multicall([pull]))
        .to.be.revertedWithCustomError(subscriptions, 'CallerIsNotSelf')
        .withArgs(stranger.address)
    })
  })
})
