import { padHex } from 'viem'
import { escrowAddresses } from '../addresses.js'
import { resolveDeployment, type ChainClient, type ReadParameters } from '../chain/context.js'
import { scanRelatedLogs } from '../chain/relatedLogs.js'
import { searchedBlocks, type SearchParameters } from '../chain/search.js'
import type { SluiceError } from '../errors.js'
import { isSame } from '../payment/prepare.js'
import type { Address, Hex } from '../types.js'
import { authorizedTopic, orderEventTopics, readEvent } from './events.js'
import type { Order } from './order.js'
import { escrow } from './product.js'
import { rebuildOrders, type RebuiltOrders } from './rebuild.js'

/**
 * Rebuilds every order of an account from events alone: the terms from the event that authorized it, checked against
 * their own hash, and where the money is from the events since. What it returns is plain data: keep it and pass it as
 * `since`, and only the blocks after it are read.
 *
 * @param client any viem client
 * @param parameters the account, its role, what was found before, and the blocks to search
 * @returns the orders by id, and the block to go on from
 * @throws SluiceError `rpc-unreachable`, `wrong-chain`, `invalid-argument`
 *
 * @example
 * ```ts
 * import type { Address, PublicClient } from 'viem'
 * import { findOrders, type FoundOrders } from '@sluice/sdk/escrow'
 *
 * async function update(client: PublicClient, arbiter: Address, since?: FoundOrders) {
 *   return await findOrders(client, { account: arbiter, role: 'arbiter', since, confirmations: 12 })
 * }
 * ```
 */
export async function findOrders(
  client: ChainClient,
  parameters: findOrders.Parameters,
): Promise<findOrders.ReturnType> {
  const deployment = await resolveDeployment(client, parameters, escrow)
  const { account, role = 'party', since, onProgress } = parameters
  const { contract, chainId } = deployment
  const blocks = await searchedBlocks(client, parameters, since?.cursor, escrowAddresses[chainId])
  let orders: RebuiltOrders = since?.orders ?? {}
  await scanRelatedLogs(
    client,
    {
      contract,
      roots: rootsOf(account, role),
      about: (ids) => [[orderEventTopics, ids]],
      known: Object.values(orders).map(({ orderId }) => orderId),
      idsOf: (log) => {
        const event = readEvent(log, deployment)
        return event?.type === 'authorized' && concerns(event.order, account, role) ? [event.orderId] : []
      },
    },
    blocks,
    blocks.pieceLength,
    (logs, block) => {
      const own = logs.filter((log) => {
        const event = readEvent(log, deployment)
        // Who arbitrates or operates is in no topic, so that orders of others come along; and a node may ignore filters.
        return event?.type !== 'authorized' || concerns(event.order, account, role)
      })
      orders = rebuildOrders(orders, own, deployment)
      onProgress?.({ block, toBlock: blocks.toBlock, found: Object.keys(orders).length })
    },
  )
  return { orders, cursor: blocks.cursor }
}

/** Orders, and the first block that was not searched for them. Plain data, to be kept and passed on as `since`. */
export type FoundOrders = { readonly orders: RebuiltOrders; readonly cursor: bigint }

export declare namespace findOrders {
  /** `party`: payer or receiver. Events are not found by operator or arbiter: for these, every order's first one is read. */
  type Role = 'party' | 'payer' | 'receiver' | 'operator' | 'arbiter'
  type Parameters = ReadParameters &
    SearchParameters & {
      readonly account: Address
      /** Default `party`. */
      readonly role?: Role | undefined
      /** What an earlier search of the same account, role and contract returned. */
      readonly since?: FoundOrders | undefined
    }
  type ReturnType = FoundOrders
  type ErrorType = SluiceError
}

type Topics = readonly (Hex | readonly Hex[] | null)[]

function rootsOf(account: Address, role: findOrders.Role): readonly Topics[] {
  const topic = padHex(account, { size: 32 })
  const asPayer: Topics = [authorizedTopic, null, topic]
  const asReceiver: Topics = [authorizedTopic, null, null, topic]
  switch (role) {
    case 'payer':
      return [asPayer]
    case 'receiver':
      return [asReceiver]
    case 'party':
      return [asPayer, asReceiver]
    default:
      return [[authorizedTopic]]
  }
}

function concerns(order: Order, account: Address, role: findOrders.Role): boolean {
  const roles = role === 'party' ? (['payer', 'receiver'] as const) : [role]
  return roles.some((each) => isSame(order[each], account))
}
