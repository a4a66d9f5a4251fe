import type { NetworkConnection } from 'hardhat/types/network'

/** What one product costs, and what it may cost. */
export type GasSection<Operation extends string = string> = {
  /** Its key in the snapshot: the contract's name, beginning small. */
  readonly product: string
  /** Its `##` heading in docs/gas.md. */
  readonly heading: string
  /** Above these the contract is no longer what was promised; raising one is a visible change. */
  readonly ceilings: Readonly<Record<Operation, number>>
  /** Gas of whole transactions, on a Hardhat network with nothing else going on. */
  readonly measure: (connection: NetworkConnection) => Promise<Readonly<Record<Operation, number>>>
}

/**
 * Gas of a transaction, from its receipt.
 *
 * @param sent the transaction
 */
export async function gasOf(
  sent: Promise<{ readonly wait: () => Promise<{ readonly gasUsed: bigint } | null> }>,
): Promise<number> {
  return Number((await (await sent).wait())?.gasUsed)
}
