import { expect } from 'chai'
import { MaxUint256, ZeroAddress } from 'ethers'
import { withDirtyWord } from '../support/calldata.js'
import { byItself, reason, type Plan } from './agreement.js'
import { createWorld, period, price, tip } from './world.js'

const world = await createWorld()
const { ethers, subscriptions, subscriber, merchant, keeper, stranger, address, plan, native, id } = world
const coder = subscriptions.interface
const guarded = coder.getError('ReentrancyGuardReentrantCall')?.selector ?? ''

/** Every way in that a contract called in between could try. */
function reentries(of: Plan): [name: string, data: string][] {
  const encode = coder.encodeFunctionData.bind(coder)
  const who = subscriber.address
  return [
    ['subscribe', encode('subscribe', [of, world.terms(), 0n, '0x'])],
    ['subscribeWithSignature', encode('subscribeWithSignature', [of, world.terms(), byItself])],
    ['charge', encode('charge', [of, who])],
    ['chargeBatch', encode('chargeBatch', [of, [who]])],
    ['pause', encode('pause', [of, who, byItself])],
    ['resume', encode('resume', [of, who, byItself])],
    ['cancel', encode('cancel', [of, who, byItself])],
    ['changePlan', encode('changePlan', [of, of, who, price, byItself])],
    ['fund', encode('fund', [of, who, 1n, '0x'])],
    ['withdraw', encode('withdraw', [of, who, who, 1n, byItself])],
    ['withdrawOwed', encode('withdrawOwed', [of.token, who])],
    ['multicall', encode('multicall', [[encode('charge', [of, who])]])],
  ]
}

/** Subscribes, and sets the next block's time to when the next period is due. */
async function due(of: Plan, prepaid = 0n): Promise<void> {
  await world.subscribe(of, {}, prepaid)
  await world.nextBlockAt((await world.state(of)).paidUntil)
}

describe('attacks on subscriptions', () => {
  beforeEach(world.reset)

  describe('re-entrant token', () => {
    it('gets into no function while it is pulled', async () => {
      const evil = await world.stocked(await ethers.deployContract('CallbackToken'))
      const of = await world.create(plan({ token: await evil.getAddress() }))
      await world.subscribe(of)
      for (const [name, data] of reentries(of)) {
        await evil.setCallback(subscriptions, data, true)
        await world.time.increaseTo((await world.state(of)).paidUntil)
        await world.charge(of)
        expect(await evil.lastReturned(), name).to.equal(guarded)
      }
    })

    it('cannot pull by itself', async () => {
      const evil = await world.stocked(await ethers.deployContract('CallbackToken'))
      const of = await world.create(plan({ token: await evil.getAddress() }))
      const pull = coder.encodeFunctionData('pull', [
        of.token,
        subscriber.address,
        stranger.address,
        5n,
        stranger.address,
        0n,
      ])
      await evil.setCallback(subscriptions, pull, true)
      await due(of)
      await world.charge(of)
      expect(await evil.balanceOf(stranger)).to.equal(0n)
      expect(await evil.lastSucceeded()).to.equal(false)
    })
  })

  describe('re-entrant merchant', () => {
    it('gets into no function while it is paid', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const of = native({ merchant: await wallet.getAddress() })
      await wallet.relay(subscriptions, 0n, coder.encodeFunctionData('createPlan', [of]))
      await world.subscribe(of, {}, 20n * price)
      for (const [name, data] of reentries(of)) {
        await wallet.setCallback(subscriptions, data)
        await world.time.increaseTo((await world.state(of)).paidUntil)
        await world.charge(of)
        expect(await wallet.lastReturned(), name).to.equal(guarded)
      }
      const { balance } = await world.state(of)
      expect(await ethers.provider.getBalance(address)).to.equal(balance)
    })
  })

  describe('blocked merchant', () => {
    it('is charged for all the same, and takes its money out elsewhere (S7)', async () => {
      const odd = await world.stocked(await ethers.deployContract('UsdcLikeToken'))
      const of = await world.create(plan({ token: await odd.getAddress() }))
      await due(of)
      await odd.setBlacklisted(merchant, true)
      const transaction = world.charge(of)
      await expect(transaction)
        .to.emit(subscriptions, 'PaymentKept')
        .withArgs(merchant.address, of.token, price - tip)
      await expect(transaction).to.changeTokenBalances(
        ethers,
        odd,
        [subscriber, keeper, address],
        [-price, tip, price - tip],
      )
      await expect(subscriptions.connect(merchant).withdrawOwed(of.token, stranger)).to.changeTokenBalance(
        ethers,
        odd,
        stranger,
        price - tip,
      )
    })

    it('does not keep a batch of its subscribers from access (S7)', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const of = native({ merchant: await wallet.getAddress() })
      await wallet.relay(subscriptions, 0n, coder.encodeFunctionData('createPlan', [of]))
      await due(of, 2n * price)
      await wallet.setRefusing(true)
      await subscriptions.connect(keeper).chargeBatch(of, [subscriber])
      expect(await world.isActive(of)).to.equal(true)
      expect(await subscriptions.owed(wallet, ZeroAddress)).to.equal(price - tip)
    })
  })

  describe('blocked keeper', () => {
    it('has its tip kept and charges all the same (S7)', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      await wallet.setRefusing(true)
      await due(native(), 2n * price)
      await expect(
        wallet.relay(subscriptions, 0n, coder.encodeFunctionData('charge', [native(), subscriber.address])),
      ).to.changeEtherBalance(ethers, merchant, price - tip)
      expect(await subscriptions.owed(wallet, ZeroAddress)).to.equal(tip)
    })
  })

  describe('awkward token', () => {
    it('works when it returns nothing', async () => {
      const odd = await world.stocked(await ethers.deployContract('UsdtLikeToken'))
      const of = await world.create(plan({ token: await odd.getAddress() }))
      await due(of)
      await expect(world.charge(of)).to.changeTokenBalances(
        ethers,
        odd,
        [subscriber, merchant, keeper],
        [-price, price - tip, tip],
      )
    })

    it('is refused when it takes a fee, moves nothing or answers false (S2)', async () => {
      const fee = await world.stocked(await ethers.deployContract('FeeToken'))
      const still = await world.stocked(await ethers.deployContract('MalformedToken'))
      await still.setTransferAnswer(ethers.toBeHex(1, 32), false)
      const no = await world.stocked(await ethers.deployContract('MalformedToken'))
      await no.setTransferAnswer(ethers.toBeHex(0, 32), true)
      for (const odd of [fee, still, no]) {
        const of = await world.create(plan({ token: await odd.getAddress() }))
        const held = await odd.balanceOf(subscriber)
        await expect(world.subscribe(of))
          .to.be.revertedWithCustomError(subscriptions, 'NotChargeable')
          .withArgs(id(of), reason.tokenRefused, 0n, price)
        expect(await odd.balanceOf(subscriber)).to.equal(held)
      }
    })

    it('that burns all gas it gets costs a batch no more than its share (S7)', async () => {
      const evil = await ethers.deployContract('CallbackToken')
      const burner = await ethers.deployContract('GasBurningRecipient')
      const of = await world.create(plan({ token: await evil.getAddress() }))
      const people = (await ethers.getSigners()).slice(4, 7)
      for (const person of people) {
        await evil.mint(person, 10n * price)
        await evil.connect(person).approve(subscriptions, MaxUint256)
        await world.subscribe(of, {}, 0n, person)
      }
      await evil.setCallback(burner, '0x', true)
      await world.time.increase(period)
      const sent = await subscriptions.connect(keeper).chargeBatch(of, people, { gasLimit: 5_000_000n })
      const receipt = await sent.wait()
      expect(receipt?.gasUsed).to.be.lessThan(1_500_000n)
    })
  })

  describe('stingy caller', () => {
    it('cannot make a good payment fail by sending little gas (S7)', async () => {
      await due(plan())
      // 300,000 of 63/64 of what is left, and 30,000 to go on.
      const needed = 300_000n + 4_761n + 30_000n
      await expect(subscriptions.connect(keeper).chargeBatch(plan(), [subscriber], { gasLimit: 300_000n }))
        .to.be.revertedWithCustomError(subscriptions, 'GasTooLow')
        .withArgs((left: bigint) => left < needed, needed)
    })
  })

  describe('dirty terms', () => {
    it('name a plan that does not exist', async () => {
      await due(plan())
      const data = coder.encodeFunctionData('charge', [plan(), subscriber.address])
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
        await expect(keeper.sendTransaction(dirty), `word ${word}`).to.be.revert(ethers)
      }
    })
  })

  describe('gifts and forced coins', () => {
    it('are nobody’s (S1)', async () => {
      await world.subscribe(native(), {}, 2n * price)
      await world.networkHelpers.setBalance(address, 100n * price)
      await expect(
        subscriptions.connect(subscriber).withdraw(native(), subscriber, subscriber, price + 1n, byItself),
      ).to.be.revertedWithCustomError(subscriptions, 'AmountExceedsBalance')
    })
  })
})
