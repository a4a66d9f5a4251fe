import type { ContractFunctionArgs, ContractFunctionName } from 'viem'
import { subscriptionsFunctions } from '../abi/subscriptionsFunctions.js'
import { contractCall, type ContractCall } from '../chain/call.js'
import type { Address } from '../types.js'
import type { Consent, Plan } from './types.js'

type WriteName = ContractFunctionName<typeof subscriptionsFunctions, 'nonpayable' | 'payable'>

/**
 * Builds a call of `Subscriptions`. Those that take a plan have builders of their own.
 *
 * @param contract address of `Subscriptions`
 * @param functionName one of its state-changing functions
 * @param args the function's arguments
 * @param value native coin to send, in wei
 *
 * @example
 * ```ts
 * import { subscriptionsCall } from '@sluice/sdk/subscription'
 *
 * const takeOut = (contract: `0x${string}`, token: `0x${string}`, to: `0x${string}`) =>
 *   subscriptionsCall(contract, 'withdrawOwed', [token, to])
 * ```
 */
export function subscriptionsCall<name extends WriteName>(
  contract: Address,
  functionName: name,
  args: ContractFunctionArgs<typeof subscriptionsFunctions, 'nonpayable' | 'payable', name> &
    readonly unknown[],
  value = 0n,
): ContractCall {
  return contractCall(subscriptionsFunctions, contract, functionName, args, value)
}

/** A plan as the contract takes it. */
export type PlanArgument = Omit<Plan, 'unit'> & { readonly unit: number }

/**
 * A plan as the contract takes it.
 *
 * @param plan the terms
 */
export function planArgument(plan: Plan): PlanArgument {
  return { ...plan, unit: plan.unit === 'month' ? 1 : 0 }
}

/**
 * A plan as the contract tells it.
 *
 * @param argument of an event
 */
export function planOf(argument: PlanArgument): Plan {
  return { ...argument, unit: argument.unit === 1 ? 'month' : 'second' }
}

/**
 * A consent as the contract takes it.
 *
 * @param consent the subscriber's signature; without one the caller is the subscriber
 */
export function consentArgument(consent: Consent | undefined): Consent {
  return consent ?? { deadline: 0n, signature: '0x' }
}
