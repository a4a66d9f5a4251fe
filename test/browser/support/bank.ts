import { createWalletClient, http, parseAbi, type Address, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { operator } from '../../../scripts/start/accounts.ts'
import { mint, type Contracts, type LocalChain } from '../../../scripts/start/chain.ts'

/** What every viewer is given, base units. */
export const fortune = 100_000_000n

/** Where people's money comes from and is looked at. */
export type Bank = {
  /** Gives a key coins and tokens. */
  readonly fund: (key: Hex) => Promise<Address>
  readonly balance: (of: Address) => Promise<bigint>
}

export function createBank(local: LocalChain, contracts: Contracts): Bank {
  const giver = createWalletClient({ account: operator, chain: local.chain, transport: http(local.url) })
  return {
    fund: async (key) => {
      const { address } = privateKeyToAccount(key)
      const hash = await giver.sendTransaction({ to: address, value: 10n ** 18n })
      await local.client.waitForTransactionReceipt({ hash })
      await mint(local, contracts.token, [address], fortune)
      return address
    },
    balance: (of) =>
      local.client.readContract({
        address: contracts.token,
        abi: parseAbi(['function balanceOf(address) view returns (uint256)']),
        functionName: 'balanceOf',
        args: [of],
      }),
  }
}
