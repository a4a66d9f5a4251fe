/**
 * How something is paid for:
 *
 * - `native`: the coin is sent along
 * - `allowance`: an allowance given before suffices
 * - `batch`: approval and payment in one prompt of the wallet (EIP-5792)
 * - `authorization`: a signature that moves the money straight into the contract (EIP-3009)
 * - `permit`: an allowance by signature (EIP-2612)
 * - `permit2`: a transfer by signature through Permit2
 * - `approve`: two transactions
 */
export type FundingMethod =
  'native' | 'allowance' | 'batch' | 'authorization' | 'permit' | 'permit2' | 'approve'

/** Everything the choice depends on. */
export type FundingFacts = {
  /** Whether it is paid in the native coin. */
  readonly native: boolean
  /** Base units to pay. */
  readonly amount: bigint
  /** Base units the account lets the contract take already. */
  readonly allowance: bigint
  /** Whether the account is who pays by the terms: only its signature moves money by EIP-3009 or Permit2. */
  readonly accountIsPayer: boolean
  /** Whether somebody else would submit what the payer signed: one prompt and no gas. */
  readonly relay: boolean
  /** Whether the wallet takes several calls at once. */
  readonly batch: boolean
  /** Whether the token takes EIP-3009 authorizations. */
  readonly authorization: boolean
  /** Whether the token takes EIP-2612 permits. */
  readonly permit: boolean
  /** Base units the account lets Permit2 take. */
  readonly permit2Allowance: bigint
}

/**
 * The methods that work, best first: fewest prompts, then least gas.
 *
 * @param facts what wallet and token support
 */
export function possibleFunding(facts: FundingFacts): readonly FundingMethod[] {
  if (facts.native) return ['native']
  const authorization = facts.authorization && facts.accountIsPayer
  const permit2 = facts.permit2Allowance >= facts.amount && facts.accountIsPayer
  const candidates: readonly (readonly [method: FundingMethod, works: boolean])[] = [
    ['authorization', authorization && facts.relay],
    ['permit2', permit2 && facts.relay],
    ['allowance', facts.allowance >= facts.amount],
    ['batch', facts.batch],
    ['authorization', authorization],
    ['permit', facts.permit],
    ['permit2', permit2],
    ['approve', true],
  ]
  return [...new Set(candidates.filter(([, works]) => works).map(([method]) => method))]
}

/** One thing that a wallet is asked, or that happens without a prompt. */
export type FundingStep = {
  /** `deposit`: the transaction that pays into the contract, whichever it is. */
  readonly kind: 'approve-reset' | 'approve' | 'sign' | 'batch' | 'deposit'
  /** For the person, such as `Allow 5.00 USDC`. */
  readonly title: string
}

/**
 * The prompts that a method costs, in order.
 *
 * @param method how it is paid for
 * @param verb what the payment does, such as `deposit`
 * @param amount for the person, such as `5.00 USDC`
 * @param options whether an older allowance has to be zeroed first, and whether somebody else submits
 */
export function fundingSteps(
  method: FundingMethod,
  verb: string,
  amount: string,
  options: { readonly resetFirst: boolean; readonly relay: boolean },
): readonly FundingStep[] {
  const put: FundingStep = {
    kind: 'deposit',
    title: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${amount}`,
  }
  const sign: FundingStep = { kind: 'sign', title: `Sign for ${amount}` }
  switch (method) {
    case 'native':
    case 'allowance':
      return [put]
    case 'batch':
      return [{ kind: 'batch', title: `Allow and ${verb} ${amount}` }]
    case 'authorization':
    case 'permit':
    case 'permit2':
      return options.relay ? [sign] : [sign, put]
    case 'approve': {
      const approve: FundingStep = { kind: 'approve', title: `Allow ${amount}` }
      const reset: FundingStep = { kind: 'approve-reset', title: 'Reset the old allowance' }
      return options.resetFirst ? [reset, approve, put] : [approve, put]
    }
  }
}

/** Gas that is surely enough for a method's transactions where they cannot be estimated before the first prompt. */
export const gasCeilings: Readonly<Record<FundingMethod, bigint>> = {
  native: 90_000n,
  allowance: 120_000n,
  batch: 220_000n,
  authorization: 160_000n,
  permit: 180_000n,
  permit2: 190_000n,
  approve: 180_000n,
}
