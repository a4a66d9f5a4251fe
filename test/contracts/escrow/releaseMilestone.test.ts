import { expect } from 'chai'
import { createEscrowWorld } from './support/world.js'
import { milestonesOf } from './support/order.js'

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
  disputable,
  id,
  authorize,
  capture,
  captured,
  state,
  refused,
} = world

const of = disputable({ milestones: milestonesOf(1, 3, 1) })
const release = (milestone: bigint, from = payer) => escrow.connect(from).releaseMilestone(of, milestone)
const parties = [receiver, feeRecipient, address]

describe('releaseMilestone', () => {
  beforeEach(world.reset)

  describe('when nothing of the milestone is captured', () => {
    it('pays all of it at the lowest rate', async () => {
      await authorize(of)
      const transaction = release(0n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [198n, 2n, -200n])
      await expect(transaction).to.emit(escrow, 'MilestoneReleased').withArgs(id(of), 0n, 200n, 200n)
      await expect(transaction).to.emit(escrow, 'OrderReleased').withArgs(id(of), 200n, 2n)
      expect(await state(of)).to.deep.equal({
        opened: true,
        authorized: 800n,
        released: 200n,
        feeBps: 100n,
      })
    })
  })

  describe('when part of the milestone is pending', () => {
    it('pays what is pending and the rest of it, at the rate of the capture', async () => {
      await captured(of, 50n, 500n)
      const transaction = release(0n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [190n, 10n, -200n])
      await expect(transaction).to.emit(escrow, 'MilestoneReleased').withArgs(id(of), 0n, 200n, 150n)
      expect(await state(of)).to.deep.equal({
        opened: true,
        authorized: 800n,
        released: 200n,
        feeBps: 500n,
      })
    })
  })

  describe('when all of the milestone is pending', () => {
    it('pays it and nothing of the next one', async () => {
      await captured(of, 200n)
      await release(0n)
      expect(await state(of)).to.deep.include({ authorized: 800n, released: 200n })
    })
  })

  describe('when every milestone is paid', () => {
    it('reverts with NothingHeld (E7)', async () => {
      await authorize(of)
      for (const milestone of [0n, 1n, 2n]) await release(milestone)
      expect(await world.token.balanceOf(receiver)).to.equal(10n ** 30n + 990n)
      await refused(release(2n), 'NothingHeld', id(of))
    })
  })

  describe('when another milestone is current', () => {
    it('reverts with MilestoneNotCurrent, so that one click never pays two', async () => {
      await authorize(of)
      await refused(release(1n), 'MilestoneNotCurrent', id(of), 1n, 0n)
      await release(0n)
      await refused(release(0n), 'MilestoneNotCurrent', id(of), 0n, 1n)
    })
  })

  describe('when something is disputed', () => {
    it('reverts with MilestoneNotReleased (E12)', async () => {
      await world.disputed(of, 50n)
      await refused(release(0n), 'MilestoneNotReleased', id(of), 0n, 50n)
    })
  })

  describe('when what was left was voided', () => {
    it('pays what is pending and no more (E3)', async () => {
      await captured(of, 200n)
      await escrow.connect(receiver).void(of)
      await release(2n)
      expect(await state(of)).to.deep.equal({ opened: true, released: 200n, feeBps: 100n })
    })

    it('pays it too when the rest of the milestone was voided with it (E3)', async () => {
      await captured(of, 150n)
      await escrow.connect(receiver).void(of)
      await release(2n)
      expect(await state(of)).to.deep.equal({ opened: true, released: 150n, feeBps: 100n })
    })

    it('pays it too when the later milestones are smaller (E3)', async () => {
      const falling = disputable({ milestones: milestonesOf(9, 1) })
      await captured(falling, 900n)
      await escrow.connect(receiver).void(falling)
      await escrow.connect(payer).releaseMilestone(falling, 0n)
      expect(await state(falling)).to.deep.equal({ opened: true, released: 900n, feeBps: 100n })
    })
  })

  describe('when the order has no milestones', () => {
    it('reverts with NoMilestones', async () => {
      await authorize(disputable())
      await refused(
        escrow.connect(payer).releaseMilestone(disputable(), 0n),
        'NoMilestones',
        id(disputable()),
      )
    })
  })

  describe('when the terms were never authorized', () => {
    it('reverts with OrderNotAuthorized', async () => {
      await refused(release(0n), 'OrderNotAuthorized', id(of))
    })
  })

  describe('when the caller is anyone but the payer', () => {
    it('reverts with CallerIsNotPayer (E9)', async () => {
      await authorize(of)
      await capture(of, 50n)
      for (const caller of [receiver, operator, arbiter, feeRecipient, stranger]) {
        await refused(release(0n, caller), 'CallerIsNotPayer', id(of), caller.address, payer.address)
      }
    })
  })
})
