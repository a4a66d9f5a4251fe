import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { day, saltOf } from '../support/terms.js'
import { milestonesOf } from './support/order.js'
import { captureDeadline, createEscrowWorld } from './support/world.js'

const world = await createEscrowWorld()
const {
  escrow,
  token,
  payer,
  receiver,
  operator,
  arbiter,
  feeRecipient,
  stranger,
  address,
  order,
  disputable,
  id,
  authorize,
  capture,
  captured,
  state,
  refused,
} = world

const parties = [receiver, feeRecipient, payer, address]
const window = BigInt(day)

/** The second of the latest block. */
const now = async () => BigInt(await world.time.latest())

describe('capture', () => {
  beforeEach(world.reset)

  describe('when there is no dispute window', () => {
    it('pays the receiver less the fee at once (E2)', async () => {
      await authorize(order())
      const transaction = capture(order(), 500n, 300n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [485n, 15n, 0n, -500n])
      await expect(transaction)
        .to.emit(escrow, 'OrderCaptured')
        .withArgs(id(order()), 500n, 300n, await now())
      await expect(transaction).to.emit(escrow, 'OrderReleased').withArgs(id(order()), 500n, 15n)
      expect(await state(order())).to.deep.equal({
        opened: true,
        authorized: 500n,
        released: 500n,
        feeBps: 300n,
      })
    })

    it('pays the native coin', async () => {
      const of = order({ token: ZeroAddress })
      await authorize(of)
      await expect(capture(of, 500n, 300n)).to.changeEtherBalances(
        world.ethers,
        [receiver, feeRecipient, address],
        [485n, 15n, -500n],
      )
      expect(await escrow.owed(receiver, ZeroAddress), 'kept as well').to.equal(0n)
    })

    it('pays everything to the receiver without a fee', async () => {
      const of = order({ minFeeBps: 0n, maxFeeBps: 0n, feeRecipient: ZeroAddress })
      await authorize(of)
      expect(await world.changes(() => capture(of, 1_000n), parties)).to.deep.equal([1_000n, 0n, 0n, -1_000n])
    })

    it('pays everything to the fee recipient at the whole', async () => {
      const of = order({ maxFeeBps: 10_000n })
      await authorize(of)
      expect(await world.changes(() => capture(of, 7n, 10_000n), parties)).to.deep.equal([0n, 7n, 0n, -7n])
    })

    it('takes the same fees however the amount is split (E4)', async () => {
      const of = order({ minFeeBps: 303n, maxFeeBps: 303n })
      await authorize(of)
      // After 33 of them the fee lacks a ten-thousandth of a base unit.
      for (let sum = 1n; sum <= 40n; ++sum) {
        await capture(of, 1n)
        expect(await token.balanceOf(feeRecipient)).to.equal((sum * 303n) / 10_000n)
      }
      await capture(of, 960n)
      expect(await token.balanceOf(feeRecipient)).to.equal((1_000n * 303n) / 10_000n)
      expect(await state(of)).to.deep.equal({ opened: true, released: 1_000n, feeBps: 303n })
    })

    it('carries the remainder over changes of the rate (E4)', async () => {
      await authorize(order())
      await capture(order(), 33n, 500n)
      await capture(order(), 66n, 100n)
      expect(await token.balanceOf(feeRecipient)).to.equal((33n * 500n + 66n * 100n) / 10_000n)
    })
  })

  describe('when there is a dispute window', () => {
    it('holds the amount until the window is over', async () => {
      await authorize(disputable())
      const transaction = capture(disputable(), 600n, 200n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [0n, 0n, 0n, 0n])
      const releasableAt = (await now()) + window
      await expect(transaction)
        .to.emit(escrow, 'OrderCaptured')
        .withArgs(id(disputable()), 600n, 200n, releasableAt)
      await expect(transaction).not.to.emit(escrow, 'OrderReleased')
      expect(await state(disputable())).to.deep.equal({
        opened: true,
        authorized: 400n,
        pending: 600n,
        feeBps: 200n,
        releasableAt,
      })
    })

    it('holds the amount without an arbiter and without time for a ruling too', async () => {
      const of = disputable({ arbiter: ZeroAddress, rulingWindow: 0n })
      await captured(of, 500n)
      expect(await state(of)).to.deep.include({ authorized: 500n, pending: 500n })
    })

    it('restarts the window of what is pending, until its last second', async () => {
      await captured(disputable(), 600n)
      const first = (await now()) + window
      await world.nextBlockAt(first - 1n)
      await capture(disputable(), 100n)
      expect(await state(disputable())).to.deep.include({ pending: 700n, releasableAt: first - 1n + window })
    })

    it('releases what waited long enough, at the rate it was captured at (E4, E6)', async () => {
      await captured(disputable(), 600n, 200n)
      await world.nextBlockAt((await now()) + window)
      const changes = await world.changes(() => capture(disputable(), 100n, 500n), parties)
      expect(changes).to.deep.equal([588n, 12n, 0n, -600n])
      expect(await state(disputable())).to.deep.include({
        authorized: 300n,
        pending: 100n,
        released: 600n,
        feeBps: 500n,
      })
    })

    it('goes on while an earlier capture is disputed, and is not part of it (E5)', async () => {
      await world.disputed(disputable(), 600n)
      await capture(disputable(), 400n)
      expect(await state(disputable())).to.deep.include({ pending: 400n, disputed: 600n })
    })
  })

  describe('when there are milestones', () => {
    const of = disputable({ milestones: milestonesOf(1, 3) })

    it('captures parts of the current milestone, no further than its end', async () => {
      await authorize(of)
      await refused(capture(of, 251n), 'AmountExceedsMilestone', id(of), 251n, 250n)
      await capture(of, 100n)
      await world.time.increase(day)
      await refused(capture(of, 151n), 'AmountExceedsMilestone', id(of), 151n, 150n)
      await capture(of, 150n)
      expect(await state(of)).to.deep.include({ pending: 150n, released: 100n })
    })

    it('captures the next milestone up to the whole amount once the last one is released', async () => {
      await captured(of, 250n)
      await world.time.increase(day)
      await refused(capture(of, 751n), 'AmountExceedsAuthorized', id(of), 751n, 750n)
      await capture(of, 750n)
      expect(await state(of)).to.deep.include({ pending: 750n, released: 250n })
    })

    it('reverts with MilestoneNotReleased while something is pending', async () => {
      await captured(of, 100n)
      await refused(capture(of, 1n), 'MilestoneNotReleased', id(of), 100n, 0n)
    })

    it('reverts with MilestoneNotReleased while something is disputed', async () => {
      await world.disputed(of, 100n)
      await refused(capture(of, 1n), 'MilestoneNotReleased', id(of), 0n, 100n)
    })

    it('skips empty milestones and reads all sixteen', async () => {
      const many = disputable({ milestones: milestonesOf(0, 1, ...Array<number>(13).fill(0), 4) })
      await authorize(many)
      await refused(capture(many, 201n), 'AmountExceedsMilestone', id(many), 201n, 200n)
      await capture(many, 200n)
      await world.time.increase(day)
      await capture(many, 800n)
      expect(await state(many)).to.deep.include({ pending: 800n })
    })
  })

  describe('when the caller is the receiver or its operator', () => {
    it('captures for both, who get what they get whoever calls (E9)', async () => {
      await authorize(order())
      for (const caller of [receiver, operator]) {
        const changes = await world.changes(() => capture(order(), 100n, 100n, caller), [receiver, operator])
        expect(changes).to.deep.equal([99n, 0n])
      }
    })
  })

  describe('when the caller is anyone else', () => {
    it('reverts with CallerIsNotReceiver (E9)', async () => {
      await authorize(order())
      for (const caller of [payer, arbiter, feeRecipient, stranger]) {
        await refused(
          capture(order(), 1n, 100n, caller),
          'CallerIsNotReceiver',
          id(order()),
          caller.address,
          receiver.address,
          operator.address,
        )
      }
    })
  })

  describe('when the rate is out of the range', () => {
    it('reverts with FeeOutOfRange on either side (E4)', async () => {
      await authorize(order())
      for (const rate of [99n, 501n]) {
        await refused(capture(order(), 1n, rate), 'FeeOutOfRange', id(order()), rate, 100n, 500n)
      }
      await capture(order(), 1n, 100n)
      await capture(order(), 1n, 500n)
    })
  })

  describe('when more is captured than is authorized', () => {
    it('reverts with AmountExceedsAuthorized (E3)', async () => {
      await authorize(order(), 700n)
      await capture(order(), 300n)
      await refused(capture(order(), 401n), 'AmountExceedsAuthorized', id(order()), 401n, 400n)
      await capture(order(), 400n)
    })
  })

  describe('when the amount is zero', () => {
    it('reverts with AmountIsZero', async () => {
      await authorize(order())
      await refused(capture(order(), 0n), 'AmountIsZero', id(order()))
    })
  })

  describe('when the terms were never authorized', () => {
    it('reverts with OrderNotAuthorized', async () => {
      await authorize(order())
      const other = order({ salt: saltOf(1) })
      await refused(capture(other, 1n), 'OrderNotAuthorized', id(other))
    })
  })

  describe('when the capture deadline has come', () => {
    it('reverts with CaptureTooLate in its first second, not in the one before', async () => {
      await authorize(order())
      await world.nextBlockAt(captureDeadline - 1n)
      await capture(order(), 1n)
      await world.nextBlockAt(captureDeadline)
      await refused(capture(order(), 1n), 'CaptureTooLate', id(order()), captureDeadline, captureDeadline)
    })
  })
})
