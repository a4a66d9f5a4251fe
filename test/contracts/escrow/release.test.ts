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
  disputable,
  id,
  captured,
  state,
  refused,
} = world

const of = disputable()
const release = (from = stranger) => escrow.connect(from).release(of)

/** Captures 500 at 2 % and makes the next block the given number of seconds before (-) or after (+) the window's end. */
async function waiting(offset: bigint): Promise<bigint> {
  await captured(of, 500n, 200n)
  const end = BigInt((await world.time.latest()) + day)
  await world.nextBlockAt(end + offset)
  return end
}

describe('release', () => {
  beforeEach(world.reset)

  describe('when the dispute window is over', () => {
    it('pays the receiver less the fee in its first second, whoever calls (E6)', async () => {
      await waiting(0n)
      const transaction = release()
      await expect(transaction).to.changeTokenBalances(
        world.ethers,
        token,
        [receiver, feeRecipient, stranger, address],
        [490n, 10n, 0n, -500n],
      )
      await expect(transaction).to.emit(escrow, 'OrderReleased').withArgs(id(of), 500n, 10n)
      expect(await state(of)).to.deep.equal({
        opened: true,
        authorized: 500n,
        released: 500n,
        feeBps: 200n,
      })
    })

    it('leaves what is disputed alone (E12)', async () => {
      await world.disputed(of, 300n)
      await world.capture(of, 200n)
      await world.time.increase(day)
      expect(await world.changes(() => release(), [receiver, feeRecipient])).to.deep.equal([198n, 2n])
      expect(await state(of)).to.deep.include({ disputed: 300n, released: 200n })
    })
  })

  describe('when the dispute window is not over', () => {
    it('reverts with ReleaseTooEarly for everyone but the payer, until its last second (E9)', async () => {
      const end = await waiting(-10n)
      await refused(release(), 'ReleaseTooEarly', id(of), end, end - 10n)
      for (const [index, caller] of [receiver, operator, arbiter].entries()) {
        const second = end - 3n + BigInt(index)
        await world.nextBlockAt(second)
        await refused(release(caller), 'ReleaseTooEarly', id(of), end, second)
      }
    })

    it('pays when the payer calls', async () => {
      await captured(of, 500n)
      expect(await world.changes(() => release(payer), [receiver, feeRecipient])).to.deep.equal([495n, 5n])
    })
  })

  describe('when nothing is pending', () => {
    it('reverts with NothingPending, also the second time (E7)', async () => {
      await refused(release(), 'NothingPending', id(of))
      await waiting(0n)
      await release()
      await refused(release(payer), 'NothingPending', id(of))
    })
  })
})
