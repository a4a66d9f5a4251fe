import { expect } from 'chai'
import type { Address } from 'viem'
import {
  authorize,
  capture,
  dispute,
  findOrders,
  getOrder,
  refund,
  voidOrder,
  watchOrder,
  type FoundOrders,
} from '@sluice/sdk/escrow'
import { collector } from '../collector.js'
import { createEscrowWorld, failure, hour, type EscrowWorld, type Person } from './world.js'

const disputable = { disputeWindow: hour, rulingWindow: hour }

/** What a program that stops keeps of a search, written as text and read again. */
function keptAsText(found: FoundOrders): FoundOrders {
  const text = JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as FoundOrders
}

describe('sdk escrow: finding orders again', () => {
  let world: EscrowWorld
  let contract: Address
  let token: Address
  let payer: Person
  let stranger: Person

  before(async () => {
    world = await createEscrowWorld()
    contract = world.contract
    token = await world.deploy('PlainToken')
    ;[payer, stranger] = [await world.person(), await world.person()]
    for (const person of [payer, stranger]) {
      await world.mint(token, person.address, 10_000n)
      await world.callToken(person, token, 'approve', [contract, 10_000n])
    }
  })
  after(() => world.stop())

  const paid = async (by: Person, change: Parameters<EscrowWorld['orderOf']>[2] = {}) => {
    const order = await world.orderOf(by.address, token, { maxAmount: 100n, ...change })
    const { orderId } = await authorize(by.local, { contract, order })
    return { order, orderId }
  }

  it('rebuilds them from events alone, in one go or going on where it ended (E2)', async () => {
    const { receiver, arbiter } = world
    const first = await paid(payer)
    await capture(receiver.local, { contract, order: first.order, amount: 60n })
    const about = { contract, account: payer.address, role: 'payer' } as const
    const before = await findOrders(world.reader, about)
    expect(Object.keys(before.orders)).to.deep.equal([first.orderId])

    const second = await paid(payer, { ...disputable, arbiter: arbiter.address })
    await capture(receiver.local, { contract, order: second.order, amount: 40n })
    await dispute(payer.local, { contract, order: second.order })
    await voidOrder(receiver.local, { contract, order: first.order })
    await paid(stranger)

    const progress: bigint[] = []
    const goneOn = await findOrders(world.reader, {
      ...about,
      since: keptAsText(before),
      blockRange: 2n,
      onProgress: ({ block }) => progress.push(block),
    })
    expect(progress[0]).to.equal(before.cursor + 1n)
    expect(goneOn).to.deep.equal(await findOrders(world.reader, about))
    expect(Object.keys(goneOn.orders).sort()).to.deep.equal([first.orderId, second.orderId].sort())
    for (const rebuilt of Object.values(goneOn.orders)) {
      const { authorized, pending, disputed, released } = await getOrder(world.reader, {
        contract,
        ...rebuilt,
        order: undefined,
      })
      expect(rebuilt).to.include({ authorized, pending, disputed, released })
      const { taken, returned } = rebuilt
      expect(taken).to.equal(authorized + pending + disputed + released + returned)
    }
    expect(goneOn.orders[second.orderId]?.order).to.deep.equal(second.order)
  })

  it('finds those of a receiver, an operator or an arbiter, and of nobody else', async () => {
    const [operator, arbiter, receiver] = [await world.person(), await world.person(), await world.person()]
    const parties = { operator: operator.address, arbiter: arbiter.address, receiver: receiver.address }
    const { orderId, order } = await paid(payer, { ...disputable, ...parties })
    await capture(operator.local, { contract, order, amount: 3n })
    await refund(operator.local, { contract, order, amount: 1n })
    for (const [role, account] of [
      ['receiver', receiver.address],
      ['party', receiver.address],
      ['operator', operator.address],
      ['arbiter', arbiter.address],
    ] as const) {
      const { orders } = await findOrders(world.reader, { contract, account, role })
      expect(Object.keys(orders), role).to.deep.equal([orderId])
      expect(orders[orderId]).to.include({ authorized: 97n, pending: 2n, returned: 1n })
    }
    const { orders } = await findOrders(world.reader, {
      contract,
      account: arbiter.address,
      role: 'receiver',
    })
    expect(orders).to.deep.equal({})
  })

  it('leaves out blocks that are not deep enough to be kept', async () => {
    const { orderId } = await paid(payer)
    const account = payer.address
    const shallow = await findOrders(world.reader, { contract, account, confirmations: 2 })
    expect(shallow.orders[orderId]).to.equal(undefined)
    expect(shallow.cursor).to.equal(await world.reader.getBlockNumber())
    const deep = await findOrders(world.reader, { contract, account, since: shallow })
    expect(deep.orders[orderId]).to.include({ authorized: 100n })
    const error = await failure(findOrders(world.reader, { contract, account, confirmations: 0 }))
    expect(error).to.include({ code: 'invalid-argument', details: 'confirmations 0, expected 1 or more' })
  })

  it('tells what happens to them as it happens', async () => {
    const { orderId, order } = await paid(payer)
    const seen = collector<watchOrder.Event>()
    const stop = watchOrder(world.reader, { contract, orderId, fromBlock: 0n, ...seen })
    await capture(world.receiver.local, { contract, order, amount: 5n })
    await seen.until(() => seen.events.length === 3)
    stop()
    expect(seen.events.map(({ type }) => type)).to.deep.equal(['authorized', 'captured', 'released'])
    expect(seen.errors).to.deep.equal([])
  })
})
