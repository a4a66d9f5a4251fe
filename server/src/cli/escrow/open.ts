import { escrowAddress, type Address, type Hex } from '@sluice/sdk'
import { orderId, type Order } from '@sluice/sdk/escrow'
import type { TokenInfo } from '../amounts.js'
import { reachChain, readToken, type ChainConnection } from '../chain.js'
import type { Context } from '../command.js'
import { openJournal, type Journal } from '../journal.js'
import { loadSigner, type Signer } from '../signer.js'
import type { OrderOptions, SendOptions } from './options.js'
import { readOrderFile } from './orderFile.js'

/** An order and the chain it is on. */
export type OpenedOrder = {
  readonly connection: ChainConnection
  readonly contract: Address
  readonly order: Order
  readonly orderId: Hex
  readonly token: TokenInfo
  readonly journal: Journal
}

/** An order, the chain it is on, and somebody who can sign. */
export type OpenedForSending = OpenedOrder & Signer

/**
 * Reads the order and reaches its chain.
 *
 * @param context the verb's
 */
export async function openOrder({ io, options }: Context<OrderOptions>): Promise<OpenedOrder> {
  const { chainId, order } = await readOrderFile(io, options.order)
  const connection = await reachChain(options.rpc ?? io.env['SLUICE_RPC'], chainId)
  const contract = options.contract ?? escrowAddress
  const id = orderId({ chainId, contract, order })
  return {
    connection,
    contract,
    order,
    orderId: id,
    token: await readToken(connection, order.token),
    journal: await openJournal(io, options.order, id),
  }
}

/**
 * Reads the order, reaches its chain and loads the key.
 *
 * @param context the verb's
 * @throws CommandError exit code 2 without a key, 3 for a key that everybody has on a public chain
 */
export async function openForSending(context: Context<SendOptions>): Promise<OpenedForSending> {
  const opened = await openOrder(context)
  return { ...opened, ...(await loadSigner(context, opened.connection)) }
}
