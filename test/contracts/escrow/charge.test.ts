import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { createEscrowWorld } from './support/world.js'

const world = await createEscrowWorld()
const { escrow, token, payer, receiver, feeRecipient, stranger, address, order, disputable, id, charge } =
  world

describe('charge', () => {
  beforeEach(world.reset)

  describe('when the payer calls', () => {
    it('takes the amount and pays it on, and nothing can be captured later (E2)', async () => {
      const transaction = charge(order(), 600n)
      await expect(transaction).to.changeTokenBalances(
        world.ethers,
        token,
        [payer, receiver, feeRecipient, address],
        [-600n, 594n, 6n, 0n],
      )
      await expect(transaction).to.emit(escrow, 'OrderAuthorized')
      await expect(transaction).to.emit(escrow, 'OrderCaptured')
      expect(await world.state(order())).to.deep.equal({ opened: true, released: 600n, feeBps: 100n })
      await world.refused(world.capture(order(), 1n), 'AmountExceedsAuthorized', id(order()), 1n, 0n)
    })

    it('takes the native coin', async () => {
      const of = order({ token: ZeroAddress })
      await expect(charge(of, 600n)).to.changeEtherBalances(
        world.ethers,
        [payer, receiver, feeRecipient],
        [-600n, 594n, 6n],
      )
    })

    it('holds the amount when there is a dispute window', async () => {
      await charge(disputable(), 600n)
      expect(await world.state(disputable())).to.deep.include({ pending: 600n })
    })

    it('reverts with FeeOutOfRange at another rate than the lowest (E4)', async () => {
      for (const rate of [99n, 101n]) {
        await world.refused(charge(order(), 600n, rate), 'FeeOutOfRange', id(order()), rate, 100n, 100n)
      }
    })
  })

  describe('when the receiver is the payer', () => {
    it('may choose the rate, as a receiver', async () => {
      const of = order({ receiver: payer.address })
      await charge(of, 600n, 500n)
      expect(await token.balanceOf(feeRecipient)).to.equal(30n)
      const above = order({ receiver: payer.address, maxAmount: 601n })
      await world.refused(charge(above, 600n, 501n), 'FeeOutOfRange', id(above), 501n, 100n, 500n)
    })
  })

  describe('when anyone else calls', () => {
    it('reverts with CallerIsNoParty, even with a payment of the payer (E9)', async () => {
      const payment = `0x02${payer.address.slice(2)}`
      await world.refused(
        escrow.connect(stranger).charge(order(), 600n, 100n, payment),
        'CallerIsNoParty',
        id(order()),
        stranger.address,
      )
    })
  })

  describe('when the terms were authorized before', () => {
    it('reverts with OrderAlreadyAuthorized (E7)', async () => {
      await charge(order(), 600n)
      await world.refused(charge(order(), 1n), 'OrderAlreadyAuthorized', id(order()))
    })
  })
})
