import { resolve } from 'node:path'
import { getChannel } from '@sluice/sdk/channel'
import { consumedOf, termsOf, type PayerRecord } from '@sluice/sdk/session'
import type { ChannelState } from '@sluice/sdk'
import type { CommonOptions, Context } from '../command.js'
import { reachChain, type ChainConnection } from '../chain.js'
import { failure } from '../exit.js'
import { openPayer, payerHome, payerStore, type Payer } from '../payer.js'
import { loadAccount } from '../privateKey.js'
import { reportOf } from '../report.js'
import { refusePublicKey } from '../safety.js'
import { findOne } from './select.js'
import { payerRow, type ChannelRow } from './row.js'

/** What payers' commands understand. */
export type PayerOptions = CommonOptions & { readonly home?: string; readonly keyFile?: string }

/** Every channel this machine remembers as a payer. */
export function readPayerRecords({ io, options }: Context<PayerOptions>): Promise<readonly PayerRecord[]> {
  return payerStore(payerHome(io, options.home)).list()
}

/**
 * Channels with what their chains say of them now. Where a chain is not reached, what the files say is shown and
 * marked as such.
 *
 * @param context tells which node to ask
 * @param records of the files
 */
export async function payerRows(
  context: Context<PayerOptions>,
  records: readonly PayerRecord[],
): Promise<readonly ChannelRow[]> {
  const connections = new Map<number, ChainConnection | undefined>()
  for (const { chainId } of records) {
    if (!connections.has(chainId)) connections.set(chainId, await reach(context, chainId))
  }
  return Promise.all(
    records.map(async (record) => {
      const connection = connections.get(record.chainId)
      const state: ChannelState | undefined =
        connection === undefined
          ? undefined
          : await getChannel(connection.client, { channelId: record.channelId, contract: record.contract })
      return payerRow(record, consumedOf(termsOf(record.offer), record), state)
    }),
  )
}

/**
 * The payer of a channel, with the key that may act for it.
 *
 * @param context of the command
 * @param id the channel's id, or the beginning of it
 * @throws CommandError exit code 1 when the key is not the channel's payer
 */
export async function payerOf(
  context: Context<PayerOptions>,
  id: `0x${string}`,
): Promise<{ readonly payer: Payer; readonly record: PayerRecord }> {
  const { io, options } = context
  const record = findOne(await readPayerRecords(context), id)
  const account = await loadAccount(io, {
    keyFile: options.keyFile === undefined ? undefined : resolve(io.directory, options.keyFile),
    advice: 'Set SLUICE_PRIVATE_KEY, or add --key-file.',
  })
  if (account.address.toLowerCase() !== record.channel.payer.toLowerCase()) {
    throw failure(
      `This channel was paid by ${record.channel.payer}, the key is of ${account.address}.`,
      'Use the key that paid the deposit.',
    )
  }
  refusePublicKey(account.address, record.chainId)
  const payer = await openPayer({
    home: payerHome(io, options.home),
    account,
    chainId: record.chainId,
    rpc: options.rpc ?? io.env['SLUICE_RPC'],
  })
  return { payer, record }
}

async function reach({ io, output, options }: Context<PayerOptions>, chainId: number) {
  try {
    return await reachChain(options.rpc ?? io.env['SLUICE_RPC'], chainId)
  } catch (error) {
    output.warn(`${reportOf(error).message} Shown is what this machine remembers.`)
    return undefined
  }
}
