import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { day, maxUint96, saltOf } from '../support/terms.js'
import { milestonesOf, type Order } from './support/order.js'
import { captureDeadline, createEscrowWorld } from './support/world.js'

const world = await createEscrowWorld()
const { escrow, token, payer, receiver, stranger, address, order, disputable, id, authorize, refused } = world

const lastSecond = 2n ** 32n - 1n
const ninetyDays = BigInt(90 * day)

describe('authorize', () => {
  beforeEach(world.reset)

  describe('when the terms are new', () => {
    it('takes the amount from the payer and tells the whole terms (E2)', async () => {
      const of = disputable({ milestones: milestonesOf(1, 2), metadata: saltOf(7), salt: saltOf(8) })
      const transaction = authorize(of)
      await expect(transaction).to.changeTokenBalances(
        world.ethers,
        token,
        [payer, address],
        [-1_000n, 1_000n],
      )
      await expect(transaction)
        .to.emit(escrow, 'OrderAuthorized')
        .withArgs(id(of), payer.address, receiver.address, Object.values(of), 1_000n)
      expect(await world.state(of)).to.deep.equal({ opened: true, authorized: 1_000n, feeBps: 100n })
    })

    it('names them by the hash of chain, contract and terms (E7)', async () => {
      const of = disputable({ milestones: milestonesOf(1, 2), metadata: saltOf(7), salt: saltOf(8) })
      expect(await escrow.orderId(of)).to.equal(id(of))
    })

    it('takes less than the maximum (E3)', async () => {
      await authorize(order(), 400n)
      expect(await world.state(order())).to.deep.include({ authorized: 400n })
    })

    it('takes the largest uint96', async () => {
      await authorize(order({ maxAmount: maxUint96 }))
      expect(await world.state(order({ maxAmount: maxUint96 }))).to.deep.include({ authorized: maxUint96 })
    })

    it('takes the native coin', async () => {
      const of = order({ token: ZeroAddress })
      await expect(authorize(of)).to.changeEtherBalances(world.ethers, [payer, address], [-1_000n, 1_000n])
    })

    it('changes no other order (E10)', async () => {
      await authorize(order(), 400n)
      await authorize(order({ salt: saltOf(1) }), 500n)
      expect(await world.state(order())).to.deep.include({ authorized: 400n })
    })
  })

  describe('when the terms were authorized before', () => {
    it('reverts with OrderAlreadyAuthorized, also after everything went back (E7)', async () => {
      await authorize(order())
      await refused(authorize(order()), 'OrderAlreadyAuthorized', id(order()))
      await escrow.connect(receiver).void(order())
      await refused(authorize(order()), 'OrderAlreadyAuthorized', id(order()))
    })
  })

  describe('when the amount is zero', () => {
    it('reverts with AmountIsZero', async () => {
      await refused(authorize(order(), 0n), 'AmountIsZero', id(order()))
    })
  })

  describe('when the amount exceeds the maximum', () => {
    it('reverts with AmountExceedsMaximum (E3)', async () => {
      await refused(authorize(order(), 1_001n), 'AmountExceedsMaximum', id(order()), 1_001n, 1_000n)
    })
  })

  describe('when an order with milestones is not authorized whole', () => {
    it('reverts with AmountBelowMilestones', async () => {
      const of = disputable({ milestones: milestonesOf(1) })
      await refused(authorize(of, 999n), 'AmountBelowMilestones', id(of), 999n, 1_000n)
    })
  })

  describe('when the money is not the payer’s', () => {
    it('reverts with PaymentNotFromPayer (E9)', async () => {
      await refused(
        escrow.connect(stranger).authorize(order(), 1n, '0x'),
        'PaymentNotFromPayer',
        id(order()),
        stranger.address,
        payer.address,
      )
    })
  })

  describe('when the capture deadline has come', () => {
    it('reverts with CaptureTooLate in its first second, not in the one before', async () => {
      await world.nextBlockAt(captureDeadline - 1n)
      await authorize(order())
      await world.nextBlockAt(captureDeadline)
      const of = order({ salt: saltOf(1) })
      await refused(authorize(of), 'CaptureTooLate', id(of), captureDeadline, captureDeadline)
    })
  })

  describe('when the terms make no sense', () => {
    const cases: [string, Partial<Order>, unknown[]][] = [
      ['PayerIsZero', { payer: ZeroAddress }, []],
      ['ReceiverIsZero', { receiver: ZeroAddress }, []],
      ['FeeRangeInvalid', { minFeeBps: 501n }, [501n, 500n]],
      ['FeeRangeInvalid', { maxFeeBps: 10_001n }, [100n, 10_001n]],
      ['FeeRecipientIsZero', { feeRecipient: ZeroAddress }, [500n]],
      ['FeeRecipientIsZero', { feeRecipient: ZeroAddress, minFeeBps: 0n }, [500n]],
      ['ShareTooLarge', { defaultShareBps: 10_001n }, [10_001n, 10_000n]],
      [
        'RefundDeadlineTooEarly',
        { refundDeadline: captureDeadline - 1n },
        [captureDeadline - 1n, captureDeadline],
      ],
      ['WindowTooLong', { disputeWindow: ninetyDays + 1n }, [ninetyDays + 1n, ninetyDays]],
      ['WindowTooLong', { rulingWindow: ninetyDays + 1n }, [ninetyDays + 1n, ninetyDays]],
      ['DisputeWindowIsZero', { arbiter: stranger.address }, [stranger.address, ZeroHash]],
      ['DisputeWindowIsZero', { arbiter: stranger.address, rulingWindow: 1n }, [stranger.address, ZeroHash]],
      ['DisputeWindowIsZero', { milestones: milestonesOf(1) }, [ZeroAddress, milestonesOf(1)]],
      [
        'DeadlineTooLate',
        {
          captureDeadline: lastSecond - 2n,
          refundDeadline: lastSecond,
          disputeWindow: 1n,
          rulingWindow: 2n,
        },
        [lastSecond + 1n, lastSecond],
      ],
    ]
    for (const [error, change, args] of cases) {
      it(`reverts with ${error} for ${Object.keys(change).join(' and ')}`, async () => {
        await refused(authorize(order(change)), error, ...args)
      })
    }
  })

  describe('when the terms go as far as they may', () => {
    it('takes the amount', async () => {
      for (const of of [
        order({ minFeeBps: 0n, maxFeeBps: 0n, feeRecipient: ZeroAddress, salt: saltOf(1) }),
        order({ minFeeBps: 10_000n, maxFeeBps: 10_000n, defaultShareBps: 10_000n }),
        order({ refundDeadline: captureDeadline }),
        order({ disputeWindow: ninetyDays, rulingWindow: ninetyDays }),
        order({ captureDeadline: lastSecond - 3n, refundDeadline: lastSecond, disputeWindow: 3n }),
      ]) {
        await authorize(of)
        expect(await world.state(of)).to.deep.include({ authorized: 1_000n })
      }
    })
  })
})
