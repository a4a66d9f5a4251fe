import { expect } from 'chai'
import { MaxUint256, type SigningKey } from 'ethers'
import { accountKey } from '../support/ground.js'
import { compact, full, malleated, saltOf } from '../support/terms.js'
import { settlementDigest, type Order } from './support/order.js'
import { createEscrowWorld } from './support/world.js'

const world = await createEscrowWorld()
const {
  ethers,
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
  signSettlement,
  state,
  refused,
} = world

const [payerKey, receiverKey, operatorKey, arbiterKey] = [0, 1, 2, 3].map((index) =>
  accountKey(world, index),
) as [SigningKey, SigningKey, SigningKey, SigningKey]
const parties = [receiver, feeRecipient, payer, address]

type Split = [bigint, bigint]

/** Settles with both signatures, sent by a stranger unless somebody else calls. */
function settle(
  of: Order,
  split: Split,
  {
    from = stranger,
    deadline = MaxUint256,
    byPayer = signSettlement(of, split, payerKey, deadline),
    byReceiver = signSettlement(of, split, receiverKey, deadline),
  } = {},
) {
  return escrow.connect(from).settle(of, ...split, deadline, byPayer, byReceiver)
}

const digestOf = (of: Order, [toReceiver, toPayer]: Split) =>
  settlementDigest(world.place, { orderId: id(of), toReceiver, toPayer, deadline: MaxUint256 })

describe('settle', () => {
  beforeEach(world.reset)

  describe('when both sides signed', () => {
    it('splits all that is authorized, pending and disputed, whoever calls (E2, E12)', async () => {
      const of = disputable()
      await world.disputed(of, 300n)
      await world.capture(of, 200n, 500n)
      const transaction = settle(of, [600n, 400n])
      await expect(transaction).to.changeTokenBalances(ethers, token, parties, [570n, 30n, 400n, -1_000n])
      await expect(transaction).to.emit(escrow, 'OrderSettled').withArgs(id(of), 600n, 400n)
      await expect(transaction).to.emit(escrow, 'OrderReleased').withArgs(id(of), 600n, 30n)
      expect(await state(of)).to.deep.equal({ opened: true, released: 600n, feeBps: 500n })
    })

    it('takes the lowest fee when nothing was captured (E4)', async () => {
      await authorize(order())
      expect(await world.changes(() => settle(order(), [1_000n, 0n]), parties)).to.deep.equal([
        990n,
        10n,
        0n,
        -1_000n,
      ])
    })

    it('takes no fee of what goes back (E4)', async () => {
      await authorize(order())
      expect(await world.changes(() => settle(order(), [0n, 1_000n]), parties)).to.deep.equal([
        0n,
        0n,
        1_000n,
        -1_000n,
      ])
    })

    it('accepts the operator’s signature for the receiver’s, and 65 bytes', async () => {
      await authorize(order())
      await settle(order(), [1n, 999n], {
        byPayer: full(payerKey, digestOf(order(), [1n, 999n])),
        byReceiver: signSettlement(order(), [1n, 999n], operatorKey),
      })
      expect(await state(order())).to.deep.include({ released: 1n })
    })

    it('accepts what contract wallets signed', async () => {
      const wallet = await ethers.deployContract('RotatingWallet', [payer.address])
      const of = order({ receiver: await wallet.getAddress() })
      await authorize(of)
      const split: Split = [500n, 500n]
      await settle(of, split, { byReceiver: full(payerKey, digestOf(of, split)) })
      expect(await state(of)).to.deep.include({ released: 500n })
    })
  })

  describe('when a side calls', () => {
    it('needs only the other side’s signature', async () => {
      for (const [index, from] of [payer, receiver, operator].entries()) {
        const of = order({ salt: saltOf(index) })
        await authorize(of)
        const own = from === payer ? { byPayer: '0x' } : { byReceiver: '0x' }
        await settle(of, [400n, 600n], { from, ...own })
        expect(await state(of)).to.deep.include({ released: 400n })
      }
    })
  })

  describe('when a side did not agree', () => {
    it('reverts with PayerDidNotAgree (E9)', async () => {
      await authorize(order())
      const byPayer = signSettlement(order(), [400n, 600n], arbiterKey)
      for (const from of [stranger, receiver, arbiter]) {
        await refused(
          settle(order(), [400n, 600n], { from, byPayer }),
          'PayerDidNotAgree',
          id(order()),
          payer.address,
        )
      }
    })

    it('reverts with ReceiverDidNotAgree (E9)', async () => {
      await authorize(order())
      const byReceiver = signSettlement(order(), [400n, 600n], payerKey)
      for (const from of [stranger, payer, arbiter]) {
        await refused(
          settle(order(), [400n, 600n], { from, byReceiver }),
          'ReceiverDidNotAgree',
          id(order()),
          receiver.address,
          operator.address,
        )
      }
    })

    it('reverts for the other form of a signature', async () => {
      await authorize(order())
      const byPayer = malleated(signSettlement(order(), [400n, 600n], payerKey))
      await refused(
        settle(order(), [400n, 600n], { byPayer }),
        'PayerDidNotAgree',
        id(order()),
        payer.address,
      )
    })
  })

  describe('when a signature is for something else', () => {
    it('reverts for another split, deadline, order, contract or chain (E11)', async () => {
      await authorize(order())
      const other = order({ salt: saltOf(1) })
      const agreed = { orderId: id(order()), toReceiver: 400n, toPayer: 600n, deadline: MaxUint256 }
      const digests = [
        settlementDigest(world.place, { ...agreed, toReceiver: 600n, toPayer: 400n }),
        settlementDigest(world.place, { ...agreed, deadline: MaxUint256 - 1n }),
        settlementDigest(world.place, { ...agreed, orderId: id(other) }),
        settlementDigest({ ...world.place, contract: stranger.address }, agreed),
        settlementDigest({ ...world.place, chainId: 1 }, agreed),
      ]
      for (const digest of digests) {
        await refused(
          settle(order(), [400n, 600n], { byPayer: compact(payerKey, digest) }),
          'PayerDidNotAgree',
          id(order()),
          payer.address,
        )
      }
    })
  })

  describe('when the parts are not what is held', () => {
    it('reverts with SplitMismatch (E2)', async () => {
      await captured(disputable(), 500n)
      for (const split of [
        [400n, 599n],
        [400n, 601n],
      ] satisfies Split[]) {
        await refused(
          settle(disputable(), split),
          'SplitMismatch',
          id(disputable()),
          split[0] + split[1],
          1_000n,
        )
      }
    })
  })

  describe('when the deadline has passed', () => {
    it('reverts with SettlementExpired a second after it, not in it (E11)', async () => {
      await authorize(order())
      const deadline = BigInt(await world.time.latest()) + 100n
      await world.nextBlockAt(deadline + 1n)
      await refused(
        settle(order(), [400n, 600n], { deadline }),
        'SettlementExpired',
        id(order()),
        deadline,
        deadline + 1n,
      )
      await world.reset()
      await authorize(order())
      await world.nextBlockAt(deadline)
      await settle(order(), [400n, 600n], { deadline })
    })
  })

  describe('when nothing is held', () => {
    it('reverts with NothingHeld, also the second time (E7)', async () => {
      await refused(settle(order(), [0n, 0n]), 'NothingHeld', id(order()))
      await authorize(order())
      await settle(order(), [400n, 600n])
      await refused(settle(order(), [400n, 600n]), 'NothingHeld', id(order()))
    })
  })
})
