import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import {
  act,
  releaseIn,
  type OrderCallParameters,
  type OrderParameters,
  type OrderReceipt,
  type Release,
} from './act.js'
import { escrowCall } from './call.js'

/**
 * Sends what is left of the current milestone to the receiver, captured or not. For the payer, who names the milestone so
 * that an old click never pays the next one.
 *
 * @param client a wallet client
 * @param parameters the terms and the milestone's number, from zero
 * @returns what went to the receiver's side, base units
 * @throws SluiceError `not-allowed`, `nothing-held`, `deadline-not-reached`, `invalid-argument`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { releaseMilestone, type Order } from '@sluice/sdk/escrow'
 *
 * async function acceptFirst(wallet: WalletClient, order: Order) {
 *   const { released } = await releaseMilestone(wallet, { order, milestone: 0 })
 *   return released
 * }
 * ```
 */
export async function releaseMilestone(
  client: ChainClient,
  parameters: releaseMilestone.Parameters,
): Promise<releaseMilestone.ReturnType> {
  const transaction = await act(client, parameters, (contract) =>
    releaseMilestoneCall({ ...parameters, contract }),
  )
  return { ...transaction.receipt, ...releaseIn(transaction) }
}

export declare namespace releaseMilestone {
  type Parameters = OrderParameters & {
    /** From zero. */
    readonly milestone: number
  }
  type ReturnType = OrderReceipt & Release
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link releaseMilestone}.
 *
 * @param parameters the contract, the terms and the milestone's number, from zero
 *
 * @example
 * ```ts
 * import { releaseMilestoneCall, type Order } from '@sluice/sdk/escrow'
 *
 * const calldata = (contract: `0x${string}`, order: Order) =>
 *   releaseMilestoneCall({ contract, order, milestone: 0 }).data
 * ```
 */
export function releaseMilestoneCall(parameters: releaseMilestoneCall.Parameters): ContractCall {
  const { contract, order, milestone } = parameters
  return escrowCall(contract, 'releaseMilestone', [order, BigInt(milestone)])
}

export declare namespace releaseMilestoneCall {
  type Parameters = OrderCallParameters & {
    /** From zero. */
    readonly milestone: number
  }
}
