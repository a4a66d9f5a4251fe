import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { withDirtyWord } from './support/calldata.js'
import { day, minute, saltOf, type Terms } from './support/terms.js'
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

const withdraw = (channel: Terms = terms(), from = stranger) => channels.connect(from).withdraw(channel)
const callData = () => channels.interface.encodeFunctionData('withdraw', [terms()])

/** Asks for a close and makes the next block the given number of seconds before (-) or after (+) the deadline. */
async function request(channel: Terms, offset: number): Promise<number> {
  await channels.connect(payer).requestClose(channel)
  const withdrawableAt = (await state(channel)).closeRequestedAt + channel.grace
  await world.nextBlockAt(withdrawableAt + offset)
  return withdrawableAt
}

describe('withdraw', () => {
  beforeEach(async () => {
    await world.reset()
    await fund(terms(), 1_000n)
  })

  describe('when the grace period is over', () => {
    it('refunds the remainder in its first second and ends the channel (I7)', async () => {
      const before = await state(terms())
      await request(terms(), 0)
      const transaction = withdraw()
      await expect(transaction).to.changeTokenBalances(ethers, token, [payer, address], [1_000n, -1_000n])
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 0n, 1_000n)
      expect(await state(terms())).to.deep.equal({ ...before, closed: true })
    })

    it('may be called by anyone, who receives nothing', async () => {
      for (const [index, caller] of [payer, payee, operator, stranger].entries()) {
        const channel = terms({ salt: saltOf(index + 1) })
        await fund(channel, 100n)
        await request(channel, 0)
        await expect(withdraw(channel, caller)).to.changeTokenBalances(
          ethers,
          token,
          [payer, payee, operator, stranger],
          [100n, 0n, 0n, 0n],
        )
      }
    })

    it('refunds what was not claimed and tells the split (I2)', async () => {
      await claim(terms(), [item(terms(), 300n)])
      await request(terms(), 0)
      const transaction = withdraw()
      await expect(transaction).to.changeTokenBalances(ethers, token, [payer, payee], [700n, 0n])
      await expect(transaction).to.emit(channels, 'ChannelClosed').withArgs(id(terms()), 300n, 700n)
      expect(await state(terms())).to.include({ deposited: 1_000n, claimed: 300n, closed: true })
    })

    it('ends a channel that was claimed in full without a transfer', async () => {
      await claim(terms(), [item(terms(), 1_000n)])
      await request(terms(), 0)
      const receipt = await (await withdraw()).wait()
      expect(receipt?.logs).to.have.length(1)
      expect(await state(terms())).to.include({ claimed: 1_000n, closed: true })
    })

    it('refunds the native coin', async () => {
      const native = terms({ token: ZeroAddress })
      await fund(native, 1_000n)
      await request(native, 0)
      await expect(withdraw(native)).to.changeEtherBalances(ethers, [payer, address], [1_000n, -1_000n])
    })

    it('works after 32 bits of time are over', async () => {
      await world.nextBlockAt(2 ** 32 - 2)
      await channels.connect(payer).requestClose(terms())
      await world.nextBlockAt(2 ** 32 - 2 + day)
      await expect(withdraw()).to.changeTokenBalance(ethers, token, payer, 1_000n)
    })
  })

  describe('when the grace period is not over', () => {
    it('reverts with GraceNotOver in its last second', async () => {
      for (const [index, grace] of [15 * minute, day, 30 * day].entries()) {
        const channel = terms({ grace, salt: saltOf(index + 1) })
        await fund(channel, 100n)
        const withdrawableAt = await request(channel, -1)
        await expect(withdraw(channel))
          .to.be.revertedWithCustomError(channels, 'GraceNotOver')
          .withArgs(id(channel), withdrawableAt, withdrawableAt - 1)
        await world.nextBlockAt(withdrawableAt)
        await expect(withdraw(channel)).to.emit(channels, 'ChannelClosed')
      }
    })

    it('reverts with GraceNotOver in its first second', async () => {
      const withdrawableAt = await request(terms(), 1 - day)
      await expect(withdraw())
        .to.be.revertedWithCustomError(channels, 'GraceNotOver')
        .withArgs(id(terms()), withdrawableAt, withdrawableAt + 1 - day)
    })
  })

  describe('when no close was requested', () => {
    it('reverts with CloseNotRequested', async () => {
      await expect(withdraw(terms(), payer))
        .to.be.revertedWithCustomError(channels, 'CloseNotRequested')
        .withArgs(id(terms()))
    })
  })

  describe('when the channel was never funded', () => {
    it('reverts with ChannelNotOpen', async () => {
      const channel = terms({ salt: saltOf(9) })
      await expect(withdraw(channel))
        .to.be.revertedWithCustomError(channels, 'ChannelNotOpen')
        .withArgs(id(channel))
    })
  })

  describe('when the channel is closed', () => {
    it('reverts with ChannelAlreadyClosed (I9)', async () => {
      await request(terms(), 0)
      await withdraw()
      await expect(withdraw())
        .to.be.revertedWithCustomError(channels, 'ChannelAlreadyClosed')
        .withArgs(id(terms()))
    })
  })

  describe('when the payer refuses the native coin', () => {
    it("reverts with the payer's reason", async () => {
      const refusing = await ethers.deployContract('RevertingRecipient')
      const native = terms({ token: ZeroAddress, payer: await refusing.getAddress() })
      await fund(native, 1_000n)
      const asked = channels.interface.encodeFunctionData('requestClose', [native])
      await refusing.relay(channels, 0n, asked)
      await world.time.increase(day)
      await expect(withdraw(native)).to.be.revertedWithCustomError(refusing, 'NoThanks').withArgs(1_000n)
    })
  })

  describe('when a field of the terms has bits beyond its width', () => {
    const widths = [160, 160, 160, 160, 160, 32, 96, 96, 200]
    for (const [word, width] of widths.entries()) {
      it(`reverts for dirty bits in word ${word}`, async () => {
        await request(terms(), 0)
        for (const bit of [width, 255]) {
          const data = withDirtyWord(callData(), word, bit)
          await expect(stranger.sendTransaction({ to: address, data })).to.be.revert(ethers)
        }
        await stranger.sendTransaction({ to: address, data: callData() })
      })
    }
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      await request(terms(), 0)
      await expect(
        stranger.sendTransaction({ to: address, data: callData(), value: 1n }),
      ).to.be.revertedWithoutReason(ethers)
    })
  })
})
