import { parseAbi, type Address, type PublicClient } from 'viem'

const tokenAbi = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function transfer(address, uint256) returns (bool)',
])

/** Balances of one token, base units, by name of the holder. */
export type Balances<Name extends string> = Readonly<Record<Name, bigint>>

export async function readBalances<Name extends string>(
  client: PublicClient,
  token: Address,
  holders: Readonly<Record<Name, Address>>,
): Promise<Balances<Name>> {
  const entries = await Promise.all(
    Object.entries<Address>(holders).map(async ([name, holder]) => {
      const question = { address: token, abi: tokenAbi, functionName: 'balanceOf', args: [holder] } as const
      return [name, await client.readContract(question)] as const
    }),
  )
  return Object.fromEntries(entries) as Balances<Name>
}

/** Gas that each account paid for since a block, that block excluded. */
export async function gasSince(client: PublicClient, block: bigint): Promise<ReadonlyMap<string, bigint>> {
  const spent = new Map<string, bigint>()
  const head = await client.getBlockNumber()
  for (let number = block + 1n; number <= head; number += 1n) {
    const { transactions } = await client.getBlock({ blockNumber: number })
    for (const hash of transactions) {
      const { from, gasUsed } = await client.getTransactionReceipt({ hash })
      const payer = from.toLowerCase()
      spent.set(payer, (spent.get(payer) ?? 0n) + gasUsed)
    }
  }
  return spent
}

/** Gas of one plain transfer between accounts that already hold the token. */
export function transferGas(
  client: PublicClient,
  token: Address,
  from: Address,
  to: Address,
): Promise<bigint> {
  return client.estimateContractGas({
    address: token,
    abi: tokenAbi,
    functionName: 'transfer',
    args: [to, 1n],
    account: from,
  })
}
