import { subscriptionsDomain } from '../domains.js'
import type { Address, Deployment, Hex } from '../types.js'
import { planId, subscriptionId } from './ids.js'
import type { Plan } from './types.js'

const last = [
  { name: 'nonce', type: 'uint16' },
  { name: 'deadline', type: 'uint256' },
] as const

/** EIP-712 types of what a subscriber signs. */
export const consentTypes = {
  Subscribe: [
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'maxPrice', type: 'uint96' },
    { name: 'start', type: 'uint32' },
    { name: 'end', type: 'uint32' },
    ...last,
  ],
  Request: [{ name: 'action', type: 'string' }, { name: 'subscriptionId', type: 'bytes32' }, ...last],
  ChangePlan: [
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'newPlanId', type: 'bytes32' },
    { name: 'maxPrice', type: 'uint96' },
    ...last,
  ],
  Withdraw: [
    { name: 'subscriptionId', type: 'bytes32' },
    { name: 'to', type: 'address' },
    { name: 'amount', type: 'uint96' },
    ...last,
  ],
} as const

/**
 * What a subscriber signs for an action that somebody else submits, so that it needs no coin for gas. Serves once.
 *
 * @param parameters the deployment, the plan, the subscriber, its present nonce (`getSubscription`), the action, and the
 * last second at which the signature is good
 * @returns what `signTypedData` takes; signature and deadline are the `consent` of the call
 *
 * @example
 * ```ts
 * import type { LocalAccount } from 'viem'
 * import { consentTypedData } from '@sluice/sdk/subscription'
 *
 * const sign = (account: LocalAccount, parameters: consentTypedData.Parameters) =>
 *   account.signTypedData(consentTypedData(parameters))
 * ```
 */
export function consentTypedData(parameters: consentTypedData.Parameters) {
  const { chainId, contract, plan, subscriber, nonce, deadline, action } = parameters
  const idOf = (of: Plan) => planId({ chainId, contract, plan: of })
  const id = subscriptionId({ planId: idOf(plan), subscriber })
  const domain = subscriptionsDomain({ chainId, contract })
  return { domain, types: consentTypes, ...messageOf(action, { subscriptionId: id, nonce, deadline }, idOf) }
}

export declare namespace consentTypedData {
  type Parameters = Deployment & {
    readonly plan: Plan
    readonly subscriber: Address
    readonly nonce: number
    readonly deadline: bigint
    readonly action: ConsentAction
  }
}

/** What a subscriber can agree to by signature. */
export type ConsentAction =
  | { readonly type: 'subscribe'; readonly maxPrice: bigint; readonly start: number; readonly end: number }
  | { readonly type: 'pause' | 'resume' | 'cancel' }
  | { readonly type: 'change'; readonly newPlan: Plan; readonly maxPrice: bigint }
  | { readonly type: 'withdraw'; readonly to: Address; readonly amount: bigint }

type Common = { readonly subscriptionId: Hex; readonly nonce: number; readonly deadline: bigint }

function messageOf(action: ConsentAction, common: Common, idOf: (plan: Plan) => Hex) {
  switch (action.type) {
    case 'subscribe': {
      const { maxPrice, start, end } = action
      return { primaryType: 'Subscribe', message: { ...common, maxPrice, start, end } } as const
    }
    case 'change': {
      const { newPlan, maxPrice } = action
      return {
        primaryType: 'ChangePlan',
        message: { ...common, newPlanId: idOf(newPlan), maxPrice },
      } as const
    }
    case 'withdraw': {
      const { to, amount } = action
      return { primaryType: 'Withdraw', message: { ...common, to, amount } } as const
    }
    default:
      return { primaryType: 'Request', message: { ...common, action: action.type } } as const
  }
}
