import { expect } from 'chai'
import { MaxUint256, ZeroAddress } from 'ethers'
import { agreeableWallet, installPermit2, never, permit2Address, permit2Digest } from './support/funding.js'
import { accountKey } from './support/ground.js'
import { compact, full, type Terms } from './support/terms.js'
import { createWorld } from './support/world.js'

const world = await createWorld()
const { ethers, channels, token, payer, stranger, address, terms, id, place } = world
const payerKey = accountKey(world, 0)

await installPermit2(world)
const permit2 = await ethers.getContractAt('Permit2Double', permit2Address)
await token.connect(payer).approve(permit2Address, MaxUint256)
const prepared = await world.networkHelpers.takeSnapshot()

/** The payer's Permit2 signature for a deposit into a channel. */
function permit(
  channel: Terms,
  amount: bigint,
  { nonce = 0n, deadline = never, spender = address } = {},
  sign = full,
): string {
  return sign(
    payerKey,
    permit2Digest(place.chainId, { token: channel.token, amount, spender, nonce, deadline }, id(channel)),
  )
}

/** Submitted by a stranger, who has no money in it. */
function submit(channel: Terms, amount: bigint, signature: string, { nonce = 0n, deadline = never } = {}) {
  return channels.connect(stranger).depositWithPermit2(channel, amount, nonce, deadline, signature)
}

describe('depositWithPermit2 (against a double of Permit2)', () => {
  beforeEach(() => prepared.restore())

  describe('when the payer signed the transfer', () => {
    it('opens the channel from the payer, whoever submits, with 65 bytes', async () => {
      const transaction = submit(terms(), 700n, permit(terms(), 700n))
      await expect(transaction).to.changeTokenBalances(ethers, token, [payer, address], [-700n, 700n])
      await expect(transaction)
        .to.emit(channels, 'ChannelOpened')
        .withArgs(id(terms()), payer.address, terms().payee, Object.values(terms()), 700n)
    })

    it('opens the channel with 64 bytes', async () => {
      await submit(terms(), 700n, permit(terms(), 700n, {}, compact))
      expect((await world.state(terms())).deposited).to.equal(700n)
    })

    it('takes a signature of a contract wallet', async () => {
      const wallet = await agreeableWallet(world)
      await token.mint(wallet, 700n)
      await wallet.relay(token, 0n, token.interface.encodeFunctionData('approve', [permit2Address, 700n]))
      const channel = terms({ payer: await wallet.getAddress() })
      await expect(submit(channel, 700n, '0x5afe')).to.changeTokenBalances(
        ethers,
        token,
        [wallet, address],
        [-700n, 700n],
      )
    })

    it('tops up with another nonce', async () => {
      const nonce = (5n << 8n) + 255n
      await submit(terms(), 700n, permit(terms(), 700n))
      await expect(submit(terms(), 50n, permit(terms(), 50n, { nonce }), { nonce }))
        .to.emit(channels, 'ChannelDeposited')
        .withArgs(id(terms()), 50n, 750n)
      expect(await permit2.nonceBitmap(payer, 5n)).to.equal(1n << 255n)
    })
  })

  describe('when the nonce was used before', () => {
    it('reverts with InvalidNonce', async () => {
      await submit(terms(), 700n, permit(terms(), 700n))
      await expect(submit(terms(), 700n, permit(terms(), 700n))).to.be.revertedWithCustomError(
        permit2,
        'InvalidNonce',
      )
    })
  })

  describe('when the deadline has passed', () => {
    it('reverts with SignatureExpired', async () => {
      const deadline = 1_000_000_000n
      await expect(submit(terms(), 700n, permit(terms(), 700n, { deadline }), { deadline }))
        .to.be.revertedWithCustomError(permit2, 'SignatureExpired')
        .withArgs(deadline)
    })
  })

  describe("when the witness is another channel's", () => {
    it('reverts with InvalidSigner', async () => {
      const another = terms({ payee: stranger.address })
      await expect(submit(another, 700n, permit(terms(), 700n))).to.be.revertedWithCustomError(
        permit2,
        'InvalidSigner',
      )
    })
  })

  describe('when the amount is not the signed one', () => {
    it('reverts with InvalidSigner for the amount', async () => {
      await expect(submit(terms(), 699n, permit(terms(), 700n))).to.be.revertedWithCustomError(
        permit2,
        'InvalidSigner',
      )
    })
  })

  describe('when the signature names another spender', () => {
    it('reverts with InvalidSigner for the spender', async () => {
      const signature = permit(terms(), 700n, { spender: stranger.address })
      await expect(submit(terms(), 700n, signature)).to.be.revertedWithCustomError(permit2, 'InvalidSigner')
    })
  })

  describe('when the token takes a fee', () => {
    it('reverts with AmountNotReceived', async () => {
      const fee = await world.stocked(await ethers.deployContract('FeeToken'))
      await fee.connect(payer).approve(permit2Address, MaxUint256)
      const channel = terms({ token: await fee.getAddress() })
      await expect(submit(channel, 1_000n, permit(channel, 1_000n)))
        .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
        .withArgs(channel.token, 990n, 1_000n)
    })
  })

  describe('when the token has no code', () => {
    it('reverts with BalanceUnreadable', async () => {
      await expect(submit(terms({ token: stranger.address }), 7n, '0x'))
        .to.be.revertedWithCustomError(channels, 'BalanceUnreadable')
        .withArgs(stranger.address)
    })
  })

  describe('when there is no Permit2 on the chain', () => {
    it('reverts without taking anything', async () => {
      await world.networkHelpers.setCode(permit2Address, '0x')
      await expect(submit(terms(), 700n, permit(terms(), 700n))).to.be.revertedWithoutReason(ethers)
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
      await expect(submit(terms(), 0n, permit(terms(), 0n)))
        .to.be.revertedWithCustomError(channels, 'DepositIsZero')
        .withArgs(id(terms()))
    })
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      const data = channels.interface.encodeFunctionData('depositWithPermit2', [
        terms(),
        700n,
        0n,
        never,
        permit(terms(), 700n),
      ])
      await expect(payer.sendTransaction({ to: address, data, value: 1n })).to.be.revertedWithoutReason(
        ethers,
      )
    })
  })
})
