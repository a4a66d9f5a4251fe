import { expect } from 'chai'
import { formatLog, hashTypedData, type Hex, type RpcLog } from 'viem'
import {
  createOrder,
  encodeMilestones,
  escrowCall,
  orderId,
  rebuildOrders,
  refundPurpose,
  settlementTypedData,
  type Order,
} from '@sluice/sdk/escrow'
import {
  milestonesOf,
  refundPurpose as purposeOf,
  settlementDigest,
  type Order as Terms,
} from '../../contracts/escrow/support/order.js'
import { createEscrowWorld } from '../../contracts/escrow/support/world.js'
import { accountKey } from '../../contracts/support/ground.js'
import { day } from '../../contracts/support/terms.js'

const world = await createEscrowWorld()
const { escrow, payer, receiver, operator, arbiter, order, disputable } = world
const deployment = { chainId: world.place.chainId, contract: world.address as Hex }

/** The same terms as the SDK has them: rates and times as numbers. */
const sdkOrder = (terms: Terms): Order => {
  const { maxAmount, ...rest } = terms
  const small = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ])
  return { ...(Object.fromEntries(small) as Omit<Order, 'maxAmount'>), maxAmount }
}

/** Every log of the contract from a block on. */
const logsSince = async (block: number) => {
  const filter = { address: world.address, fromBlock: `0x${block.toString(16)}`, toBlock: 'latest' }
  const logs = (await world.ethers.provider.send('eth_getLogs', [filter])) as RpcLog[]
  return logs.map((log) => formatLog(log))
}

describe('escrow orders in the SDK', () => {
  beforeEach(world.reset)

  it('have the id that the contract gives them (E11)', async () => {
    for (const terms of [order(), disputable({ milestones: milestonesOf(1, 2) })]) {
      expect(orderId({ ...deployment, order: sdkOrder(terms) })).to.equal(await escrow.orderId(terms))
    }
  })

  it('are signed as the contract checks it (E11)', () => {
    const id = world.id(order()) as Hex
    const settlement = { orderId: id, toReceiver: 3n, toPayer: 4n, deadline: 5n }
    expect(hashTypedData(settlementTypedData(deployment, settlement))).to.equal(
      settlementDigest(world.place, settlement),
    )
    expect(refundPurpose(id)).to.equal(purposeOf(id))
  })

  it('are called as the contract reads it', async () => {
    const call = escrowCall(deployment.contract, 'authorize', [sdkOrder(order()), 700n, '0x'])
    await payer.sendTransaction(call)
    expect(await world.state(order())).to.deep.include({ authorized: 700n })
  })

  it('are rebuilt from the chain alone, however the logs are cut (E2)', async () => {
    const [payerKey, receiverKey] = [accountKey(world, 0), accountKey(world, 1)]
    const start = (await world.ethers.provider.getBlockNumber()) + 1
    const paid = await world.captured(order(), 400n)
    await escrow.connect(receiver).refund(paid, 150n, '0x')
    await escrow.connect(receiver).void(paid)
    const disputed = await world.disputed(disputable(), 500n)
    await world.capture(disputed, 100n)
    await world.time.increase(day)
    await world.capture(disputed, 200n)
    await escrow.connect(arbiter).rule(disputed, 120n, 380n)
    await escrow.connect(operator).refund(disputed, 50n, '0x')
    const byMilestone = disputable({ milestones: milestonesOf(1, 3) })
    await world.captured(byMilestone, 100n)
    await escrow.connect(payer).releaseMilestone(byMilestone, 0n)
    const settled = await world.captured(disputable({ maxAmount: 999n }), 600n)
    const sides = [payerKey, receiverKey].map((key) => world.signSettlement(settled, [900n, 99n], key))
    await escrow.settle(settled, 900n, 99n, 2n ** 256n - 1n, sides[0] ?? '', sides[1] ?? '')

    const logs = await logsSince(start)
    const whole = rebuildOrders({}, logs, deployment)
    for (const terms of [paid, disputed, byMilestone, settled]) {
      const rebuilt = whole[world.id(terms) as Hex]
      const { authorized, pending, disputed: frozen, released } = await escrow.orderState(world.id(terms))
      expect(rebuilt).to.deep.include({ authorized, pending, disputed: frozen, released })
      expect(rebuilt?.order.maxAmount).to.equal(terms.maxAmount)
    }
    for (let cut = 0; cut <= logs.length; ++cut) {
      const first = rebuildOrders({}, logs.slice(0, cut), deployment)
      expect(rebuildOrders(first, logs.slice(cut), deployment)).to.deep.equal(whole)
    }
  })

  it('are not rebuilt from logs of another contract', async () => {
    const start = (await world.ethers.provider.getBlockNumber()) + 1
    await world.authorize(order())
    const elsewhere = { ...deployment, contract: payer.address as Hex }
    expect(rebuildOrders({}, await logsSince(start), elsewhere)).to.deep.equal({})
    const otherChain = { ...deployment, chainId: 1 }
    expect(rebuildOrders({}, await logsSince(start), otherChain)).to.deep.equal({})
  })

  it('are refused when the contract would refuse their terms', () => {
    const refused: [Partial<Order>, string][] = [
      [{ maxAmount: 0n }, 'maxAmount 0, expected 1 to'],
      [{ minFeeBps: 600 }, 'maxFeeBps 500, expected 600 to 10000'],
      [{ defaultShareBps: 10_001 }, 'defaultShareBps 10001, expected 0 to 10000'],
      [{ disputeWindow: 90 * day + 1 }, 'disputeWindow 7776001, expected 0 to 7776000'],
      [{ refundDeadline: 1 }, 'refundDeadline 1, expected'],
      [{ disputeWindow: 0 }, 'disputeWindow 0, arbiter'],
      [{ feeRecipient: `0x${'0'.repeat(40)}` }, 'maxFeeBps 500, feeRecipient zero'],
    ]
    for (const [change, details] of refused) {
      expect(() => createOrder({ ...sdkOrder(disputable()), ...change }))
        .to.throw()
        .with.property('details')
        .that.includes(details)
    }
    expect(createOrder(sdkOrder(disputable()))).to.deep.equal(sdkOrder(disputable()))
  })

  it('are cut into milestones of exactly the amounts given', () => {
    expect(encodeMilestones([100n, 300n, 50n])).to.equal(milestonesOf(2, 6, 1))
    expect(encodeMilestones([7n])).to.equal(milestonesOf(1))
    for (const amounts of [[], [0n], Array<bigint>(17).fill(1n), [1n, 65_536n]]) {
      expect(() => encodeMilestones(amounts))
        .to.throw()
        .with.property('code', 'invalid-argument')
    }
  })
})
