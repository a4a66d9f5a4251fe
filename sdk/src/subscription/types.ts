import type { Address, Hex } from '../types.js'

/** What a period is counted in. */
export type PeriodUnit = 'second' | 'month'

/** The terms of a plan. Only its price changes. Amounts in base units, times in seconds. */
export type Plan = {
  /** Receives what is charged; only it may change the price. */
  readonly merchant: Address
  /** An ERC-20 token; zero for the chain's native coin, which only a prepaid balance can pay. */
  readonly token: Address
  /** For a period, at creation. */
  readonly price: bigint
  /** Of each charge, to whoever charges. */
  readonly tip: bigint
  readonly unit: PeriodUnit
  /** Seconds, 60 to 315,360,000, or calendar months, 1 to 120. */
  readonly period: number
  /** Seconds at the start of a subscriber's first subscription that cost nothing. */
  readonly trial: number
  /** Seconds of access after the end of what is paid, while it is not charged yet; at most a period. */
  readonly grace: number
  /** 32 bytes that distinguish plans with otherwise equal terms. */
  readonly salt: Hex
}

/** What a subscriber agrees to. */
export type SubscriptionTerms = {
  readonly subscriber: Address
  /** Base units for a period that it never pays more than. */
  readonly maxPrice: bigint
  /** Second at which it starts; in the past, such as 0: now. */
  readonly start: number
  /** No period begins at or after this second; 0: open. */
  readonly end: number
}

/** What the contract knows of a subscription. Amounts in base units, times in seconds. */
export type SubscriptionState = {
  /** Agreed for a period; only the subscriber's consent raises it. */
  readonly price: bigint
  /** 0: never subscribed. */
  readonly startedAt: number
  /** Begin of the period paid last. */
  readonly paidFrom: number
  /** End of what is paid, or of the trial. */
  readonly paidUntil: number
  /** No period begins at or after it; 0: open. */
  readonly end: number
  /** Day of the month on which periods begin; 0 when they count seconds. */
  readonly anchorDay: number
  /** How many signatures of the subscriber were used. */
  readonly nonce: number
  readonly paused: boolean
  /** Whether what ends at `paidUntil` was paid for. */
  readonly paid: boolean
  /** Whether what ends at `paidUntil`, unless paid, is a trial. */
  readonly trial: boolean
  /** Paid in advance. */
  readonly balance: bigint
}

/** Why nothing can be charged, in the contract's order. */
export const renewalReasons = [
  'none',
  'not-subscribed',
  'paused',
  'ended',
  'not-due',
  'lapsed',
  'balance-too-low',
  'allowance-too-low',
  'token-refused',
] as const

/** Why nothing can be charged; `none` when a period can be. */
export type RenewalReason = (typeof renewalReasons)[number]

/** How a subscriber agrees to what somebody else submits. */
export type Consent = {
  /** Last second at which the signature is good. */
  readonly deadline: bigint
  readonly signature: Hex
}

/**
 * A reason by the contract's number; `token-refused` for one that this version does not know.
 *
 * @param index the contract's number
 */
export function reasonOf(index: number): RenewalReason {
  return renewalReasons[index] ?? 'token-refused'
}
