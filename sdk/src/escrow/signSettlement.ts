import {
  resolveAccount,
  resolveDeployment,
  type AccountParameters,
  type ChainClient,
  type ReadParameters,
} from '../chain/context.js'
import { signTyped } from '../chain/signTyped.js'
import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { orderId, type Order } from './order.js'
import { escrow } from './product.js'
import { settlementTypedData } from './purposes.js'

/**
 * Agrees to a split of everything that an order holds, for the other side to {@link settle}: one prompt and no gas.
 *
 * @param client a wallet client of the payer, the receiver or its operator
 * @param parameters the terms, both parts in base units, and the deadline
 * @returns the signature that `settle` takes
 * @throws SluiceError wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { signSettlement, type Order } from '@sluice/sdk/escrow'
 *
 * const agree = (payer: WalletClient, order: Order, deadline: bigint) =>
 *   signSettlement(payer, { order, toReceiver: 0n, toPayer: order.maxAmount, deadline })
 * ```
 */
export async function signSettlement(
  client: ChainClient,
  parameters: signSettlement.Parameters,
): Promise<Hex> {
  const { order, toReceiver, toPayer, deadline } = parameters
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, escrow)
  const settlement = { orderId: orderId({ ...deployment, order }), toReceiver, toPayer, deadline }
  return await signTyped(client, account, settlementTypedData(deployment, settlement), escrow)
}

export declare namespace signSettlement {
  type Parameters = ReadParameters &
    AccountParameters & {
      readonly order: Order
      /** Base units, of which the fee is taken. */
      readonly toReceiver: bigint
      /** Base units. */
      readonly toPayer: bigint
      /** Last second in which the agreement holds. */
      readonly deadline: bigint
    }
  type ReturnType = Hex
  type ErrorType = SluiceError
}
