import { SluiceError, type Address } from '@sluice/sdk'

/**
 * What `tokens` base units of a token are worth: `wei` of the chain's native coin. A ratio, because both are whole
 * numbers of very different size.
 */
export type Price = { readonly wei: bigint; readonly tokens: bigint }

/** When to settle, and what it may cost. */
export type SettlementPolicy = {
  /** Price of a token in native coin; undefined: unknown, then only age, deadlines and requests settle. */
  readonly price: (token: Address) => Price | undefined
  /** A batch goes out when it is worth more than this many times its gas. Default 10. */
  readonly worthFactor: number
  /** Seconds after which unsettled money above `dust` goes out whatever the gas. Default 86,400. */
  readonly maxAgeSeconds: number
  /** Unsettled base units of a token that are never settled by themselves, at a deadline either. Default 0. */
  readonly dust: (token: Address) => bigint
  /** Seconds before a requested close matures at which `at-risk` is reported. Default 600. */
  readonly deadlineMarginSeconds: number
  /** Claims in one transaction. Default 100. */
  readonly maxBatch: number
  /** Milliseconds between looks. Default 15,000. */
  readonly everyMs: number
  /** Blocks, the one with the transaction included, after which it is final. Default 3. */
  readonly confirmations: number
  /** Blocks after which a transaction that was not included is replaced with higher fees. Default 5; 1 when urgent. */
  readonly stuckAfterBlocks: number
  /** Wei; fees are not raised above it. Undefined: no limit. */
  readonly maxFeePerGas: bigint | undefined
  /** Wei; the limit when a deadline nears. Undefined: no limit. */
  readonly maxUrgentFeePerGas: bigint | undefined
  /** Milliseconds for which a channel whose claim was refused is left alone, unless asked for. Default 10 minutes. */
  readonly retryRefusedAfterMs: number
  /**
   * Gas a plan reckons with; transactions are estimated anew. Defaults are at most a seventh above what
   * `test/contracts/gas.snapshot.json` says the contract takes.
   */
  readonly gas: { readonly batch: bigint; readonly perClaim: bigint; readonly close: bigint }
}

const defaults: SettlementPolicy = {
  price: () => undefined,
  worthFactor: 10,
  maxAgeSeconds: 86_400,
  dust: () => 0n,
  deadlineMarginSeconds: 600,
  maxBatch: 100,
  everyMs: 15_000,
  confirmations: 3,
  stuckAfterBlocks: 5,
  maxFeePerGas: undefined,
  maxUrgentFeePerGas: undefined,
  retryRefusedAfterMs: 600_000,
  gas: { batch: 40_000n, perClaim: 16_000n, close: 65_000n },
}

/**
 * A policy with defaults where nothing is said.
 *
 * @throws SluiceError `invalid-argument` when a number makes no sense
 */
export function settlementPolicy(given: Partial<SettlementPolicy> = {}): SettlementPolicy {
  const policy = { ...defaults, ...given }
  const positive = [
    'worthFactor',
    'maxAgeSeconds',
    'maxBatch',
    'everyMs',
    'confirmations',
    'stuckAfterBlocks',
  ] as const
  for (const name of positive) {
    if (policy[name] > 0 && Number.isFinite(policy[name])) continue
    throw new SluiceError({
      code: 'invalid-argument',
      message: `The settlement setting ${name} must be a positive number.`,
      details: `${name} is ${policy[name]}`,
    })
  }
  return policy
}

/** What an amount is worth, wei. */
export function worthInWei(amount: bigint, price: Price): bigint {
  return price.tokens === 0n ? 0n : (amount * price.wei) / price.tokens
}
