import { expect } from 'chai'
import { parseEther, ZeroAddress } from 'ethers'
import { day, saltOf, type Terms } from '../support/terms.js'
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
  terms,
  fund,
  claim,
  item,
  state,
} = world

describe('attacks on the contract', () => {
  beforeEach(world.reset)

  describe('tokens', () => {
    it('that shrink after the deposit hurt their own channels only', async () => {
      const rebasing = await world.stocked(await ethers.deployContract('RebasingToken'))
      const channel = terms({ token: await rebasing.getAddress() })
      await fund(channel, 1_000n)
      await fund(terms(), 1_000n)
      await rebasing.setIndex(500n)
      await expect(claim(channel, [item(channel, 1_000n)])).to.be.revertedWithCustomError(
        rebasing,
        'ERC20InsufficientBalance',
      )
      await claim(channel, [item(channel, 400n)])
      await expect(claim(terms(), [item(terms(), 1_000n)])).to.changeTokenBalance(
        ethers,
        token,
        payee,
        1_000n,
      )
    })

    it('that lose their code hurt their own channels only', async () => {
      const leaving = await world.stocked(await ethers.deployContract('PlainToken'))
      const channel = terms({ token: await leaving.getAddress() })
      await fund(channel, 1_000n)
      await fund(terms(), 1_000n)
      await world.networkHelpers.setCode(channel.token, '0x')
      await expect(claim(channel, [item(channel, 300n)]))
        .to.be.revertedWithCustomError(channels, 'SafeERC20FailedOperation')
        .withArgs(channel.token)
      await expect(claim(terms(), [item(terms(), 300n)])).to.changeTokenBalance(ethers, token, payee, 300n)
    })

    it('cannot be the contract itself', async () => {
      await expect(fund(terms({ token: address }), 1n))
        .to.be.revertedWithCustomError(channels, 'BalanceUnreadable')
        .withArgs(address)
    })
  })

  describe('blocked parties', () => {
    it('a blacklisted payee cannot keep the payer from its remainder (I14)', async () => {
      const { usdc, channel } = await usdcChannel()
      await usdc.setBlacklisted(payee, true)
      await expect(claim(channel, [item(channel, 300n)])).to.be.revertedWithCustomError(usdc, 'Blacklisted')
      await channels.connect(payer).requestClose(channel)
      await world.time.increase(day)
      await expect(channels.withdraw(channel)).to.changeTokenBalance(ethers, usdc, payer, 1_000n)
    })

    it('a blacklisted payer cannot keep the payee from its money (I14)', async () => {
      const { usdc, channel } = await usdcChannel()
      await usdc.setBlacklisted(payer, true)
      const voucher = world.signVoucher(channel, 300n)
      await expect(channels.connect(payee).close(channel, 300n, 300n, voucher, '0x'))
        .to.be.revertedWithCustomError(usdc, 'Blacklisted')
        .withArgs(payer.address)
      await expect(claim(channel, [item(channel, 300n, voucher)])).to.changeTokenBalance(
        ethers,
        usdc,
        payee,
        300n,
      )
    })

    for (const name of ['RevertingRecipient', 'GasBurningRecipient'] as const) {
      it(`a ${name} as payer cannot keep the payee from its money (I14)`, async () => {
        const wallet = await ethers.deployContract(name)
        const native = terms({ token: ZeroAddress, payer: await wallet.getAddress() })
        await fund(native, 1_000n)
        const voucher = world.signVoucher(native, 300n)
        await expect(
          channels.connect(payee).close(native, 300n, 300n, voucher, '0x', { gasLimit: 1_000_000 }),
        ).to.be.revert(ethers)
        await expect(claim(native, [item(native, 300n)])).to.changeEtherBalance(ethers, payee, 300n)
      })

      it(`a ${name} as payee cannot keep the payer from its remainder (I14)`, async () => {
        const wallet = await ethers.deployContract(name)
        const native = terms({ token: ZeroAddress, payee: await wallet.getAddress() })
        await fund(native, 1_000n)
        await expect(
          channels.claim(native.payee, native.operator, native.token, [item(native, 300n)], {
            gasLimit: 1_000_000,
          }),
        ).to.be.revert(ethers)
        await channels.connect(payer).requestClose(native)
        await world.time.increase(day)
        await expect(channels.connect(stranger).withdraw(native)).to.changeEtherBalance(ethers, payer, 1_000n)
      })
    }

    it('a recipient that recovers is paid in full later', async () => {
      const wallet = await ethers.deployContract('RevertingRecipient')
      const native = terms({ token: ZeroAddress, payee: await wallet.getAddress() })
      await fund(native, 1_000n)
      await expect(claim(native, [item(native, 300n)])).to.be.revertedWithCustomError(wallet, 'NoThanks')
      await wallet.setAccepting(true)
      await expect(claim(native, [item(native, 300n)])).to.changeEtherBalance(ethers, wallet, 300n)
    })

    it('a recipient that returns very many bytes does not make the payment fail', async () => {
      const wallet = await ethers.deployContract('ReturnBombRecipient')
      const native = terms({ token: ZeroAddress, payer: await wallet.getAddress() })
      await fund(native, 1_000n)
      const voucher = world.signVoucher(native, 300n)
      await expect(
        channels.connect(operator).close(native, 300n, 300n, voucher, '0x'),
      ).to.changeEtherBalances(ethers, [wallet, payee], [700n, 300n])
    })
  })

  describe('forced ETH and donations', () => {
    it('change no channel, cannot be claimed and disturb no deposit (I1, I4)', async () => {
      const native = terms({ token: ZeroAddress })
      await fund(native, 1_000n)
      await fund(terms(), 1_000n)
      const before = [await state(native), await state(terms())]
      await world.networkHelpers.setBalance(address, parseEther('5') + 1_000n)
      await token.connect(payer).transfer(channels, 12_345n)
      expect([await state(native), await state(terms())]).to.deep.equal(before)
      await expect(claim(native, [item(native, 1_001n)])).to.be.revertedWithCustomError(
        channels,
        'AmountExceedsDeposit',
      )
      await expect(claim(terms(), [item(terms(), 1_001n)])).to.be.revertedWithCustomError(
        channels,
        'AmountExceedsDeposit',
      )
      await fund(native, 1n)
      await fund(terms(), 1n)
      await channels.connect(payee).close(native, 0n, 0n, '0x', '0x')
      await channels.connect(payee).close(terms(), 0n, 0n, '0x', '0x')
      expect(await ethers.provider.getBalance(address)).to.equal(parseEther('5'))
      expect(await token.balanceOf(address)).to.equal(12_345n)
    })

    it('by a plain transfer of the native coin are refused', async () => {
      await expect(stranger.sendTransaction({ to: address, value: 1n })).to.be.revertedWithoutReason(ethers)
    })
  })

  describe('dust-channel flood', () => {
    it('makes no other channel dearer', async () => {
      await fund(terms(), 1_000n)
      await fund(terms({ salt: saltOf(1) }), 1_000n)
      await claim(terms(), [item(terms(), 1n)])
      const cost = async (channel: Terms, amount: bigint) =>
        (await (await claim(channel, [item(channel, amount)])).wait())?.gasUsed
      const before = await cost(terms(), 300n)
      for (let salt = 1_000; salt < 1_100; salt++) await fund(terms({ salt: saltOf(salt) }), 1n)
      const after = await cost(terms(), 301n)
      // A signature's zero bytes are cheaper, 12 gas each; nothing else may differ.
      expect(Number(after) - Number(before)).to.be.within(-60, 60)
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
