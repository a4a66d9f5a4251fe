import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { day, maxUint96, minute, type Terms } from './support/terms.js'
import { createWorld } from './support/world.js'
import { withDirtyWord } from './support/calldata.js'

const world = await createWorld()
const { ethers, channels, token, payer, stranger, address, terms, id, fund, state, nextBlockAt } = world

/** The second at which 32 bits end; also the tombstone's value. */
const endOfTime = 2 ** 32 - 1

describe('deposit', () => {
  beforeEach(world.reset)

  describe('when the channel was never funded', () => {
    it('opens, stores the deposit and its second, and tells all terms', async () => {
      const channel = terms({ rate: 7n, burst: 9n })
      const transaction = await fund(channel, 1_000n)
      await expect(transaction)
        .to.emit(channels, 'ChannelOpened')
        .withArgs(id(channel), channel.payer, channel.payee, Object.values(channel), 1_000n)
      await expect(transaction).not.to.emit(channels, 'ChannelDeposited')
      const opened = (await transaction.wait())?.logs.find((log) => log.address === address)
      expect(opened?.data).to.have.length(2 + 10 * 64)
      const openedAt = (await transaction.getBlock())?.timestamp
      expect(await state(channel)).to.deep.equal({
        deposited: 1_000n,
        claimed: 0n,
        openedAt,
        closeRequestedAt: 0,
        closed: false,
      })
    })

    it('takes exactly the amount from the caller', async () => {
      await expect(fund(terms(), 1_000n)).to.changeTokenBalances(
        ethers,
        token,
        [payer, address],
        [-1_000n, 1_000n],
      )
    })

    it('accepts zero as operator, rate and burst', async () => {
      const channel = terms({ operator: ZeroAddress, rate: 0n, burst: 0n })
      await fund(channel, 1n)
      expect((await state(channel)).deposited).to.equal(1n)
    })

    describe('when the payer is zero', () => {
      it('reverts with PayerIsZero', async () => {
        await expect(fund(terms({ payer: ZeroAddress }), 1n)).to.be.revertedWithCustomError(
          channels,
          'PayerIsZero',
        )
      })
    })

    describe('when the payee is zero', () => {
      it('reverts with PayeeIsZero', async () => {
        await expect(fund(terms({ payee: ZeroAddress }), 1n)).to.be.revertedWithCustomError(
          channels,
          'PayeeIsZero',
        )
      })
    })

    describe('when the signer is zero', () => {
      it('reverts with SignerIsZero', async () => {
        await expect(fund(terms({ signer: ZeroAddress }), 1n)).to.be.revertedWithCustomError(
          channels,
          'SignerIsZero',
        )
      })
    })

    describe('when the grace is 899 seconds', () => {
      it('reverts with GraceOutOfRange', async () => {
        await expect(fund(terms({ grace: 899 }), 1n))
          .to.be.revertedWithCustomError(channels, 'GraceOutOfRange')
          .withArgs(899, 15 * minute, 30 * day)
      })
    })

    describe('when the grace is 900 seconds', () => {
      it('opens with the shortest grace', async () => {
        await expect(fund(terms({ grace: 900 }), 1n)).to.emit(channels, 'ChannelOpened')
      })
    })

    describe('when the grace is 2,592,000 seconds', () => {
      it('opens with the longest grace', async () => {
        await expect(fund(terms({ grace: 2_592_000 }), 1n)).to.emit(channels, 'ChannelOpened')
      })
    })

    describe('when the grace is 2,592,001 seconds', () => {
      it('reverts with GraceOutOfRange beyond the longest', async () => {
        await expect(fund(terms({ grace: 2_592_001 }), 1n))
          .to.be.revertedWithCustomError(channels, 'GraceOutOfRange')
          .withArgs(2_592_001, 15 * minute, 30 * day)
      })
    })

    describe('when a field of the terms has bits beyond its width', () => {
      const fields: (keyof Terms)[] = [
        'payer',
        'payee',
        'operator',
        'token',
        'signer',
        'grace',
        'rate',
        'burst',
      ]
      const widths = [160, 160, 160, 160, 160, 32, 96, 96]
      for (const [word, field] of fields.entries()) {
        it(`reverts for dirty bits in ${field}`, async () => {
          const clean = channels.interface.encodeFunctionData('deposit', [terms({ rate: 1n }), 1n])
          for (const bit of [widths[word] ?? 0, 255]) {
            const data = withDirtyWord(clean, word, bit)
            await expect(payer.sendTransaction({ to: address, data })).to.be.revertedWithoutReason(ethers)
          }
          await expect(payer.sendTransaction({ to: address, data: clean })).to.emit(channels, 'ChannelOpened')
        })
      }
    })

    describe('when the clock stands one second before the end of 32 bits', () => {
      it('opens in the last second', async () => {
        await nextBlockAt(endOfTime - 1)
        await fund(terms(), 1n)
        expect(await state(terms())).to.deep.equal({
          deposited: 1n,
          claimed: 0n,
          openedAt: endOfTime - 1,
          closeRequestedAt: 0,
          closed: false,
        })
      })
    })

    describe('when the clock no longer fits 32 bits', () => {
      it('reverts with ClockExhausted', async () => {
        await nextBlockAt(endOfTime)
        await expect(fund(terms(), 1n))
          .to.be.revertedWithCustomError(channels, 'ClockExhausted')
          .withArgs(endOfTime, endOfTime)
      })
    })
  })

  describe('when the channel is open', () => {
    it('adds to the deposit and tells amount and total', async () => {
      await fund(terms(), 1_000n)
      const transaction = fund(terms(), 234n)
      await expect(transaction).to.emit(channels, 'ChannelDeposited').withArgs(id(terms()), 234n, 1_234n)
      await expect(transaction).not.to.emit(channels, 'ChannelOpened')
      await expect(transaction).to.changeTokenBalances(ethers, token, [payer, address], [-234n, 234n])
      expect((await state(terms())).deposited).to.equal(1_234n)
    })

    it('changes neither the time of opening nor what was claimed', async () => {
      await fund(terms(), 1_000n)
      await world.claim(terms(), [world.item(terms(), 600n)])
      const before = await state(terms())
      await world.time.increase(day)
      await fund(terms(), 5n)
      expect(await state(terms())).to.deep.equal({ ...before, deposited: 1_005n })
    })

    it('takes the amount from whoever calls, who need not be the payer', async () => {
      await fund(terms(), 1_000n)
      await token.mint(stranger, 50n)
      await token.connect(stranger).approve(channels, 50n)
      await expect(fund(terms(), 50n, stranger)).to.changeTokenBalances(
        ethers,
        token,
        [payer, stranger],
        [0n, -50n],
      )
    })

    it('fills the channel to the largest uint96', async () => {
      await fund(terms(), 1n)
      await fund(terms(), maxUint96 - 1n)
      expect(await state(terms())).to.include({ deposited: maxUint96, claimed: 0n })
    })

    it('reverts with DepositTooLarge one unit above', async () => {
      await fund(terms(), 1n)
      await expect(fund(terms(), maxUint96))
        .to.be.revertedWithCustomError(channels, 'DepositTooLarge')
        .withArgs(id(terms()), 2n ** 96n, maxUint96)
    })
  })

  describe('when the amount is zero', () => {
    it('reverts with DepositIsZero', async () => {
      await expect(fund(terms(), 0n))
        .to.be.revertedWithCustomError(channels, 'DepositIsZero')
        .withArgs(id(terms()))
    })
  })

  describe('when a close is pending', () => {
    it('reverts with ClosePending', async () => {
      await fund(terms(), 10n)
      const requested = await (await channels.connect(payer).requestClose(terms())).getBlock()
      await expect(fund(terms(), 1n))
        .to.be.revertedWithCustomError(channels, 'ClosePending')
        .withArgs(id(terms()), (requested?.timestamp ?? 0) + day)
    })
  })

  describe('when the channel is closed', () => {
    it('reverts with ChannelAlreadyClosed', async () => {
      await fund(terms(), 10n)
      await channels.connect(world.payee).close(terms(), 0n, 0n, '0x', '0x')
      await expect(fund(terms(), 1n))
        .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
        .withArgs(id(terms()))
    })
  })

  describe('when the channel is paid in the native coin', () => {
    const native = terms({ token: ZeroAddress })

    it('takes the value', async () => {
      const transaction = fund(native, 1_000n)
      await expect(transaction).to.changeEtherBalances(ethers, [payer, address], [-1_000n, 1_000n])
      await expect(transaction).to.emit(channels, 'ChannelOpened')
    })

    it('reverts with WrongNativeValue when a unit is missing', async () => {
      await expect(channels.connect(payer).deposit(native, 1_000n, { value: 999n }))
        .to.be.revertedWithCustomError(channels, 'WrongNativeValue')
        .withArgs(999n, 1_000n)
    })

    it('reverts with WrongNativeValue when a unit is too much', async () => {
      await expect(channels.connect(payer).deposit(native, 1_000n, { value: 1_001n }))
        .to.be.revertedWithCustomError(channels, 'WrongNativeValue')
        .withArgs(1_001n, 1_000n)
    })
  })

  describe('when the channel is paid in a token', () => {
    it('reverts with WrongNativeValue when value is sent along', async () => {
      await expect(channels.connect(payer).deposit(terms(), 1_000n, { value: 1n }))
        .to.be.revertedWithCustomError(channels, 'WrongNativeValue')
        .withArgs(1n, 0n)
    })

    it("reverts with the token's own error without allowance", async () => {
      await expect(fund(terms(), 7n, stranger))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance')
        .withArgs(address, 0n, 7n)
    })

    it('reverts with BalanceUnreadable when the token has no code', async () => {
      await expect(fund(terms({ token: stranger.address }), 7n))
        .to.be.revertedWithCustomError(channels, 'BalanceUnreadable')
        .withArgs(stranger.address)
    })

    it('reverts with BalanceUnreadable when the balance is shorter than a word', async () => {
      const odd = await world.stocked(await ethers.deployContract('MalformedToken'))
      await odd.setBalanceAnswer(`0x${'01'.repeat(31)}`)
      await expect(fund(terms({ token: await odd.getAddress() }), 7n))
        .to.be.revertedWithCustomError(channels, 'BalanceUnreadable')
        .withArgs(await odd.getAddress())
    })

    it('reverts with AmountNotReceived when the token takes a fee', async () => {
      const odd = await world.stocked(await ethers.deployContract('FeeToken'))
      await expect(fund(terms({ token: await odd.getAddress() }), 1_000n))
        .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
        .withArgs(await odd.getAddress(), 990n, 1_000n)
    })

    it('reverts with AmountNotReceived when a rebasing token rounds down', async () => {
      const odd = await world.stocked(await ethers.deployContract('RebasingToken'))
      await odd.setIndex(1_700n)
      await expect(fund(terms({ token: await odd.getAddress() }), 1_000n))
        .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
        .withArgs(await odd.getAddress(), 999n, 1_000n)
    })

    it('reverts with AmountNotReceived when nothing moved', async () => {
      const odd = await world.stocked(await ethers.deployContract('MalformedToken'))
      await odd.setTransferAnswer(ethers.toBeHex(1, 32), false)
      await expect(fund(terms({ token: await odd.getAddress() }), 1_000n))
        .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
        .withArgs(await odd.getAddress(), 0n, 1_000n)
    })

    it('reverts with AmountNotReceived when the balance fell', async () => {
      const odd = await world.stocked(await ethers.deployContract('LeavingToken'))
      await odd.mint(address, 100n)
      await expect(fund(terms({ token: await odd.getAddress() }), 1_000n))
        .to.be.revertedWithCustomError(channels, 'AmountNotReceived')
        .withArgs(await odd.getAddress(), 0n, 1_000n)
    })

    const answers = [
      ['false', ethers.toBeHex(0, 32)],
      ['two', ethers.toBeHex(2, 32)],
      ['a single byte', '0x01'],
      ['garbage', `0x${'5a'.repeat(40)}`],
    ] as const
    for (const [name, answer] of answers) {
      it(`reverts with SafeERC20FailedOperation when the token answers ${name}`, async () => {
        const odd = await world.stocked(await ethers.deployContract('MalformedToken'))
        await odd.setTransferAnswer(answer, true)
        await expect(fund(terms({ token: await odd.getAddress() }), 1_000n))
          .to.be.revertedWithCustomError(channels, 'SafeERC20FailedOperation')
          .withArgs(await odd.getAddress())
      })
    }

    it('works with a token that returns nothing', async () => {
      const odd = await world.stocked(await ethers.deployContract('UsdtLikeToken'))
      await fund(terms({ token: await odd.getAddress() }), 1_000n)
      expect(await odd.balanceOf(address)).to.equal(1_000n)
    })
  })
})
