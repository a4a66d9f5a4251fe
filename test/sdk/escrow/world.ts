import { padHex, numberToHex, type Address } from 'viem'
import { createOrder, type Order } from '@sluice/sdk/escrow'
import { createChainWorld } from '../chainWorld.js'

export { failure, permit2Address, type Person } from '../chainWorld.js'

export const hour = 60 * 60
export const day = 24 * hour

/** One chain in this process with the contract and the parties of its orders. */
export async function createEscrowWorld() {
  const world = await createChainWorld('Escrow')
  const [receiver, arbiter] = [await world.person(), await world.person()]
  let orders = 0n

  const now = async () => (await world.reader.getBlock()).timestamp

  /** Terms that no other order has: a day to capture, another to refund. */
  const orderOf = async (payer: Address, token: Address, change: Partial<Order> = {}): Promise<Order> => {
    const captureDeadline = Number(await now()) + day
    orders += 1n
    return createOrder({
      payer,
      receiver: receiver.address,
      token,
      maxAmount: 5_000_000n,
      captureDeadline,
      refundDeadline: captureDeadline + day,
      salt: padHex(numberToHex(orders)),
      ...change,
    })
  }

  return { ...world, receiver, arbiter, now, orderOf }
}

export type EscrowWorld = Awaited<ReturnType<typeof createEscrowWorld>>
