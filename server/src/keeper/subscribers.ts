import type { Client } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import { z } from 'zod'
import type { Deployment } from '@sluice/sdk'
import { nothingRebuilt, rebuildSubscriptions, type Rebuilt } from '@sluice/sdk/subscription'
import { asking } from '../chain/rpc.js'
import type { MetaStore } from '../store/ports.js'

/** Plans and subscribers as the events tell them, kept in memory and, with how far the chain was read, in the store. */
export type SubscriberList = {
  /** Reads what came since. */
  readonly update: () => Promise<Rebuilt>
}

/** Blocks that are left out until they are that deep, so that what was read is not undone. */
const depth = 3n
/** Blocks in one request. */
const pieceLength = 2_000n

const hex = z.templateLiteral(['0x', z.string()])
const amount = z.string().transform((text) => BigInt(text))
const plan = z.object({
  merchant: hex,
  token: hex,
  price: amount,
  tip: amount,
  unit: z.enum(['second', 'month']),
  period: z.number(),
  trial: z.number(),
  grace: z.number(),
  salt: hex,
})
const subscription = z.object({
  subscriptionId: hex,
  planId: hex,
  subscriber: hex,
  price: amount,
  paidUntil: z.number(),
  end: z.number(),
  paused: z.boolean(),
  charged: amount,
})
const stored = z.object({
  nextBlock: amount,
  plans: z.record(hex, z.object({ planId: hex, plan, price: amount })),
  subscriptions: z.record(hex, subscription),
})

/**
 * Makes a list. It is only a hint who to ask about: what is due, the contract says.
 *
 * @param parameters
 * - `client`: reads the chain
 * - `deployment`: where `Subscriptions` is
 * - `meta`: where the list is kept
 * - `firstBlock`: before which there is nothing; default 0
 * - `confirmations`: blocks, the newest included, that are left out for now; default 3
 */
export function createSubscriberList(parameters: {
  readonly client: Client
  readonly deployment: Deployment
  readonly meta: MetaStore
  readonly firstBlock?: bigint
  readonly confirmations?: number
}): SubscriberList {
  const { client, deployment, meta, firstBlock = 0n } = parameters
  const confirmations = parameters.confirmations === undefined ? depth : BigInt(parameters.confirmations)
  const key = `subscribers:${deployment.chainId}:${deployment.contract}`
  let known: Rebuilt = nothingRebuilt
  let nextBlock: bigint | undefined

  async function load(): Promise<bigint> {
    const text = await meta.get(key)
    if (text === undefined) return firstBlock
    const before = stored.parse(JSON.parse(text))
    known = { plans: before.plans, subscriptions: before.subscriptions }
    return before.nextBlock
  }

  async function save(): Promise<void> {
    const text = JSON.stringify({ nextBlock, ...known }, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
    await meta.set(key, text)
  }

  return {
    async update() {
      let from = nextBlock ?? (await load())
      const latest = await asking('eth_blockNumber', () => getBlockNumber(client, { cacheTime: 0 }))
      const last = latest - confirmations + 1n
      while (from <= last) {
        const toBlock = from + pieceLength - 1n < last ? from + pieceLength - 1n : last
        const range = { address: deployment.contract, fromBlock: from, toBlock }
        const logs = await asking('eth_getLogs', () => getLogs(client, range))
        known = rebuildSubscriptions(known, logs, deployment)
        from = toBlock + 1n
        nextBlock = from
        await save()
      }
      nextBlock = from
      return known
    },
  }
}
