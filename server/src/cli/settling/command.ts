import { resolve } from 'node:path'
import { formatEther } from 'viem'
import { getGasPrice } from 'viem/actions'
import type { Hex } from '@sluice/sdk'
import { settlementPolicy } from '../../settlement/policy.js'
import { jsonAmount, shortHex, showAmount, type TokenInfo } from '../amounts.js'
import { connectChain } from '../chain.js'
import { payeeRows, readRecords } from '../channels/payeeChannels.js'
import { captured, claimable, showSums, type ChannelRow } from '../channels/row.js'
import { select } from '../channels/select.js'
import type { SideOptions } from '../channels/side.js'
import type { Context } from '../command.js'
import { loadConfig, type LoadedConfig } from '../config.js'
import { CommandError, exitCodes } from '../exit.js'
import type { Output } from '../output.js'
import { loadAccount } from '../privateKey.js'
import { requireYes } from '../prompts.js'
import { refusePublicKey } from '../safety.js'
import { layoutTable } from '../table.js'
import { findDoor } from './control.js'
import type { Settle, SettleEvent, SettleRequest } from './events.js'
import { openLocalSettling } from './local.js'

export type SettleOptions = SideOptions & {
  readonly all?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/**
 * Claims or closes a payee's channels: shows what would be sent, asks, and follows it to the end. Through the running
 * server where there is one, because two programs with one key would take each other's nonces; else by itself.
 *
 * @param context of the command
 * @param kind what to do
 * @param ids which channels
 */
export async function settleCommand(
  context: Context<SettleOptions>,
  kind: SettleRequest['kind'],
  ids: readonly Hex[],
): Promise<void> {
  const { io, output, options } = context
  const config = await loadConfig(io, options)
  const rows = await payeeRows(config, await readRecords(config), output)
  const useful = rows.filter((row) => (kind === 'claim' ? claimable(row) > 0n : isOpen(row)))
  const wanted = select(useful, rows, { ids, all: options.all === true })
  const chosen = wanted.filter((row) => useful.includes(row))
  for (const { channelId } of wanted.filter((row) => !useful.includes(row))) {
    output.warn(`${shortHex(channelId)}: nothing to ${kind}`)
  }
  if (chosen.length === 0) {
    output.result({ status: 'nothing', transactions: [] }, () => `Nothing to ${kind}.`)
    return
  }
  const summary = await summarize(config, kind, chosen)
  if (options.dryRun === true) {
    output.result({ status: 'planned', ...summary.json }, () =>
      [...summary.lines, 'Nothing was sent.'].join('\n'),
    )
    return
  }
  for (const line of summary.lines) output.progress(line)
  await requireYes(
    io,
    `${kind === 'claim' ? 'Claim' : 'Close'} ${chosen.length} channels?`,
    options.yes === true,
  )

  const settling = await reach(context, config)
  try {
    const request = { kind, channelIds: chosen.map(({ channelId }) => channelId) }
    report(output, kind, chosen, await follow(output, settling.settle(request)))
  } finally {
    await settling.close()
  }
}

async function reach(
  { io, output, options }: Context<SettleOptions>,
  config: LoadedConfig,
): Promise<{ readonly settle: Settle; readonly close: () => Promise<void> }> {
  const door = await findDoor(config.storePath)
  if (door !== undefined) {
    output.progress('the running server sends')
    return { settle: door, close: () => Promise.resolve() }
  }
  const account = await loadAccount(io, {
    keyFile: options.keyFile === undefined ? config.keyFilePath : resolve(io.directory, options.keyFile),
    advice: 'Set SLUICE_PRIVATE_KEY, or add --key-file.',
  })
  refusePublicKey(account.address, config.chainId)
  return openLocalSettling(config, account)
}

async function summarize(config: LoadedConfig, kind: SettleRequest['kind'], rows: readonly ChannelRow[]) {
  const { client, chain } = await connectChain(config.rpc, config.chainId)
  const gas = gasOf(kind, rows)
  const fee = gas * (await getGasPrice(client))
  const items = rows.map((row) => {
    const gained = kind === 'claim' ? claimable(row) : captured(row) - row.claimed
    return { row, gained, refunded: kind === 'claim' ? undefined : row.deposited - captured(row) }
  })
  const table = layoutTable(
    [
      { title: 'channel' },
      { title: 'payer' },
      // A claim takes the highest voucher that was earned, which only whoever holds the vouchers knows.
      { title: kind === 'claim' ? 'at most to the payee' : 'to the payee', align: 'right' },
      { title: kind === 'close' ? 'back to the payer' : '', align: 'right' },
    ],
    items.map(({ row, gained, refunded }) => [
      shortHex(row.channelId),
      shortHex(row.peer),
      showAmount(gained, row.token),
      refunded === undefined ? '' : showAmount(refunded, row.token),
    ]),
  )
  const total = showSums(items.map(({ row, gained }) => ({ amount: gained, token: row.token })))
  return {
    lines: [
      ...table.split('\n'),
      `${rows.length} channels, ${kind === 'claim' ? 'at most ' : ''}${total}, about ${formatEther(fee)} ${chain.nativeCurrency.symbol} for gas`,
    ],
    json: {
      channels: items.map(({ row, gained, refunded }) => ({
        channelId: row.channelId,
        gained: jsonAmount(gained, row.token),
        ...(refunded === undefined ? {} : { refunded: jsonAmount(refunded, row.token) }),
      })),
      gas,
      feeWei: fee,
    },
  }
}

/** What the settler reckons with. */
function gasOf(kind: SettleRequest['kind'], rows: readonly ChannelRow[]): bigint {
  const { gas } = settlementPolicy()
  if (kind === 'close') return gas.close * BigInt(rows.length)
  const tokens = new Set(rows.map(({ token }) => token.address)).size
  return gas.batch * BigInt(tokens) + gas.perClaim * BigInt(rows.length)
}

async function follow(output: Output, events: AsyncIterable<SettleEvent>): Promise<readonly SettleEvent[]> {
  const seen: SettleEvent[] = []
  for await (const event of events) {
    seen.push(event)
    if (event.type === 'submitted')
      output.progress(`sent ${event.hash} for ${event.channels.length} channels`)
    if (event.type === 'final') output.progress(`${event.hash} is ${event.status}`)
  }
  return seen
}

function report(
  output: Output,
  kind: SettleRequest['kind'],
  rows: readonly ChannelRow[],
  events: readonly SettleEvent[],
): void {
  const transactions = events.flatMap((event) => (event.type === 'final' ? [event] : []))
  const confirmed = transactions.filter(({ status }) => status === 'confirmed')
  const before = new Map(rows.map((row) => [row.channelId, row]))
  const gains = confirmed.flatMap(({ channels }) =>
    channels.flatMap(({ channelId, amount }) => {
      const row = before.get(channelId)
      return row === undefined ? [] : [{ amount: BigInt(amount) - row.claimed, token: row.token }]
    }),
  )
  const refused = events.flatMap((event) => (event.type === 'refused' ? [event] : []))
  const skipped = events.flatMap((event) => (event.type === 'skipped' ? [event] : []))
  const errors = events.flatMap((event) => (event.type === 'error' ? [event] : []))
  const claimed = events.flatMap((event) => {
    const row = event.type === 'claimed' ? before.get(event.channelId) : undefined
    return event.type !== 'claimed' || row === undefined ? [] : [{ ...event, token: row.token }]
  })
  const failed = refused.length + errors.length + transactions.length - confirmed.length > 0
  const json = {
    status: failed ? 'failed' : 'done',
    transactions,
    ...(kind === 'claim' ? { claimed: claimed.map(jsonClaimed) } : {}),
    skipped,
    refused,
    errors,
  }
  output.result(json, () =>
    [
      `${kind === 'claim' ? 'Claimed' : 'Closed'}: ${gains.length} channels${gains.length === 0 ? '' : `, ${showSums(gains)} to the payee`}`,
      ...transactions.map(
        ({ hash, status, blockNumber = '?' }) => `  ${status}  ${hash}  block ${blockNumber}`,
      ),
      ...claimed.map(
        ({ channelId, amount, token, voucher }) =>
          `  ${voucher}  ${shortHex(channelId)}: ${showAmount(BigInt(amount), token)} in all, ${voucherText[voucher]}`,
      ),
      ...skipped.map(({ channelId, reason }) => `  skipped  ${channelId}: ${reason}`),
      ...refused.map(({ channelId, reason }) => `  refused  ${channelId}: ${reason}`),
      ...errors.map(
        ({ message, channelIds: { length } }) =>
          `  stopped${length === 0 ? '' : ` for ${length} channels`}: ${message}`,
      ),
    ].join('\n'),
  )
  if (failed) throw new CommandError({ exitCode: exitCodes.failed, message: '' })
}

/** By which voucher a channel was claimed, for people. */
const voucherText = {
  earned: 'by a voucher over no more than was delivered',
  accepted: 'by the highest voucher, part of which was paid ahead and is still owed to the viewer',
} as const

type Claimed = Extract<SettleEvent, { type: 'claimed' }> & { readonly token: TokenInfo }

function jsonClaimed({ channelId, amount, token, voucher }: Claimed) {
  return { channelId, total: jsonAmount(BigInt(amount), token), voucher }
}

function isOpen({ status }: ChannelRow): boolean {
  return status !== 'closed' && status !== 'unopened'
}
