import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
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
  disputable,
  id,
  disputed,
  state,
  refused,
} = world

const of = disputable()
const rule = (toReceiver: bigint, toPayer: bigint, from = arbiter) =>
  escrow.connect(from).rule(of, toReceiver, toPayer)
const parties = [receiver, feeRecipient, payer, address]

/** Disputes 500 and makes the next block the given number of seconds before (-) or after (+) the arbiter's last. */
async function waiting(offset: bigint, order = of): Promise<bigint> {
  await disputed(order, 500n)
  const end = BigInt((await world.time.latest()) + 3 * day)
  await world.nextBlockAt(end + offset)
  return end
}

describe('rule', () => {
  beforeEach(world.reset)

  describe('when the arbiter splits in time', () => {
    it('pays both sides and takes the fee from the receiver’s part, in its last second (E2, E12)', async () => {
      await waiting(-1n)
      const transaction = rule(200n, 300n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [198n, 2n, 300n, -500n])
      await expect(transaction).to.emit(escrow, 'OrderRuled').withArgs(id(of), 200n, 300n)
      await expect(transaction).to.emit(escrow, 'OrderReleased').withArgs(id(of), 200n, 2n)
      expect(await state(of)).to.deep.equal({
        opened: true,
        authorized: 500n,
        released: 200n,
        feeBps: 100n,
      })
    })

    it('may give everything to the receiver', async () => {
      await disputed(of, 500n)
      expect(await world.changes(() => rule(500n, 0n), parties)).to.deep.equal([495n, 5n, 0n, -500n])
    })

    it('may give everything to the payer, without a fee (E4)', async () => {
      await disputed(of, 500n)
      const transaction = rule(0n, 500n)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [0n, 0n, 500n, -500n])
      await expect(transaction).not.to.emit(escrow, 'OrderReleased')
    })

    it('leaves what was captured since alone', async () => {
      await disputed(of, 500n)
      await world.capture(of, 400n)
      await rule(500n, 0n)
      expect(await state(of)).to.deep.include({ authorized: 100n, pending: 400n, released: 500n })
    })
  })

  describe('when the parts are not what is disputed', () => {
    it('reverts with SplitMismatch (E2, E7)', async () => {
      await disputed(of, 500n)
      await refused(rule(200n, 299n), 'SplitMismatch', id(of), 499n, 500n)
      await refused(rule(200n, 301n), 'SplitMismatch', id(of), 501n, 500n)
      const most = 2n ** 96n - 1n
      await refused(rule(most, most), 'SplitMismatch', id(of), 2n * most, 500n)
    })

    it('reverts with SplitMismatch when a dispute has joined since', async () => {
      await disputed(of, 500n)
      await world.capture(of, 400n)
      await escrow.connect(payer).dispute(of)
      await refused(rule(200n, 300n), 'SplitMismatch', id(of), 500n, 900n)
    })
  })

  describe('when the arbiter’s time is over', () => {
    it('reverts with RulingTooLate in its first second', async () => {
      const end = await waiting(0n)
      await refused(rule(200n, 300n), 'RulingTooLate', id(of), end, end)
    })
  })

  describe('when nothing is disputed', () => {
    it('reverts with NothingDisputed, also the second time (E7)', async () => {
      await world.captured(of, 500n)
      await refused(rule(0n, 0n), 'NothingDisputed', id(of))
      await escrow.connect(payer).dispute(of)
      await rule(200n, 300n)
      await refused(rule(200n, 300n), 'NothingDisputed', id(of))
    })
  })

  describe('when anyone but the arbiter calls', () => {
    it('reverts with CallerIsNotArbiter (E9)', async () => {
      await disputed(of, 500n)
      for (const caller of [payer, receiver, operator, feeRecipient, stranger]) {
        await refused(rule(200n, 300n, caller), 'CallerIsNotArbiter', id(of), caller.address, arbiter.address)
      }
    })
  })
})

describe('resolveByTimeout', () => {
  beforeEach(world.reset)

  describe('when the arbiter’s time is over', () => {
    it('splits by the default share in its first second, whoever calls (E5, E12)', async () => {
      await waiting(0n)
      const transaction = escrow.connect(stranger).resolveByTimeout(of)
      await expect(transaction).to.changeTokenBalances(world.ethers, token, parties, [124n, 1n, 375n, -500n])
      await expect(transaction).to.emit(escrow, 'OrderTimedOut').withArgs(id(of), 125n, 375n)
      expect(await state(of)).to.deep.equal({
        opened: true,
        authorized: 500n,
        released: 125n,
        feeBps: 100n,
      })
    })

    it('rounds to the payer’s side and loses nothing (E2)', async () => {
      const odd = disputable({ maxAmount: 1_001n, defaultShareBps: 3_333n })
      await disputed(odd, 1_001n)
      await world.time.increase(3 * day)
      await expect(escrow.resolveByTimeout(odd))
        .to.emit(escrow, 'OrderTimedOut')
        .withArgs(id(odd), 333n, 668n)
    })

    it('ends a dispute without an arbiter', async () => {
      const alone = disputable({ arbiter: ZeroAddress, defaultShareBps: 10_000n })
      await disputed(alone, 500n)
      await world.time.increase(3 * day)
      const changes = await world.changes(() => escrow.resolveByTimeout(alone), parties)
      expect(changes).to.deep.equal([495n, 5n, 0n, -500n])
    })
  })

  describe('when the arbiter’s time is not over', () => {
    it('reverts with TimeoutTooEarly until its last second (E12)', async () => {
      const end = await waiting(-1n)
      await refused(escrow.resolveByTimeout(of), 'TimeoutTooEarly', id(of), end, end - 1n)
    })
  })

  describe('when nothing is disputed', () => {
    it('reverts with NothingDisputed, also the second time (E7)', async () => {
      await waiting(0n)
      await escrow.resolveByTimeout(of)
      await refused(escrow.resolveByTimeout(of), 'NothingDisputed', id(of))
    })
  })
})
