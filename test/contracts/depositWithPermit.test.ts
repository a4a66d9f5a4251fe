import { expect } from 'chai'
import { MaxUint256, Signature, ZeroAddress } from 'ethers'
import { agreeableWallet, never, permitDigest, tokenDomain } from './support/funding.js'
import { accountKey } from './support/ground.js'
import { compact, full } from './support/terms.js'
import { createWorld } from './support/world.js'

const world = await createWorld()
const { ethers, channels, payer, stranger, address, terms, id } = world
const payerKey = accountKey(world, 0)

const usdc = await ethers.deployContract('UsdcLikeToken')
const permitToken = await ethers.deployContract('PermitToken')
await usdc.mint(payer, 10_000n)
await permitToken.mint(payer, 10_000n)
const usdcTerms = terms({ token: await usdc.getAddress() })
const permitTerms = terms({ token: await permitToken.getAddress() })
const prepared = await world.networkHelpers.takeSnapshot()

/** The payer's permit for the contract, on a token with the given domain. */
async function permit(
  token: typeof usdc | typeof permitToken,
  value: bigint,
  { deadline = never, owner = payer.address, key = payerKey } = {},
  sign = full,
): Promise<string> {
  const isUsdc = token === usdc
  const domain = await tokenDomain(world, token, isUsdc ? 'USD Coin' : 'Permit Token', isUsdc ? '2' : '1')
  const nonce = await token.nonces(owner)
  return sign(key, permitDigest(domain, { owner, spender: address, value, nonce, deadline }))
}

describe('depositWithPermit', () => {
  beforeEach(() => prepared.restore())

  describe('when the caller signed the permit', () => {
    it('opens the channel from the caller with 65 bytes', async () => {
      const transaction = channels
        .connect(payer)
        .depositWithPermit(permitTerms, 700n, never, await permit(permitToken, 700n))
      await expect(transaction).to.changeTokenBalances(ethers, permitToken, [payer, address], [-700n, 700n])
      await expect(transaction)
        .to.emit(channels, 'ChannelOpened')
        .withArgs(id(permitTerms), payer.address, permitTerms.payee, Object.values(permitTerms), 700n)
    })

    it('opens the channel from the caller with 64 bytes', async () => {
      // Both parities: the top bit of the 64 bytes carries it.
      for (const deadline of [never, never - 1n, never - 2n, never - 3n]) {
        const signature = await permit(permitToken, 700n, { deadline }, compact)
        await expect(
          channels.connect(payer).depositWithPermit(permitTerms, 700n, deadline, signature),
        ).to.changeTokenBalance(ethers, permitToken, address, 700n)
      }
    })

    it('tops an open channel up', async () => {
      await channels.connect(payer).depositWithPermit(usdcTerms, 700n, never, await permit(usdc, 700n))
      await expect(channels.connect(payer).depositWithPermit(usdcTerms, 50n, never, await permit(usdc, 50n)))
        .to.emit(channels, 'ChannelDeposited')
        .withArgs(id(usdcTerms), 50n, 750n)
    })

    it('takes a permit of a contract wallet, in bytes', async () => {
      const wallet = await agreeableWallet(world)
      await usdc.mint(wallet, 500n)
      const call = channels.interface.encodeFunctionData('depositWithPermit', [
        usdcTerms,
        500n,
        never,
        '0x5afe5afe',
      ])
      await expect(wallet.relay(channels, 0n, call)).to.changeTokenBalances(
        ethers,
        usdc,
        [wallet, address],
        [-500n, 500n],
      )
    })

    it('funds a channel of another payer', async () => {
      const another = { ...usdcTerms, payer: stranger.address }
      await channels.connect(payer).depositWithPermit(another, 700n, never, await permit(usdc, 700n))
      expect((await world.state(another)).deposited).to.equal(700n)
    })
  })

  describe('when somebody else used the permit first', () => {
    it('works from the allowance that the permit gave', async () => {
      const signature = await permit(permitToken, 700n)
      const { v, r, s } = Signature.from(signature)
      await permitToken.connect(stranger).permit(payer, channels, 700n, MaxUint256, v, r, s)
      await channels.connect(payer).depositWithPermit(permitTerms, 700n, never, signature)
      expect((await world.state(permitTerms)).deposited).to.equal(700n)
    })
  })

  describe('when the permit is expired', () => {
    it("reverts with the token's missing allowance", async () => {
      const deadline = 1_000_000_000n
      const signature = await permit(usdc, 700n, { deadline })
      await expect(channels.connect(payer).depositWithPermit(usdcTerms, 700n, deadline, signature))
        .to.be.revertedWithCustomError(usdc, 'ERC20InsufficientAllowance')
        .withArgs(address, 0n, 700n)
    })
  })

  describe("when the permit is somebody else's", () => {
    it("reverts with the token's missing allowance for the caller", async () => {
      const signature = await permit(permitToken, 700n)
      await expect(channels.connect(stranger).depositWithPermit(permitTerms, 700n, never, signature))
        .to.be.revertedWithCustomError(permitToken, 'ERC20InsufficientAllowance')
        .withArgs(address, 0n, 700n)
    })
  })

  describe('when the token takes a fee', () => {
    it('reverts with AmountNotReceived', async () => {
      const fee = await world.stocked(await ethers.deployContract('FeeToken'))
      const channel = terms({ token: await fee.getAddress() })
      await expect(channels.connect(payer).depositWithPermit(channel, 1_000n, never, '0x'))
        .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
        .withArgs(channel.token, 990n, 1_000n)
    })
  })

  describe('when the token has no code', () => {
    it('reverts with BalanceUnreadable', async () => {
      const channel = terms({ token: stranger.address })
      await expect(channels.connect(payer).depositWithPermit(channel, 1n, never, '0x'))
        .to.be.revertedWithCustomError(channels, 'BalanceUnreadable')
        .withArgs(stranger.address)
    })
  })

  describe('when the channel is paid in the native coin', () => {
    it('reverts with TokenRequired', async () => {
      const native = terms({ token: ZeroAddress })
      await expect(channels.connect(payer).depositWithPermit(native, 1n, never, '0x'))
        .to.be.revertedWithCustomError(channels, 'TokenRequired')
        .withArgs(id(native))
    })
  })

  describe('when the amount is zero', () => {
    it('reverts with DepositIsZero', async () => {
      await expect(channels.connect(payer).depositWithPermit(usdcTerms, 0n, never, await permit(usdc, 0n)))
        .to.be.revertedWithCustomError(channels, 'DepositIsZero')
        .withArgs(id(usdcTerms))
    })
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      const data = channels.interface.encodeFunctionData('depositWithPermit', [
        usdcTerms,
        700n,
        never,
        await permit(usdc, 700n),
      ])
      await expect(payer.sendTransaction({ to: address, data, value: 1n })).to.be.revertedWithoutReason(
        ethers,
      )
    })
  })
})
