import { expect } from 'chai'
import { day } from '../support/terms.js'
import { createEscrowWorld } from './support/world.js'

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
  capture,
  state,
  refused,
} = world

const of = disputable()
const dispute = (from = payer) => escrow.connect(from).dispute(of)
const now = async () => BigInt(await world.time.latest())

describe('dispute', () => {
  beforeEach(world.reset)

  describe('when the window is not over', () => {
    it('freezes what is pending in its last second, and moves nothing (E12)', async () => {
      await captured(of, 500n)
      await world.nextBlockAt((await now()) + BigInt(day) - 1n)
      const transaction = dispute()
      await expect(transaction).to.changeTokenBalances(world.ethers, token, [payer, address], [0n, 0n])
      const rulableUntil = (await now()) + BigInt(3 * day)
      await expect(transaction).to.emit(escrow, 'OrderDisputed').withArgs(id(of), 500n, rulableUntil)
      expect(await state(of)).to.deep.equal({
        opened: true,
        authorized: 500n,
        disputed: 500n,
        feeBps: 100n,
        rulableUntil,
      })
    })

    it('joins what is disputed already and restarts the arbiter’s time', async () => {
      await world.disputed(of, 300n)
      await world.time.increase(2 * day)
      await capture(of, 200n)
      await dispute()
      expect(await state(of)).to.deep.include({
        disputed: 500n,
        rulableUntil: (await now()) + BigInt(3 * day),
      })
    })
  })

  describe('when the window is over', () => {
    it('reverts with DisputeTooLate in its first second (E6)', async () => {
      await captured(of, 500n)
      const end = (await now()) + BigInt(day)
      await world.nextBlockAt(end)
      await refused(dispute(), 'DisputeTooLate', id(of), end, end)
    })
  })

  describe('when nothing is pending', () => {
    it('reverts with NothingPending', async () => {
      await refused(dispute(), 'NothingPending', id(of))
      await world.disputed(of, 500n)
      await refused(dispute(), 'NothingPending', id(of))
    })

    it('reverts with NothingPending for an order that is paid at capture', async () => {
      await captured(order(), 500n)
      await refused(escrow.connect(payer).dispute(order()), 'NothingPending', id(order()))
    })
  })

  describe('when anyone but the payer calls', () => {
    it('reverts with CallerIsNotPayer (E9)', async () => {
      await captured(of, 500n)
      for (const caller of [receiver, operator, arbiter, feeRecipient, stranger]) {
        await refused(dispute(caller), 'CallerIsNotPayer', id(of), caller.address, payer.address)
      }
    })
  })
})
