import { formatEther, type LocalAccount } from 'viem'
import { estimateGas, getGasPrice } from 'viem/actions'
import type { Address, Hex } from '@sluice/sdk'
import type { ChainConnection } from './chain.js'
import type { Context } from './command.js'
import { requireYes } from './prompts.js'

/** What would be sent: to which contract, and who reads why it would fail. */
export type Announced = {
  readonly contract: string
  readonly call: { readonly to: Address; readonly data: Hex; readonly value: bigint }
  readonly orWhy: <Answer>(answer: Promise<Answer>) => Promise<Answer>
}

/**
 * Shows what would be sent and what it would cost, and goes on only when somebody says yes.
 *
 * @param context the verb's
 * @param sender the chain and who signs
 * @param lines what happens, line by line
 * @param announced the call; left out when more than one is sent
 * @throws CommandError exit code 3 when nobody said yes
 * @throws SluiceError why the call would fail
 */
export async function announce(
  { io, output, options }: Context<{ readonly yes?: boolean }>,
  { connection, account }: { readonly connection: ChainConnection; readonly account: LocalAccount },
  lines: readonly string[],
  announced?: Announced,
): Promise<void> {
  const { chain, client } = connection
  for (const line of lines) output.progress(line)
  if (announced !== undefined) {
    const { to, data, value } = announced.call
    const gas = await announced.orWhy(estimateGas(client, { account: account.address, to, data, value }))
    const cost = gas * (await getGasPrice(client))
    const sending = value === 0n ? '' : ` with ${formatEther(value)} ${chain.nativeCurrency.symbol}`
    output.progress(`sends to ${announced.contract} at ${to} on ${chain.name}${sending}`)
    output.progress(`gas   about ${gas}, ${formatEther(cost)} ${chain.nativeCurrency.symbol}`)
  }
  await requireYes(io, 'Send it?', options.yes === true)
}
