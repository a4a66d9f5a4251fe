/** A contract that is deployed. Everything generated, deployed and verified follows from this list. */
export type ContractEntry = {
  /** Name in `contracts/NAME.sol`. */
  readonly contract: string
  /** What its files and constants are called after. */
  readonly name: string
  /** What it signs under. The same words make its CREATE2 salt, so a new version has a new address. */
  readonly domain: { readonly name: string; readonly version: string }
}

/** In the order in which they are deployed. */
export const contracts: readonly ContractEntry[] = [
  {
    contract: 'StreamChannels',
    name: 'streamChannels',
    domain: { name: 'Sluice Stream Channels', version: '1' },
  },
  { contract: 'Escrow', name: 'escrow', domain: { name: 'Sluice Escrow', version: '1' } },
  {
    contract: 'Tournaments',
    name: 'tournaments',
    domain: { name: 'Sluice Tournaments', version: '1' },
  },
  {
    contract: 'Subscriptions',
    name: 'subscriptions',
    domain: { name: 'Sluice Subscriptions', version: '1' },
  },
]
