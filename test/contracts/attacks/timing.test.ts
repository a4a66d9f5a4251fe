import { expect } from 'chai'
import { MaxUint256, Signature } from 'ethers'
import {
  authorizationDigest,
  authorizationNonce,
  installPermit2,
  never,
  permit2Address,
  permit2Digest,
  permitDigest,
  tokenDomain,
} from '../support/funding.js'
import { accountKey } from '../support/ground.js'
import { closeDigest, day, full, maxUint96, saltOf } from '../support/terms.js'
import { createWorld } from '../support/world.js'

const world = await createWorld()
const {
  ethers,
  channels,
  token,
  payer,
  payee,
  operator,
  stranger,
  address,
  place,
  terms,
  id,
  fund,
  claim,
  item,
  state,
} = world
const payerKey = accountKey(world, 0)
const operatorKey = accountKey(world, 2)

describe('attacks on the contract', () => {
  beforeEach(world.reset)

  describe('voucher above the deposit', () => {
    it('pays nothing until a top-up covers it to the unit (I5)', async () => {
      await fund(terms(), 999n)
      const voucher = item(terms(), 1_000n)
      await expect(claim(terms(), [voucher])).to.be.revertedWithCustomError(channels, 'AmountExceedsDeposit')
      await fund(terms(), 1n)
      await expect(claim(terms(), [voucher])).to.changeTokenBalance(ethers, token, payee, 1_000n)
    })
  })

  describe('stale close', () => {
    it('by the payer is beaten by a payee that comes back within grace (I6)', async () => {
      await fund(terms(), 1_000n)
      await claim(terms(), [item(terms(), 10n)])
      await channels.connect(payer).requestClose(terms())
      await world.time.increase(day - 10)
      await expect(claim(terms(), [item(terms(), 900n)])).to.changeTokenBalance(ethers, token, payee, 890n)
      await world.time.increase(10)
      await expect(channels.withdraw(terms())).to.changeTokenBalance(ethers, token, payer, 100n)
    })

    it('cannot be forced by the payer through close', async () => {
      await fund(terms(), 1_000n)
      await expect(channels.connect(payer).close(terms(), 0n, 0n, '0x', '0x'))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(terms()), 0n)
    })

    it('with an old consent cannot take back what was claimed since (I3)', async () => {
      await fund(terms(), 1_000n)
      const consent = world.signClose(terms(), 10n, operatorKey)
      await claim(terms(), [item(terms(), 900n)])
      await expect(channels.connect(payer).close(terms(), 10n, 10n, '0x', consent)).to.changeTokenBalances(
        ethers,
        token,
        [payer, payee],
        [100n, 0n],
      )
    })
  })

  describe('close in the last block', () => {
    it('leaves the payee the last second, and the payer the next one (I6, I7)', async () => {
      await fund(terms(), 1_000n)
      await channels.connect(payer).requestClose(terms())
      const withdrawableAt = (await state(terms())).closeRequestedAt + day
      await world.nextBlockAt(withdrawableAt - 1)
      await expect(claim(terms(), [item(terms(), 600n)])).to.changeTokenBalance(ethers, token, payee, 600n)
      await world.nextBlockAt(withdrawableAt)
      await expect(channels.withdraw(terms())).to.changeTokenBalance(ethers, token, payer, 400n)
    })

    it('leaves a claim that stands behind the withdrawal in its block nothing, and says so (I9)', async () => {
      await fund(terms(), 1_000n)
      await channels.connect(payer).requestClose(terms())
      await world.time.increase(day)
      await channels.withdraw(terms())
      await expect(claim(terms(), [item(terms(), 600n)]))
        .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
        .withArgs(id(terms()))
    })
  })

  describe('front-running', () => {
    it('a deposit only gives the payer a gift', async () => {
      await token.mint(stranger, 5n)
      await token.connect(stranger).approve(channels, 5n)
      await fund(terms(), 5n, stranger)
      await fund(terms(), 1_000n)
      await channels.connect(payer).requestClose(terms())
      await world.time.increase(day)
      await expect(channels.withdraw(terms())).to.changeTokenBalances(
        ethers,
        token,
        [payer, stranger],
        [1_005n, 0n],
      )
    })

    it('a stranger’s deposit neither blocks nor delays a forced close', async () => {
      await fund(terms(), 1_000n)
      await token.mint(stranger, 5n)
      await token.connect(stranger).approve(channels, 5n)
      await fund(terms(), 1n, stranger)
      await channels.connect(payer).requestClose(terms())
      const { closeRequestedAt } = await state(terms())
      await expect(fund(terms(), 1n, stranger)).to.be.revertedWithCustomError(channels, 'ClosePending')
      await world.nextBlockAt(closeRequestedAt + day)
      await expect(channels.withdraw(terms())).to.changeTokenBalance(ethers, token, payer, 1_001n)
    })

    it('a claim only pays the payee earlier, and the payee’s own batch still goes through', async () => {
      const other = terms({ salt: saltOf(1) })
      await fund(terms(), 1_000n)
      await fund(other, 1_000n)
      const batch = [item(terms(), 300n), item(other, 300n)]
      await expect(claim(terms(), batch.slice(0, 1), stranger)).to.changeTokenBalance(
        ethers,
        token,
        payee,
        300n,
      )
      await expect(claim(terms(), batch, payee)).to.changeTokenBalance(ethers, token, payee, 300n)
    })

    it('a permit changes nothing for its owner', async () => {
      const permitToken = await ethers.deployContract('PermitToken')
      await permitToken.mint(payer, 1_000n)
      const channel = terms({ token: await permitToken.getAddress() })
      const domain = await tokenDomain(world, permitToken, 'Permit Token', '1')
      const permit = { owner: payer.address, spender: address, value: 700n, nonce: 0n, deadline: never }
      const signature = full(payerKey, permitDigest(domain, permit))
      const { v, r, s } = Signature.from(signature)
      await permitToken.connect(stranger).permit(payer, channels, 700n, never, v, r, s)
      await expect(
        channels
          .connect(stranger)
          .depositWithPermit({ ...channel, payer: stranger.address }, 700n, never, signature),
      ).to.be.revertedWithCustomError(permitToken, 'ERC20InsufficientAllowance')
      await channels.connect(payer).depositWithPermit(channel, 700n, never, signature)
      expect((await state(channel)).deposited).to.equal(700n)
    })

    it('an authorization or a Permit2 signature cannot be turned to another channel or spent elsewhere', async () => {
      const { usdc, channel } = await usdcChannel()
      await installPermit2(world)
      await usdc.connect(payer).approve(permit2Address, MaxUint256)
      const thief = { ...channel, payee: stranger.address, signer: stranger.address }
      const domain = await tokenDomain(world, usdc, 'USD Coin', '2')
      const nonce = authorizationNonce(id(channel), saltOf(0))
      const authorization = {
        from: payer.address,
        to: address,
        value: 5n,
        validAfter: 0n,
        validBefore: never,
        nonce,
      }
      const signature = full(payerKey, authorizationDigest(domain, authorization))
      await expect(
        channels.connect(stranger).depositWithAuthorization(thief, 5n, 0n, never, saltOf(0), signature),
      ).to.be.revertedWithCustomError(usdc, 'ERC3009InvalidSignature')
      const { v, r, s } = Signature.from(signature)
      await expect(
        usdc
          .connect(stranger)
          ['receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)'](
            payer,
            channels,
            5n,
            0n,
            never,
            nonce,
            v,
            r,
            s,
          ),
      ).to.be.revertedWithCustomError(usdc, 'ERC20InvalidReceiver')
      const permit = { token: channel.token, amount: 5n, spender: address, nonce: 0n, deadline: never }
      const permit2 = await ethers.getContractAt('Permit2Double', permit2Address)
      await expect(
        channels
          .connect(stranger)
          .depositWithPermit2(
            thief,
            5n,
            0n,
            never,
            full(payerKey, permit2Digest(place.chainId, permit, id(channel))),
          ),
      ).to.be.revertedWithCustomError(permit2, 'InvalidSigner')
    })
  })

  describe('unsafe casts', () => {
    it('cannot wrap a deposit, a total or a refund at 96 bits (I1, I2)', async () => {
      await fund(terms(), maxUint96)
      await token.mint(payer, maxUint96)
      await expect(fund(terms(), 1n)).to.be.revertedWithCustomError(channels, 'DepositTooLarge')
      await claim(terms(), [item(terms(), 1n)])
      await expect(channels.connect(payee).close(terms(), 0n, 0n, '0x', '0x')).to.changeTokenBalances(
        ethers,
        token,
        [payer, address],
        [maxUint96 - 1n, 1n - maxUint96],
      )
    })

    it('cannot make a time look like the tombstone', async () => {
      await fund(terms(), 1_000n)
      await world.nextBlockAt(2 ** 32 - 1)
      await expect(channels.connect(payer).requestClose(terms())).to.be.revertedWithCustomError(
        channels,
        'ClockExhausted',
      )
      await expect(claim(terms(), [item(terms(), 300n)])).to.changeTokenBalance(ethers, token, payee, 300n)
      expect((await state(terms())).closed).to.equal(false)
    })
  })

  describe('stolen session key', () => {
    it('costs the payer no more than burst and rate allow', async () => {
      const channel = terms({ rate: 10n, burst: 30n })
      await fund(channel, 1_000_000n)
      await world.nextBlockAt((await state(channel)).openedAt + 60)
      await expect(claim(channel, [item(channel, 1_000_000n)]))
        .to.be.revertedWithCustomError(channels, 'AmountExceedsRate')
        .withArgs(id(channel), 1_000_000n, 630n)
    })
  })

  describe('greedy operator', () => {
    it('can end a channel below the voucher, but never receives a unit', async () => {
      await fund(terms(), 1_000n)
      const consent = full(operatorKey, closeDigest(place, id(terms()), 0n))
      await expect(channels.connect(operator).close(terms(), 0n, 0n, '0x', consent)).to.changeTokenBalances(
        ethers,
        token,
        [operator, payer],
        [0n, 1_000n],
      )
    })
  })
})

/** An open channel of 1,000 in the USDC-like token. */
async function usdcChannel() {
  const usdc = await world.stocked(await ethers.deployContract('UsdcLikeToken'))
  const channel = terms({ token: await usdc.getAddress() })
  await fund(channel, 1_000n)
  return { usdc, channel }
}
