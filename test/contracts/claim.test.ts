import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { withDirtyWord } from './support/calldata.js'
import { day, maxUint96, saltOf, secpKey, type ClaimItem, type Terms } from './support/terms.js'
import { createWorld } from './support/world.js'

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
  id,
  fund,
  claim,
  item,
  state,
} = world

/** Funds a channel and tells its second of opening. */
async function open(channel: Terms, amount: bigint): Promise<number> {
  await fund(channel, amount)
  return (await state(channel)).openedAt
}

describe('claim', () => {
  beforeEach(world.reset)

  describe('when a voucher grants more than was claimed', () => {
    it('pays the payee the difference and tells the new total (I3)', async () => {
      await open(terms(), 1_000n)
      const first = claim(terms(), [item(terms(), 300n)])
      await expect(first).to.changeTokenBalances(ethers, token, [payee, address], [300n, -300n])
      await expect(first).to.emit(channels, 'ChannelClaimed').withArgs(id(terms()), 300n)
      const second = claim(terms(), [item(terms(), 450n)])
      await expect(second).to.changeTokenBalances(ethers, token, [payee, address], [150n, -150n])
      await expect(second).to.emit(channels, 'ChannelClaimed').withArgs(id(terms()), 450n)
      expect(await state(terms())).to.include({
        deposited: 1_000n,
        claimed: 450n,
        closeRequestedAt: 0,
        closed: false,
      })
    })

    it('may be called by anyone, who receives nothing', async () => {
      await open(terms(), 1_000n)
      for (const [index, caller] of [payer, payee, operator, stranger].entries()) {
        const amount = 10n * BigInt(index + 1)
        await expect(claim(terms(), [item(terms(), amount)], caller)).to.changeTokenBalances(
          ethers,
          token,
          [payee, operator, stranger, payer],
          [10n, 0n, 0n, 0n],
        )
      }
    })

    it('pays a batch of several payers in one transfer', async () => {
      const key = secpKey('second')
      const second = terms({ payer: stranger.address, signer: ethers.computeAddress(key.publicKey) })
      await open(terms(), 1_000n)
      await open(second, 500n)
      const transaction = await claim(terms(), [
        item(terms(), 300n),
        item(second, 200n, world.signVoucher(second, 200n, key)),
      ])
      await expect(transaction).to.changeTokenBalances(ethers, token, [payee, address], [500n, -500n])
      await expect(transaction).to.emit(channels, 'ChannelClaimed').withArgs(id(terms()), 300n)
      await expect(transaction).to.emit(channels, 'ChannelClaimed').withArgs(id(second), 200n)
      const receipt = await transaction.wait()
      const transfers = receipt?.logs.filter((log) => log.address === world.tokenAddress)
      expect(transfers).to.have.length(1)
    })

    it('pays a batch of more than 96 bits', async () => {
      const second = terms({ salt: saltOf(2) })
      await open(terms(), maxUint96)
      await token.mint(payer, maxUint96)
      await open(second, maxUint96)
      await expect(claim(terms(), [item(terms(), maxUint96), item(second, maxUint96)])).to.changeTokenBalance(
        ethers,
        token,
        payee,
        2n * maxUint96,
      )
    })

    it('pays in the native coin', async () => {
      const native = terms({ token: ZeroAddress })
      await open(native, 1_000n)
      await expect(claim(native, [item(native, 300n)])).to.changeEtherBalances(
        ethers,
        [payee, address, operator],
        [300n, -300n, 0n],
      )
    })

    it('changes no other channel (I4)', async () => {
      const other = terms({ salt: saltOf(2) })
      await open(terms(), 1_000n)
      await open(other, 500n)
      const before = await state(other)
      await claim(terms(), [item(terms(), 1_000n)])
      expect(await state(other)).to.deep.equal(before)
    })
  })

  describe('when there are no claims', () => {
    it('does nothing', async () => {
      await open(terms(), 1_000n)
      const receipt = await (await claim(terms(), [])).wait()
      expect(receipt?.logs).to.have.length(0)
    })
  })

  describe('when a voucher is stale', () => {
    beforeEach(async () => {
      await open(terms(), 1_000n)
      await claim(terms(), [item(terms(), 300n)])
    })

    it('skips an equal amount (I12)', async () => {
      const receipt = await (await claim(terms(), [item(terms(), 300n)])).wait()
      expect(receipt?.logs).to.have.length(0)
    })

    it('skips a lower amount', async () => {
      const receipt = await (await claim(terms(), [item(terms(), 299n), item(terms(), 0n)])).wait()
      expect(receipt?.logs).to.have.length(0)
      expect((await state(terms())).claimed).to.equal(300n)
    })

    it('skips it and pays the rest of the batch', async () => {
      const other = terms({ salt: saltOf(2) })
      await open(other, 500n)
      const transaction = claim(terms(), [item(terms(), 300n), item(other, 77n), item(terms(), 1n)])
      await expect(transaction).to.changeTokenBalance(ethers, token, payee, 77n)
    })

    it('skips it on a closed channel', async () => {
      await channels.connect(payee).close(terms(), 0n, 0n, '0x', '0x')
      const receipt = await (await claim(terms(), [item(terms(), 300n)])).wait()
      expect(receipt?.logs).to.have.length(0)
    })

    it('pays a voucher that stands twice in the batch once (I12)', async () => {
      const twice = item(terms(), 400n)
      await expect(claim(terms(), [twice, twice])).to.changeTokenBalance(ethers, token, payee, 100n)
    })
  })

  describe('when vouchers of one channel come in any order', () => {
    it('ends with the same split (I13)', async () => {
      const amounts = [100n, 200n, 300n]
      const orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
      ]
      for (const [salt, order] of orders.entries()) {
        const channel = terms({ salt: saltOf(salt) })
        await open(channel, 1_000n)
        const before = await token.balanceOf(payee)
        for (const index of order) await claim(channel, [item(channel, amounts[index] ?? 0n)])
        expect((await token.balanceOf(payee)) - before).to.equal(300n)
        expect((await state(channel)).claimed).to.equal(300n)
      }
    })
  })

  describe('when the amount equals the deposit', () => {
    it('pays the whole deposit', async () => {
      await open(terms(), 1_000n)
      await expect(claim(terms(), [item(terms(), 1_000n)])).to.changeTokenBalance(
        ethers,
        token,
        payee,
        1_000n,
      )
    })
  })

  describe('when the amount exceeds the deposit', () => {
    it('reverts with AmountExceedsDeposit (I5)', async () => {
      await open(terms(), 1_000n)
      await expect(claim(terms(), [item(terms(), 1_001n)]))
        .to.be.revertedWithCustomError(channels, 'AmountExceedsDeposit')
        .withArgs(id(terms()), 1_001n, 1_000n)
    })
  })

  describe('when the channel has a rate', () => {
    const rated = terms({ rate: 10n, burst: 25n })

    it('pays up to the burst in the second of opening', async () => {
      const result = await inSecondOfOpening(rated, 25n)
      expect(result).to.equal(1)
    })

    it('reverts with AmountExceedsRate one unit above the burst in the second of opening', async () => {
      const result = await inSecondOfOpening(rated, 26n)
      expect(result).to.equal(0)
      const { openedAt } = await state(rated)
      await world.nextBlockAt(openedAt + 1)
      await expect(claim(rated, [item(rated, 36n)]))
        .to.be.revertedWithCustomError(channels, 'AmountExceedsRate')
        .withArgs(id(rated), 36n, 35n)
    })

    it('bounds the amount second by second', async () => {
      const openedAt = await open(rated, 1_000n)
      for (const elapsed of [3, 5, 7, 60]) {
        const allowed = 25n + 10n * BigInt(elapsed)
        await world.nextBlockAt(openedAt + elapsed - 1)
        await expect(claim(rated, [item(rated, allowed)]))
          .to.be.revertedWithCustomError(channels, 'AmountExceedsRate')
          .withArgs(id(rated), allowed, allowed - 10n)
        await world.nextBlockAt(openedAt + elapsed)
        await claim(rated, [item(rated, allowed)])
        expect((await state(rated)).claimed).to.equal(allowed)
      }
    })

    it('ignores the burst when the rate is zero', async () => {
      const unbounded = terms({ rate: 0n, burst: 5n })
      await open(unbounded, 1_000n)
      await claim(unbounded, [item(unbounded, 1_000n)])
      expect((await state(unbounded)).claimed).to.equal(1_000n)
    })

    it('counts from the first deposit, not from a top-up', async () => {
      const openedAt = await open(rated, 1_000n)
      await world.nextBlockAt(openedAt + 10)
      await fund(rated, 1n)
      await world.nextBlockAt(openedAt + 11)
      await claim(rated, [item(rated, 135n)])
      expect((await state(rated)).claimed).to.equal(135n)
    })

    it('does not overflow with the largest rate and burst', async () => {
      const fastest = terms({ rate: maxUint96, burst: maxUint96 })
      await open(fastest, maxUint96)
      await world.nextBlockAt(2 ** 32 + 5)
      await claim(fastest, [item(fastest, maxUint96)])
      expect((await state(fastest)).claimed).to.equal(maxUint96)
    })
  })

  describe("when the signature is not the signer's", () => {
    it('reverts with InvalidVoucher', async () => {
      await open(terms(), 1_000n)
      const forged = world.signVoucher(terms(), 300n, secpKey('thief'))
      await expect(claim(terms(), [item(terms(), 300n, forged)]))
        .to.be.revertedWithCustomError(channels, 'InvalidVoucher')
        .withArgs(id(terms()), terms().signer, 300n)
    })
  })

  describe('when the signature is for another amount', () => {
    it('reverts with InvalidVoucher for the amount (I5)', async () => {
      await open(terms(), 1_000n)
      const lower = world.signVoucher(terms(), 300n)
      await expect(claim(terms(), [item(terms(), 301n, lower)]))
        .to.be.revertedWithCustomError(channels, 'InvalidVoucher')
        .withArgs(id(terms()), terms().signer, 301n)
    })
  })

  describe('when one voucher of a batch is bad', () => {
    it('reverts the whole batch', async () => {
      const other = terms({ salt: saltOf(2) })
      await open(terms(), 1_000n)
      await open(other, 500n)
      await expect(claim(terms(), [item(terms(), 300n), item(other, 501n)]))
        .to.be.revertedWithCustomError(channels, 'AmountExceedsDeposit')
        .withArgs(id(other), 501n, 500n)
      expect((await state(terms())).claimed).to.equal(0n)
    })
  })

  describe('when the channel was never funded', () => {
    it('reverts with ChannelNotOpen', async () => {
      await expect(claim(terms(), [item(terms(), 1n)]))
        .to.be.revertedWithCustomError(channels, 'ChannelNotOpen')
        .withArgs(id(terms()))
    })
  })

  describe('when the channel is closed', () => {
    it('reverts with ChannelAlreadyClosed (I9)', async () => {
      await open(terms(), 1_000n)
      await channels.connect(payee).close(terms(), 0n, 0n, '0x', '0x')
      await expect(claim(terms(), [item(terms(), 1n)]))
        .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
        .withArgs(id(terms()))
    })
  })

  describe("when payee, operator or token are not the channel's", () => {
    for (const field of ['payee', 'operator', 'token'] as const) {
      it(`reverts with ChannelNotOpen for ${field}`, async () => {
        await open(terms(), 1_000n)
        const other = terms({ [field]: stranger.address })
        await expect(claim(other, [item(terms(), 300n)]))
          .to.be.revertedWithCustomError(channels, 'ChannelNotOpen')
          .withArgs(id(other))
      })
    }
  })

  describe('when a close is pending', () => {
    it('pays in the last second before the deadline (I6)', async () => {
      await open(terms(), 1_000n)
      await channels.connect(payer).requestClose(terms())
      const { closeRequestedAt } = await state(terms())
      await world.nextBlockAt(closeRequestedAt + day - 1)
      await claim(terms(), [item(terms(), 300n)])
      expect(await state(terms())).to.include({ claimed: 300n, closeRequestedAt })
    })

    it('pays after the deadline until somebody withdraws', async () => {
      await open(terms(), 1_000n)
      await channels.connect(payer).requestClose(terms())
      await world.time.increase(2 * day)
      await expect(claim(terms(), [item(terms(), 300n)])).to.changeTokenBalance(ethers, token, payee, 300n)
    })
  })

  describe('when the largest uint96 was deposited', () => {
    it('pays the largest uint96', async () => {
      await open(terms(), maxUint96)
      await claim(terms(), [item(terms(), maxUint96 - 1n)])
      await claim(terms(), [item(terms(), maxUint96)])
      expect(await state(terms())).to.include({ deposited: maxUint96, claimed: maxUint96, closed: false })
    })
  })

  describe('when the payee refuses the native coin', () => {
    it("reverts with the payee's reason", async () => {
      const refusing = await ethers.deployContract('RevertingRecipient')
      const native = terms({ token: ZeroAddress, payee: await refusing.getAddress() })
      await open(native, 1_000n)
      await expect(claim(native, [item(native, 300n)]))
        .to.be.revertedWithCustomError(refusing, 'NoThanks')
        .withArgs(300n)
    })
  })

  describe('when the token refuses', () => {
    it("reverts with the token's own error", async () => {
      const usdc = await world.stocked(await ethers.deployContract('UsdcLikeToken'))
      const channel = terms({ token: await usdc.getAddress() })
      await open(channel, 1_000n)
      await usdc.setBlacklisted(payee, true)
      await expect(claim(channel, [item(channel, 300n)]))
        .to.be.revertedWithCustomError(usdc, 'Blacklisted')
        .withArgs(payee.address)
    })
  })

  describe('when the token answers false', () => {
    it('reverts with SafeERC20FailedOperation', async () => {
      const odd = await world.stocked(await ethers.deployContract('MalformedToken'))
      const channel = terms({ token: await odd.getAddress() })
      await open(channel, 1_000n)
      await odd.setTransferAnswer(ZeroHash, false)
      await expect(claim(channel, [item(channel, 300n)]))
        .to.be.revertedWithCustomError(channels, 'SafeERC20FailedOperation')
        .withArgs(channel.token)
    })
  })

  describe('when a field of the call has bits beyond its width', () => {
    const batchFields = ['payee', 'operator', 'token'] as const
    for (const [word, field] of batchFields.entries()) {
      it(`reverts for dirty bits in the batch's ${field}`, async () => {
        await open(terms(), 1_000n)
        for (const bit of [160, 255]) await refuses(word, bit)
      })
    }

    // After payee, operator, token, the array's offset, its length and the first claim's offset.
    const firstClaim = 6
    const claimFields: [keyof ClaimItem, number][] = [
      ['payer', 160],
      ['signer', 160],
      ['grace', 32],
      ['rate', 96],
      ['burst', 96],
      ['salt', 200],
      ['cumulativeAmount', 96],
    ]
    for (const [word, [field, width]] of claimFields.entries()) {
      it(`reverts for dirty bits in the claim's ${field}`, async () => {
        await open(terms(), 1_000n)
        for (const bit of [width, 255]) await refuses(firstClaim + word, bit)
      })
    }
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      await open(terms(), 1_000n)
      const data = callData()
      await expect(payer.sendTransaction({ to: address, data, value: 1n })).to.be.revertedWithoutReason(
        ethers,
      )
    })
  })
})

function callData(): string {
  const { payee: to, operator: server, token: coin } = terms()
  return channels.interface.encodeFunctionData('claim', [to, server, coin, [item(terms(), 300n)]])
}

async function refuses(word: number, bit: number): Promise<void> {
  const dirty = withDirtyWord(callData(), word, bit)
  await expect(stranger.sendTransaction({ to: address, data: dirty })).to.be.revert(ethers)
  expect((await state(terms())).claimed).to.equal(0n)
}

/** Opens and claims in one block; 1 when the claim went through, 0 when it reverted. */
async function inSecondOfOpening(channel: Terms, amount: bigint): Promise<number | undefined | null> {
  const { provider } = ethers
  await provider.send('evm_setAutomine', [false])
  try {
    await channels.connect(payer).deposit(channel, 1_000n, { gasLimit: 500_000 })
    const attempt = await channels
      .connect(payer)
      .claim(channel.payee, channel.operator, channel.token, [item(channel, amount)], { gasLimit: 500_000 })
    await provider.send('evm_mine', [])
    return (await provider.getTransactionReceipt(attempt.hash))?.status
  } finally {
    await provider.send('evm_setAutomine', [true])
  }
}
