import { expect } from 'chai'
import { computeAddress, MaxUint256, ZeroAddress } from 'ethers'
import {
  authorizationDigest,
  authorizationNonce,
  installPermit2,
  never,
  permit2Address,
  permit2Digest,
  tokenDomain,
} from '../support/funding.js'
import { accountKey } from '../support/ground.js'
import { compact, full, malleated, saltOf, secpKey, voucherDigest, type Terms } from '../support/terms.js'
import { createWorld } from '../support/world.js'

const world = await createWorld()
const {
  ethers,
  channels,
  token,
  payer,
  payee,
  stranger,
  address,
  place,
  sessionKey,
  terms,
  id,
  fund,
  claim,
  item,
} = world
const payerKey = accountKey(world, 0)
const payeeKey = accountKey(world, 1)

describe('attacks on the contract', () => {
  beforeEach(world.reset)

  describe('replay', () => {
    it('across chains is refused (I11)', async () => {
      await fund(terms(), 1_000n)
      const elsewhere = voucherDigest({ ...place, chainId: place.chainId + 1 }, id(terms()), 300n)
      await refused(terms(), compact(sessionKey, elsewhere))
    })

    it('across contracts is refused (I11)', async () => {
      const twin = await ethers.deployContract('StreamChannels')
      await fund(terms(), 1_000n)
      const there = { ...place, contract: await twin.getAddress() }
      await refused(terms(), compact(sessionKey, voucherDigest(there, id(terms()), 300n)))
      expect(await twin.channelId(terms())).not.to.equal(id(terms()))
    })

    it('across channels is refused (I11)', async () => {
      const other = terms({ salt: saltOf(1) })
      await fund(terms(), 1_000n)
      await fund(other, 1_000n)
      await refused(other, world.signVoucher(terms(), 300n))
    })

    it('of a Close as a Voucher, and of a Voucher as a Close, is refused (I11)', async () => {
      const channel = terms({ signer: payee.address })
      await fund(channel, 1_000n)
      await refused(channel, world.signClose(channel, 300n, payeeKey))
      const voucher = world.signVoucher(channel, 300n, payeeKey)
      await expect(channels.connect(stranger).close(channel, 300n, 300n, voucher, voucher))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(channel), 300n)
    })

    it('of the same voucher pays nothing more (I12)', async () => {
      await fund(terms(), 1_000n)
      const voucher = item(terms(), 300n)
      await claim(terms(), [voucher])
      await expect(claim(terms(), [voucher, voucher])).to.changeTokenBalance(ethers, token, payee, 0n)
      await expect(
        channels.connect(payee).close(terms(), 300n, 300n, voucher.signature, '0x'),
      ).to.changeTokenBalances(ethers, token, [payee, payer], [0n, 700n])
    })

    it('of one owner’s ERC-1271 signature across its two wallets is refused', async () => {
      const owner = secpKey('owner of two')
      const [first, second] = await Promise.all([1, 2].map(() => rotatingWallet(owner.publicKey)))
      const [one, two] = [terms({ signer: first ?? '' }), terms({ signer: second ?? '' })]
      await fund(one, 1_000n)
      await fund(two, 1_000n)
      const signature = full(owner, voucherDigest(place, id(one), 300n))
      await refused(two, signature)
      await expect(claim(one, [item(one, 300n, signature)])).to.changeTokenBalance(ethers, token, payee, 300n)
    })
  })

  describe('reopening after close', () => {
    it('is refused to every way of funding (I9, I10)', async () => {
      const usdc = await world.stocked(await ethers.deployContract('UsdcLikeToken'))
      await installPermit2(world)
      await usdc.connect(payer).approve(permit2Address, MaxUint256)
      const channel = terms({ token: await usdc.getAddress() })
      await fund(channel, 10n)
      await channels.connect(payee).close(channel, 0n, 0n, '0x', '0x')
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
      const permit = { token: channel.token, amount: 5n, spender: address, nonce: 0n, deadline: never }
      const attempts = [
        () => fund(channel, 5n),
        () => channels.connect(payer).depositWithPermit(channel, 5n, never, '0x'),
        () =>
          channels.depositWithAuthorization(
            channel,
            5n,
            0n,
            never,
            saltOf(0),
            full(payerKey, authorizationDigest(domain, authorization)),
          ),
        () =>
          channels.depositWithPermit2(
            channel,
            5n,
            0n,
            never,
            full(payerKey, permit2Digest(place.chainId, permit, id(channel))),
          ),
      ]
      for (const attempt of attempts) {
        await expect(attempt())
          .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
          .withArgs(id(channel))
      }
    })
  })

  describe('malleable and zero-signer signatures', () => {
    it('give no second valid signature of a voucher', async () => {
      await fund(terms(), 1_000n)
      await refused(terms(), malleated(full(sessionKey, voucherDigest(place, id(terms()), 300n))))
    })

    it('that recover to nobody never match, as no channel has signer zero', async () => {
      await expect(fund(terms({ signer: ZeroAddress }), 1n)).to.be.revertedWithCustomError(
        channels,
        'SignerIsZero',
      )
      await fund(terms({ operator: ZeroAddress }), 1_000n)
      await refused(terms({ operator: ZeroAddress }), `0x${'00'.repeat(65)}`)
    })
  })

  describe('duplicated and reordered vouchers', () => {
    it('in one batch pay the highest once (I12, I13)', async () => {
      await fund(terms(), 1_000n)
      const vouchers = [300n, 100n, 300n, 200n, 300n].map((amount) => item(terms(), amount))
      await expect(claim(terms(), vouchers)).to.changeTokenBalance(ethers, token, payee, 300n)
    })
  })
})

/** Expects a claim of 300 with this signature to be refused for it. */
async function refused(channel: Terms, signature: string): Promise<void> {
  await expect(claim(channel, [item(channel, 300n, signature)]))
    .to.be.revertedWithCustomError(channels, 'InvalidVoucher')
    .withArgs(id(channel), ethers.getAddress(channel.signer), 300n)
}

async function rotatingWallet(publicKey: string): Promise<string> {
  return (await ethers.deployContract('RotatingWallet', [computeAddress(publicKey)])).getAddress()
}
