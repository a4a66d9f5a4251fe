import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { withDirtyWord } from './support/calldata.js'
import { accountKey } from './support/ground.js'
import { closeDigest, saltOf, secpKey, type Terms } from './support/terms.js'
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
const [payerKey, payeeKey, operatorKey] = [accountKey(world, 0), accountKey(world, 1), accountKey(world, 2)]

type CloseOptions = {
  channel?: Terms
  cumulative?: bigint
  voucher?: string
  consent?: string
  from?: HardhatEthersSigner
}

/** Closes at `captured`, by default with a voucher of that amount and called by the payee. */
function close(captured: bigint, options: CloseOptions = {}) {
  const { channel = terms(), cumulative = captured, consent = '0x', from = payee } = options
  const voucher = options.voucher ?? world.signVoucher(channel, cumulative)
  return channels.connect(from).close(channel, cumulative, captured, voucher, consent)
}

describe('close', () => {
  beforeEach(async () => {
    await world.reset()
    await fund(terms(), 1_000n)
  })

  describe('when the payee calls', () => {
    it('pays both sides, tells the split and ends the channel (I2)', async () => {
      const before = await state(terms())
      const transaction = close(300n)
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 300n, 700n)
      await expect(transaction).to.changeTokenBalances(
        ethers,
        token,
        [payee, payer, address],
        [300n, 700n, -1_000n],
      )
      expect(await state(terms())).to.deep.equal({ ...before, claimed: 300n, closed: true })
    })
  })

  describe('when the operator calls', () => {
    it('pays the payee and nothing to the operator', async () => {
      await expect(close(300n, { from: operator })).to.changeTokenBalances(
        ethers,
        token,
        [payee, operator, payer],
        [300n, 0n, 700n],
      )
    })
  })

  describe('when anyone else calls', () => {
    it("accepts the payee's signature", async () => {
      const consent = world.signClose(terms(), 300n, payeeKey)
      await expect(close(300n, { from: stranger, consent })).to.changeTokenBalances(
        ethers,
        token,
        [payee, stranger, payer],
        [300n, 0n, 700n],
      )
    })

    it("accepts the operator's signature", async () => {
      const consent = world.signClose(terms(), 300n, operatorKey)
      await expect(close(300n, { from: payer, consent })).to.emit(channels, 'ChannelClosed')
    })

    it("accepts the payee's signature when the operator is zero", async () => {
      const channel = terms({ operator: ZeroAddress })
      await fund(channel, 10n)
      const consent = world.signClose(channel, 5n, payeeKey)
      await expect(close(5n, { channel, from: stranger, consent })).to.emit(channels, 'ChannelClosed')
    })

    it('accepts the signature of a payee that is a contract wallet', async () => {
      const owner = secpKey('owner')
      const wallet = await ethers.deployContract('RotatingWallet', [ethers.computeAddress(owner.publicKey)])
      const channel = terms({ payee: await wallet.getAddress() })
      await fund(channel, 10n)
      const consent = owner.sign(closeDigestOf(channel, 5n)).serialized
      await expect(close(5n, { channel, from: stranger, consent })).to.changeTokenBalance(
        ethers,
        token,
        wallet,
        5n,
      )
    })

    it('reverts with InvalidClose without a signature', async () => {
      await expect(close(300n, { from: stranger }))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(terms()), 300n)
    })

    it("reverts with InvalidClose for the payer's own signature", async () => {
      const consent = world.signClose(terms(), 300n, payerKey)
      await expect(close(300n, { from: payer, consent }))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(terms()), 300n)
    })

    it('reverts with InvalidClose for another amount', async () => {
      const consent = world.signClose(terms(), 300n, payeeKey)
      await expect(close(299n, { from: stranger, consent }))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(terms()), 299n)
    })

    it("accepts the consent to what is captured, not to the voucher's amount", async () => {
      const ofVoucher = world.signClose(terms(), 300n, payeeKey)
      await expect(close(200n, { cumulative: 300n, from: stranger, consent: ofVoucher }))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(terms()), 200n)
      const ofCapture = world.signClose(terms(), 200n, payeeKey)
      await expect(close(200n, { cumulative: 300n, from: stranger, consent: ofCapture }))
        .to.emit(channels, 'ChannelClosed')
        .withArgs(id(terms()), 200n, 800n)
    })

    it('reverts with InvalidClose for another channel', async () => {
      const consent = world.signClose(terms({ salt: saltOf(2) }), 300n, payeeKey)
      await expect(close(300n, { from: stranger, consent }))
        .to.be.revertedWithCustomError(channels, 'InvalidClose')
        .withArgs(id(terms()), 300n)
    })

    it('reverts with InvalidClose for an unrecoverable signature when the operator is zero', async () => {
      const channel = terms({ operator: ZeroAddress })
      await fund(channel, 10n)
      for (const consent of [`0x${'00'.repeat(65)}`, `0x${'00'.repeat(64)}`, `0x${'00'.repeat(128)}`]) {
        await expect(close(5n, { channel, from: stranger, consent }))
          .to.be.revertedWithCustomError(channels, 'InvalidClose')
          .withArgs(id(channel), 5n)
      }
    })
  })

  describe('when the captured amount exceeds what was claimed', () => {
    it('captures exactly the voucher', async () => {
      await expect(close(300n)).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 300n, 700n)
    })

    it('captures less than the voucher', async () => {
      await expect(close(299n, { cumulative: 300n }))
        .to.emit(channels, 'ChannelClosed')
        .withArgs(id(terms()), 299n, 701n)
    })

    it('pays only what was not yet claimed', async () => {
      await claim(terms(), [item(terms(), 100n)])
      const transaction = close(300n)
      await expect(transaction).to.changeTokenBalances(ethers, token, [payee, payer], [200n, 700n])
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 300n, 700n)
    })

    it('captures the whole deposit and refunds nothing', async () => {
      const transaction = close(1_000n)
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 1_000n, 0n)
      await expect(transaction).to.changeTokenBalances(ethers, token, [payee, payer], [1_000n, 0n])
    })

    it('accepts a voucher above the deposit for a capture within it', async () => {
      await expect(close(1_000n, { cumulative: 1_001n }))
        .to.emit(channels, 'ChannelClosed')
        .withArgs(id(terms()), 1_000n, 0n)
    })

    it('reverts with CaptureExceedsVoucher one unit above the voucher', async () => {
      await expect(close(301n, { cumulative: 300n }))
        .to.be.revertedWithCustomError(channels, 'CaptureExceedsVoucher')
        .withArgs(id(terms()), 301n, 300n)
    })

    it('reverts with AmountExceedsDeposit one unit above the deposit', async () => {
      await expect(close(1_001n))
        .to.be.revertedWithCustomError(channels, 'AmountExceedsDeposit')
        .withArgs(id(terms()), 1_001n, 1_000n)
    })

    it('reverts with AmountExceedsRate one unit above the rate', async () => {
      const channel = terms({ rate: 10n, burst: 25n })
      await fund(channel, 1_000n)
      await world.nextBlockAt((await state(channel)).openedAt + 7)
      await expect(close(96n, { channel }))
        .to.be.revertedWithCustomError(channels, 'AmountExceedsRate')
        .withArgs(id(channel), 96n, 95n)
    })

    it('captures up to the rate', async () => {
      const channel = terms({ rate: 10n, burst: 25n })
      await fund(channel, 1_000n)
      await world.nextBlockAt((await state(channel)).openedAt + 7)
      await expect(close(95n, { channel, cumulative: 500n }))
        .to.emit(channels, 'ChannelClosed')
        .withArgs(id(channel), 95n, 905n)
    })

    it('reverts with InvalidVoucher when somebody else signed', async () => {
      await expect(close(300n, { voucher: world.signVoucher(terms(), 300n, secpKey('thief')) }))
        .to.be.revertedWithCustomError(channels, 'InvalidVoucher')
        .withArgs(id(terms()), terms().signer, 300n)
    })

    it('reverts with InvalidVoucher for an empty signature', async () => {
      await expect(close(1n, { voucher: '0x' }))
        .to.be.revertedWithCustomError(channels, 'InvalidVoucher')
        .withArgs(id(terms()), terms().signer, 1n)
    })

    it('reverts with InvalidVoucher when the signature is for the captured amount only', async () => {
      await expect(close(299n, { cumulative: 300n, voucher: world.signVoucher(terms(), 299n) }))
        .to.be.revertedWithCustomError(channels, 'InvalidVoucher')
        .withArgs(id(terms()), terms().signer, 300n)
    })
  })

  describe('when the captured amount does not exceed what was claimed', () => {
    it('needs no voucher and lets the claimed amount stand', async () => {
      await claim(terms(), [item(terms(), 400n)])
      const transaction = close(300n, { cumulative: 0n, voucher: '0x' })
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 400n, 600n)
      await expect(transaction).to.changeTokenBalances(ethers, token, [payee, payer], [0n, 600n])
      expect(await state(terms())).to.include({ claimed: 400n, closed: true })
    })

    it('lets the claimed amount stand although the voucher grants more', async () => {
      await claim(terms(), [item(terms(), 400n)])
      const transaction = close(300n, { cumulative: 500n })
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 400n, 600n)
      await expect(transaction).to.changeTokenBalances(ethers, token, [payee, payer], [0n, 600n])
    })

    it('needs no voucher for an equal amount', async () => {
      await claim(terms(), [item(terms(), 400n)])
      await expect(close(400n, { cumulative: 0n, voucher: '0x' }))
        .to.emit(channels, 'ChannelClosed')
        .withArgs(id(terms()), 400n, 600n)
    })

    it('refunds everything when nothing was claimed', async () => {
      await expect(close(0n, { voucher: '0x' })).to.changeTokenBalances(
        ethers,
        token,
        [payee, payer],
        [0n, 1_000n],
      )
    })
  })

  describe('when a close is pending', () => {
    it('ends the channel early', async () => {
      await channels.connect(payer).requestClose(terms())
      await expect(close(300n)).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 300n, 700n)
      expect(await state(terms())).to.include({ closed: true, closeRequestedAt: 0 })
    })
  })

  describe('when the channel is paid in the native coin', () => {
    it('pays both sides', async () => {
      const native = terms({ token: ZeroAddress })
      await fund(native, 1_000n)
      await expect(close(300n, { channel: native, from: operator })).to.changeEtherBalances(
        ethers,
        [payee, payer, address],
        [300n, 700n, -1_000n],
      )
    })
  })

  describe('when the payer refuses the native coin', () => {
    it("reverts with the payer's reason", async () => {
      const refusing = await ethers.deployContract('RevertingRecipient')
      const native = terms({ token: ZeroAddress, payer: await refusing.getAddress() })
      await fund(native, 1_000n)
      await expect(close(300n, { channel: native }))
        .to.be.revertedWithCustomError(refusing, 'NoThanks')
        .withArgs(700n)
    })
  })

  describe('when the channel was never funded', () => {
    it('reverts with ChannelNotOpen', async () => {
      const channel = terms({ salt: saltOf(9) })
      await expect(close(0n, { channel }))
        .to.be.revertedWithCustomError(channels, 'ChannelNotOpen')
        .withArgs(id(channel))
    })
  })

  describe('when the channel is closed', () => {
    it('reverts with ChannelAlreadyClosed (I9)', async () => {
      await close(0n)
      await expect(close(300n))
        .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
        .withArgs(id(terms()))
    })
  })

  describe('when a field of the call has bits beyond its width', () => {
    const widths = [160, 160, 160, 160, 160, 32, 96, 96, 200, 96, 96]
    for (const [word, width] of widths.entries()) {
      it(`reverts for dirty bits in word ${word}`, async () => {
        for (const bit of [width, 255]) {
          const data = withDirtyWord(callData(), word, bit)
          await expect(payee.sendTransaction({ to: address, data })).to.be.revert(ethers)
        }
        await expect(payee.sendTransaction({ to: address, data: callData() })).to.emit(
          channels,
          'ChannelClosed',
        )
      })
    }
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      await expect(
        payee.sendTransaction({ to: address, data: callData(), value: 1n }),
      ).to.be.revertedWithoutReason(ethers)
    })
  })
})

function callData(): string {
  const voucher = world.signVoucher(terms(), 300n)
  return channels.interface.encodeFunctionData('close', [terms(), 300n, 300n, voucher, '0x'])
}

function closeDigestOf(channel: Terms, amount: bigint): string {
  return closeDigest(world.place, id(channel), amount)
}
