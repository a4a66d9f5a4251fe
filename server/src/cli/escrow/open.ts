import { escrowAddress, type Address, type Hex } from '@sluice/sdk'
import { orderId, type Order } from '@sluice/sdk/escrow'
import type { Context } from '../command.js'
import { openTerms, type OpenedTerms } from '../openTerms.js'
import { loadSigner, type Signer } from '../signer.js'
import type { OrderOptions, SendOptions } from './options.js'
import { readOrderFile } from './orderFile.js'

/** An order and the chain it is on. */
export type OpenedOrder = OpenedTerms & {
  readonly contract: Address
  readonly order: Order
  readonly orderId: Hex
}

/** An order, the chain it is on, and somebody who can sign. */
export type OpenedForSending = OpenedOrder & Signer

/**
 * Reads the order and reaches its chain.
 *
 * @param context the verb's
 */
export async function openOrder(context: Context<OrderOptions>): Promise<OpenedOrder> {
  const { io, options } = context
  const { chainId, order } = await readOrderFile(io, options.order)
  const contract = options.contract ?? escrowAddress
  const id = orderId({ chainId, contract, order })
  const { token } = order
  const opened = await openTerms(context, { id, file: options.order, chainId, token })
  return { ...opened, contract, order, orderId: id }
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
