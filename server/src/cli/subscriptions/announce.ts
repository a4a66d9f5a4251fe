import { formatEther } from 'viem'
import { estimateGas, getGasPrice } from 'viem/actions'
import type { SubscriptionsCall } from '@sluice/sdk/subscription'
import type { Context } from '../command.js'
import { requireYes } from '../prompts.js'
import type { OpenedForSending } from './open.js'
import { orWhy } from './send.js'
import type { SendOptions } from './options.js'

/**
 * Shows what would be sent and what it would cost, and goes on only when somebody says yes.
 *
 * @param context the verb's
 * @param opened the plan and who signs
 * @param about what happens, line by line, and the call
 * @throws CommandError exit code 3 when nobody said yes
 * @throws SluiceError why the call would fail
 */
export async function announce(
  { io, output, options }: Context<SendOptions>,
  { connection, account }: OpenedForSending,
  about: { readonly lines: readonly string[]; readonly call?: SubscriptionsCall },
): Promise<void> {
  const { chain, client } = connection
  for (const line of about.lines) output.progress(line)
  if (about.call !== undefined) {
    const { to, data, value } = about.call
    const gas = await orWhy(estimateGas(client, { account: account.address, to, data, value }))
    const cost = gas * (await getGasPrice(client))
    const sending = value === 0n ? '' : ` with ${formatEther(value)} ${chain.nativeCurrency.symbol}`
    output.progress(`sends to Subscriptions at ${to} on ${chain.name}${sending}`)
    output.progress(`gas   about ${gas}, ${formatEther(cost)} ${chain.nativeCurrency.symbol}`)
  }
  await requireYes(io, 'Send it?', options.yes === true)
}
