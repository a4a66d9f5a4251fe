/** What a unit of gas may cost, wei. */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/**
 * Fees that stay sufficient while the base fee doubles, which takes at least six full blocks.
 *
 * @param baseFeePerGas of the newest block, wei
 * @param priority wei
 * @param limit wei; undefined: none
 */
export function freshFees(baseFeePerGas: bigint, priority: bigint, limit: bigint | undefined): Fees {
  const wanted = baseFeePerGas * 2n + priority
  const maxFeePerGas = limit !== undefined && wanted > limit ? limit : wanted
  return { maxFeePerGas, maxPriorityFeePerGas: priority < maxFeePerGas ? priority : maxFeePerGas }
}

/**
 * Fees high enough for nodes to take a replacement: an eighth more than before on both counts (they ask for a tenth),
 * or what a new transaction would offer where that is more.
 *
 * @param before of the attempt to replace
 * @param fresh of a new transaction, see {@link freshFees}
 * @param limit wei; undefined: none
 * @returns undefined when that would exceed the limit: a smaller raise would only be refused
 */
export function raisedFees(before: Fees, fresh: Fees, limit: bigint | undefined): Fees | undefined {
  const maxFeePerGas = larger(raised(before.maxFeePerGas), fresh.maxFeePerGas)
  const maxPriorityFeePerGas = larger(raised(before.maxPriorityFeePerGas), fresh.maxPriorityFeePerGas)
  if (limit !== undefined && maxFeePerGas > limit) return undefined
  return {
    maxFeePerGas,
    maxPriorityFeePerGas: maxPriorityFeePerGas < maxFeePerGas ? maxPriorityFeePerGas : maxFeePerGas,
  }
}

function raised(fee: bigint): bigint {
  return fee + fee / 8n + 1n
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
