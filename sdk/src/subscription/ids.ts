import { encodeAbiParameters, keccak256, type AbiParameter } from 'viem'
import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import { planArgument } from './call.js'
import type { Plan, SubscriptionTerms } from './types.js'

const planWords = [
  { type: 'uint256' },
  { type: 'address' },
  {
    type: 'tuple',
    components: [
      { name: 'merchant', type: 'address' },
      { name: 'token', type: 'address' },
      { name: 'price', type: 'uint96' },
      { name: 'tip', type: 'uint96' },
      { name: 'unit', type: 'uint8' },
      { name: 'period', type: 'uint32' },
      { name: 'trial', type: 'uint32' },
      { name: 'grace', type: 'uint32' },
      { name: 'salt', type: 'bytes32' },
    ],
  },
] as const

/**
 * The id of a plan: `keccak256(abi.encode(chainId, contract, plan))`.
 *
 * @param parameters the deployment and the terms
 * @returns 32 bytes, lower case
 * @throws SluiceError `invalid-argument` when a field does not fit its width or is no address
 *
 * @example
 * ```ts
 * import type { Deployment } from '@sluice/sdk'
 * import { planId, type Plan } from '@sluice/sdk/subscription'
 *
 * const idOf = (deployment: Deployment, plan: Plan) => planId({ ...deployment, plan })
 * ```
 */
export function planId({ chainId, contract, plan }: planId.Parameters): Hex {
  return hash(planWords, [BigInt(chainId), contract, planArgument(plan)])
}

export declare namespace planId {
  type Parameters = Deployment & { readonly plan: Plan }
  type ReturnType = Hex
  type ErrorType = SluiceError
}

/**
 * The id of a subscriber's subscription to a plan: `keccak256(abi.encode(planId, subscriber))`.
 *
 * @param parameters the plan's id and the subscriber
 * @returns 32 bytes, lower case
 * @throws SluiceError `invalid-argument`
 *
 * @example
 * ```ts
 * import { subscriptionId } from '@sluice/sdk/subscription'
 *
 * const idOf = (planId: `0x${string}`, subscriber: `0x${string}`) => subscriptionId({ planId, subscriber })
 * ```
 */
export function subscriptionId({ planId, subscriber }: subscriptionId.Parameters): Hex {
  return hash([{ type: 'bytes32' }, { type: 'address' }], [planId, subscriber])
}

export declare namespace subscriptionId {
  type Parameters = { readonly planId: Hex; readonly subscriber: Address }
  type ReturnType = Hex
  type ErrorType = SluiceError
}

/**
 * What a payment that subscribes is bound to: the hash of subscription, highest price, start and end.
 *
 * @param id the subscription's
 * @param terms what the subscriber agrees to
 */
export function subscribePurpose(id: Hex, { maxPrice, start, end }: SubscriptionTerms): Hex {
  const words = [{ type: 'bytes32' }, { type: 'uint96' }, { type: 'uint32' }, { type: 'uint32' }]
  return hash(words, [id, maxPrice, start, end])
}

function hash(words: readonly AbiParameter[], values: readonly unknown[]): Hex {
  try {
    return keccak256(encodeAbiParameters(words, values))
  } catch (error) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The terms of this plan are not in the right form.',
      details: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}
