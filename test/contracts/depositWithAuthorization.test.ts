import { expect } from 'chai'
import { toBeHex, ZeroAddress } from 'ethers'
import {
  agreeableWallet,
  authorizationDigest,
  authorizationNonce,
  never,
  tokenDomain,
} from './support/funding.js'
import { accountKey } from './support/ground.js'
import { compact, full, saltOf, type Terms } from './support/terms.js'
import { createWorld } from './support/world.js'

const world = await createWorld()
const { ethers, channels, payer, stranger, address, terms, id } = world
const payerKey = accountKey(world, 0)

const usdc = await ethers.deployContract('UsdcLikeToken')
await usdc.mint(payer, 10_000n)
const usdcTerms = terms({ token: await usdc.getAddress() })
const usdcDomain = await tokenDomain(world, usdc, 'USD Coin', '2')
const prepared = await world.networkHelpers.takeSnapshot()

/** The payer's authorization of a deposit. */
function authorize(
  channel: Terms,
  value: bigint,
  { validAfter = 0n, validBefore = never, salt = saltOf(0), key = payerKey } = {},
  sign = full,
): string {
  const nonce = authorizationNonce(id(channel), salt)
  const authorization = { from: channel.payer, to: address, value, validAfter, validBefore, nonce }
  return sign(key, authorizationDigest(usdcDomain, authorization))
}

/** Submitted by a stranger, who has no money in it. */
function submit(
  channel: Terms,
  amount: bigint,
  signature: string,
  { validAfter = 0n, validBefore = never, salt = saltOf(0) } = {},
) {
  return channels
    .connect(stranger)
    .depositWithAuthorization(channel, amount, validAfter, validBefore, salt, signature)
}

describe('depositWithAuthorization', () => {
  beforeEach(() => prepared.restore())

  describe('when the payer signed the authorization', () => {
    it('opens the channel from the payer, whoever submits, with 65 bytes', async () => {
      const transaction = submit(usdcTerms, 700n, authorize(usdcTerms, 700n))
      await expect(transaction).to.changeTokenBalances(ethers, usdc, [payer, address], [-700n, 700n])
      await expect(transaction)
        .to.emit(channels, 'ChannelOpened')
        .withArgs(id(usdcTerms), payer.address, usdcTerms.payee, Object.values(usdcTerms), 700n)
    })

    it('opens the channel with 64 bytes', async () => {
      for (const salt of [0, 1, 2, 3].map(saltOf)) {
        await submit(usdcTerms, 700n, authorize(usdcTerms, 700n, { salt }, compact), { salt })
      }
      expect((await world.state(usdcTerms)).deposited).to.equal(2_800n)
    })

    it('takes an authorization of a contract wallet, in bytes', async () => {
      const wallet = await agreeableWallet(world)
      await usdc.mint(wallet, 700n)
      const channel = { ...usdcTerms, payer: await wallet.getAddress() }
      await expect(submit(channel, 700n, '0x5afe')).to.changeTokenBalances(
        ethers,
        usdc,
        [wallet, address],
        [-700n, 700n],
      )
    })

    it('tops up with another salt', async () => {
      const salt = saltOf(77)
      await submit(usdcTerms, 700n, authorize(usdcTerms, 700n))
      await expect(submit(usdcTerms, 50n, authorize(usdcTerms, 50n, { salt }), { salt }))
        .to.emit(channels, 'ChannelDeposited')
        .withArgs(id(usdcTerms), 50n, 750n)
    })
  })

  describe('when the authorization was used before', () => {
    it("reverts with the token's used nonce", async () => {
      await submit(usdcTerms, 700n, authorize(usdcTerms, 700n))
      await expect(submit(usdcTerms, 700n, authorize(usdcTerms, 700n)))
        .to.be.revertedWithCustomError(usdc, 'ERC3009UsedAuthorization')
        .withArgs(payer.address, authorizationNonce(id(usdcTerms), saltOf(0)))
    })
  })

  describe('when the authorization is for another channel', () => {
    it("reverts with the token's invalid signature", async () => {
      const another = { ...usdcTerms, payee: stranger.address }
      await expect(submit(another, 700n, authorize(usdcTerms, 700n))).to.be.revertedWithCustomError(
        usdc,
        'ERC3009InvalidSignature',
      )
    })
  })

  describe('when the authorization is not yet valid', () => {
    it("reverts with the token's time error", async () => {
      const validAfter = 4_000_000_000n
      await expect(submit(usdcTerms, 700n, authorize(usdcTerms, 700n, { validAfter }), { validAfter }))
        .to.be.revertedWithCustomError(usdc, 'ERC3009InvalidAuthorizationTime')
        .withArgs(validAfter, never)
    })
  })

  describe('when the authorization is expired', () => {
    it("reverts with the token's time error past the end", async () => {
      const validBefore = 1_000_000_000n
      await expect(submit(usdcTerms, 700n, authorize(usdcTerms, 700n, { validBefore }), { validBefore }))
        .to.be.revertedWithCustomError(usdc, 'ERC3009InvalidAuthorizationTime')
        .withArgs(0n, validBefore)
    })
  })

  describe("when the authorization is somebody else's", () => {
    it("reverts with the token's invalid signature for the payer", async () => {
      const signature = authorize(usdcTerms, 700n, { key: world.sessionKey })
      await expect(submit(usdcTerms, 700n, signature)).to.be.revertedWithCustomError(
        usdc,
        'ERC3009InvalidSignature',
      )
    })
  })

  describe('when the token accepts without moving anything', () => {
    it('reverts with AmountNotReceived', async () => {
      const empty = await ethers.deployContract('AnsweringWallet')
      await empty.setAnswer(toBeHex(0, 32), false)
      const channel = terms({ token: await empty.getAddress() })
      for (const signature of ['0x', `0x${'01'.repeat(64)}`, `0x${'01'.repeat(65)}`]) {
        await expect(submit(channel, 700n, signature))
          .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
          .withArgs(channel.token, 0n, 700n)
      }
    })
  })

  describe('when the token has no code', () => {
    it('reverts with BalanceUnreadable', async () => {
      await expect(submit(terms({ token: stranger.address }), 7n, '0x'))
        .to.be.revertedWithCustomError(channels, 'BalanceUnreadable')
        .withArgs(stranger.address)
    })
  })

  describe('when the channel is paid in the native coin', () => {
    it('reverts with TokenRequired', async () => {
      const native = terms({ token: ZeroAddress })
      await expect(submit(native, 7n, '0x'))
        .to.be.revertedWithCustomError(channels, 'TokenRequired')
        .withArgs(id(native))
    })
  })

  describe('when the amount is zero', () => {
    it('reverts with DepositIsZero', async () => {
      await expect(submit(usdcTerms, 0n, authorize(usdcTerms, 0n)))
        .to.be.revertedWithCustomError(channels, 'DepositIsZero')
        .withArgs(id(usdcTerms))
    })
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      const data = channels.interface.encodeFunctionData('depositWithAuthorization', [
        usdcTerms,
        700n,
        0n,
        never,
        saltOf(0),
        authorize(usdcTerms, 700n),
      ])
      await expect(payer.sendTransaction({ to: address, data, value: 1n })).to.be.revertedWithoutReason(
        ethers,
      )
    })
  })
})
