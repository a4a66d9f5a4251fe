import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { createEscrowWorld, refundDeadline } from './support/world.js'

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
  captured,
  state,
  refused,
} = world

const refund = (of = order(), amount = 100n, from = receiver, value = 0n) =>
  escrow.connect(from).refund(of, amount, '0x', { value })
const parties = [payer, receiver, feeRecipient, address]

describe('refund', () => {
  beforeEach(world.reset)

  describe('when the money was released', () => {
    it('takes it from the caller to the payer and leaves the fee where it is (E2, E7)', async () => {
      await captured(order(), 500n)
      const transaction = refund(order(), 200n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [200n, -200n, 0n, 0n])
      await expect(transaction).to.emit(escrow, 'OrderRefunded').withArgs(id(order()), 200n, 0n)
      expect(await state(order())).to.deep.equal({
        opened: true,
        authorized: 500n,
        released: 300n,
        feeBps: 100n,
      })
    })

    it('takes the native coin', async () => {
      const of = order({ token: ZeroAddress })
      await captured(of, 500n)
      await expect(refund(of, 200n, receiver, 200n)).to.changeEtherBalances(
        world.ethers,
        [payer, receiver],
        [200n, -200n],
      )
    })

    it('reverts with WrongNativeValue when another value comes along', async () => {
      const of = order({ token: ZeroAddress })
      await captured(of, 500n)
      await refused(refund(of, 200n, receiver, 199n), 'WrongNativeValue', 199n, 200n)
    })

    it('reverts with RefundTooLate from the refund deadline on, not in the second before', async () => {
      await captured(order(), 500n)
      await world.nextBlockAt(refundDeadline - 1n)
      await refund()
      await world.nextBlockAt(refundDeadline)
      await refused(refund(), 'RefundTooLate', id(order()), refundDeadline, refundDeadline)
    })

    it('carries the fee’s remainder on over a refund (E4)', async () => {
      await captured(order(), 99n)
      await refund(order(), 99n)
      await world.capture(order(), 1n)
      expect(await token.balanceOf(feeRecipient)).to.equal(1n)
    })
  })

  describe('when the money is pending', () => {
    it('takes it from what is held, at any time', async () => {
      await captured(disputable(), 500n)
      await world.time.increaseTo(refundDeadline)
      const transaction = refund(disputable(), 200n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [200n, 0n, 0n, -200n])
      await expect(transaction).to.emit(escrow, 'OrderRefunded').withArgs(id(disputable()), 200n, 200n)
      expect(await state(disputable())).to.deep.include({ authorized: 500n, pending: 300n })
    })

    it('takes a single base unit and holds the rest (E2)', async () => {
      await captured(disputable(), 500n)
      await refund(disputable(), 1n)
      expect(await state(disputable())).to.deep.include({ authorized: 500n, pending: 499n })
    })

    it('reverts with WrongNativeValue when value comes along', async () => {
      await captured(disputable(), 500n)
      await refused(refund(disputable(), 200n, receiver, 1n), 'WrongNativeValue', 1n, 0n)
    })
  })

  describe('when part of the money is pending', () => {
    it('takes what is pending and the rest from the caller', async () => {
      await captured(disputable(), 500n)
      await escrow.connect(payer).release(disputable())
      await world.capture(disputable(), 300n)
      const transaction = refund(disputable(), 400n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [400n, -100n, 0n, -300n])
      await expect(transaction).to.emit(escrow, 'OrderRefunded').withArgs(id(disputable()), 400n, 300n)
      const left = await state(disputable())
      expect(left).to.deep.include({ authorized: 200n, released: 400n })
      expect(left).not.to.have.property('pending')
    })
  })

  describe('when more is refunded than was captured', () => {
    it('reverts with RefundExceedsCaptured, so that a refund is never made twice (E7)', async () => {
      await captured(order(), 500n)
      await refund(order(), 300n)
      await refused(refund(order(), 201n), 'RefundExceedsCaptured', id(order()), 201n, 200n)
      await refund(order(), 200n)
      await refused(refund(order(), 1n), 'RefundExceedsCaptured', id(order()), 1n, 0n)
    })

    it('does not count what is disputed (E12)', async () => {
      await world.disputed(disputable(), 500n)
      await refused(refund(disputable(), 1n), 'RefundExceedsCaptured', id(disputable()), 1n, 0n)
    })
  })

  describe('when the amount is zero', () => {
    it('reverts with AmountIsZero', async () => {
      await captured(order(), 500n)
      await refused(refund(order(), 0n), 'AmountIsZero', id(order()))
    })
  })

  describe('when the terms were never authorized', () => {
    it('reverts with OrderNotAuthorized', async () => {
      await refused(refund(), 'OrderNotAuthorized', id(order()))
    })
  })

  describe('when the caller is anyone but the receiver or its operator', () => {
    it('reverts with CallerIsNotReceiver (E9)', async () => {
      await captured(disputable(), 500n)
      for (const caller of [payer, arbiter, feeRecipient, stranger]) {
        await refused(
          refund(disputable(), 1n, caller),
          'CallerIsNotReceiver',
          id(disputable()),
          caller.address,
          receiver.address,
          operator.address,
        )
      }
      await refund(disputable(), 1n, operator)
    })
  })
})
