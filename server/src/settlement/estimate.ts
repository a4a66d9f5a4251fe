import type { Address } from '@sluice/sdk'
import type { Action } from './plan.js'
import { worthInWei, type SettlementPolicy } from './policy.js'

/** What settling would bring and cost at one moment. */
export type Estimate = {
  /** Channels that would be claimed or closed. */
  readonly channels: number
  readonly transactions: number
  /** Units of gas the policy reckons with. */
  readonly gas: bigint
  /** Wei a unit of gas costs now. */
  readonly gasPrice: bigint
  /** Wei: what the gas would cost. */
  readonly cost: bigint
  /** Wei the account that pays the gas has. */
  readonly balance: bigint
  /** By token: what would come in, base units, and its worth in wei where the policy knows a price. */
  readonly gains: readonly {
    readonly token: Address
    readonly amount: bigint
    readonly worth: bigint | undefined
  }[]
}

/** The cost and gain of a plan. Pure. */
export function estimateOf(parameters: {
  readonly actions: readonly Action[]
  readonly gasPrice: bigint
  readonly balance: bigint
  readonly policy: Pick<SettlementPolicy, 'gas' | 'price'>
}): Estimate {
  const { actions, gasPrice, balance, policy } = parameters
  const amounts = new Map<Address, bigint>()
  let channels = 0
  let gas = 0n
  for (const action of actions) {
    const claims = action.kind === 'claim' ? action.claims : [action]
    channels += claims.length
    gas +=
      action.kind === 'claim'
        ? policy.gas.batch + policy.gas.perClaim * BigInt(claims.length)
        : policy.gas.close
    for (const { record, amount } of claims) {
      const { token } = record.channel
      const gain = amount > record.claimed ? amount - record.claimed : 0n
      amounts.set(token, (amounts.get(token) ?? 0n) + gain)
    }
  }
  const gains = [...amounts].map(([token, amount]) => {
    const price = policy.price(token)
    return { token, amount, worth: price === undefined ? undefined : worthInWei(amount, price) }
  })
  return { channels, transactions: actions.length, gas, gasPrice, cost: gas * gasPrice, balance, gains }
}
