import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
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
  captured,
  state,
  refused,
} = world

describe('void', () => {
  beforeEach(world.reset)

  describe('when the receiver or its operator calls', () => {
    it('sends what is authorized back to the payer and nothing else', async () => {
      for (const [caller, of] of [
        [receiver, disputable()],
        [operator, disputable({ maxAmount: 2_000n })],
      ] as const) {
        await captured(of, of.maxAmount - 400n)
        const transaction = escrow.connect(caller).void(of)
        await expect(transaction).to.changeTokenBalances(world.ethers, token, [payer, address], [400n, -400n])
        await expect(transaction).to.emit(escrow, 'OrderVoided').withArgs(id(of), 400n)
        const left = await state(of)
        expect(left).to.deep.include({ pending: of.maxAmount - 400n })
        expect(left).not.to.have.property('authorized')
      }
    })

    it('sends the native coin back, also after the deadline', async () => {
      const of = order({ token: ZeroAddress })
      await authorize(of)
      await world.time.increaseTo(captureDeadline)
      await expect(escrow.connect(receiver).void(of)).to.changeEtherBalance(world.ethers, payer, 1_000n)
    })
  })

  describe('when nothing is authorized', () => {
    it('reverts with NothingAuthorized, also the second time (E7)', async () => {
      await refused(escrow.connect(receiver).void(order()), 'NothingAuthorized', id(order()))
      await authorize(order())
      await escrow.connect(receiver).void(order())
      await refused(escrow.connect(receiver).void(order()), 'NothingAuthorized', id(order()))
    })
  })

  describe('when anyone else calls', () => {
    it('reverts with CallerIsNotReceiver (E9)', async () => {
      await authorize(disputable())
      for (const caller of [payer, arbiter, feeRecipient, stranger]) {
        await refused(
          escrow.connect(caller).void(disputable()),
          'CallerIsNotReceiver',
          id(disputable()),
          caller.address,
          receiver.address,
          operator.address,
        )
      }
    })
  })
})

describe('reclaim', () => {
  beforeEach(world.reset)

  describe('when the capture deadline has come', () => {
    it('sends what is authorized back to the payer in its first second, whoever calls (E5)', async () => {
      await captured(order(), 300n)
      await world.nextBlockAt(captureDeadline)
      const transaction = escrow.connect(stranger).reclaim(order())
      await expect(transaction).to.changeTokenBalances(world.ethers, token, [payer, address], [700n, -700n])
      await expect(transaction).to.emit(escrow, 'OrderReclaimed').withArgs(id(order()), 700n)
      expect(await state(order())).to.deep.equal({ opened: true, released: 300n, feeBps: 100n })
    })

    it('is not stopped by a dispute or by money that is pending (E5)', async () => {
      await world.disputed(disputable(), 300n)
      await world.capture(disputable(), 100n)
      await world.time.increaseTo(captureDeadline)
      const sent = () => escrow.connect(payer).reclaim(disputable())
      expect(await world.changes(sent, [payer])).to.deep.equal([600n])
      expect(await state(disputable())).to.deep.include({ disputed: 300n, pending: 100n })
    })
  })

  describe('when the capture deadline has not come', () => {
    it('reverts with ReclaimTooEarly until its last second', async () => {
      await authorize(order())
      await world.nextBlockAt(captureDeadline - 1n)
      await refused(
        escrow.connect(payer).reclaim(order()),
        'ReclaimTooEarly',
        id(order()),
        captureDeadline,
        captureDeadline - 1n,
      )
    })
  })

  describe('when nothing is authorized', () => {
    it('reverts with NothingAuthorized, also the second time (E7)', async () => {
      await authorize(order())
      await world.time.increaseTo(captureDeadline)
      await escrow.reclaim(order())
      await refused(escrow.reclaim(order()), 'NothingAuthorized', id(order()))
    })
  })
})
