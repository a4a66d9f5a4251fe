import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { escrowAddress, type Address } from '@sluice/sdk'
import { findOrders, type FoundOrders, type RebuiltOrder } from '@sluice/sdk/escrow'
import { showAmount, shortHex, type TokenInfo } from '../../amounts.js'
import { readToken, type ChainConnection } from '../../chain.js'
import { addressText, contextOf, verb, wholeNumber, type Context } from '../../command.js'
import { withEscrow, type EscrowOptions } from '../../escrow/options.js'
import { failure } from '../../exit.js'
import { writeNewFile } from '../../files.js'
import type { Io } from '../../io.js'
import { reachMeant } from '../../nodes.js'
import { layoutTable } from '../../table.js'

type Role = NonNullable<findOrders.Parameters['role']>

type ListOptions = EscrowOptions & {
  readonly role: Role
  readonly keep?: string
  readonly confirmations: number
}

/** `sluice escrow list` */
export function listCommand(io: Io): Command {
  return withEscrow(
    verb({
      name: 'list',
      summary: 'every order of an account, from the chain alone',
      examples: [
        ['sluice escrow list 0x…', 'what an account pays or is paid'],
        ['sluice escrow list 0x… --role arbiter', 'what it may have to decide'],
        ['sluice escrow list 0x… --keep orders.json', 'reads only new blocks the next time'],
      ],
    }),
  )
    .argument('<account>', 'an account', addressText)
    .addOption(
      new Option('--role <role>', "the account's")
        .choices(['party', 'payer', 'receiver', 'operator', 'arbiter'])
        .default('party'),
    )
    .option('--keep <file>', 'keep what was found there, and go on from it')
    .option('--confirmations <number>', 'that a block needs to be read', wholeNumber(1, 1_000), 1)
    .action(async (account: Address, options: ListOptions) => {
      await list(contextOf(io, options), account)
    })
}

async function list(context: Context<ListOptions>, account: Address): Promise<void> {
  const { io, output, options } = context
  const connection = await reachMeant(context)
  const { role, confirmations, contract = escrowAddress, keep } = options
  const path = keep === undefined ? undefined : resolve(io.directory, keep)
  const of = `${connection.chain.id}:${contract}:${account}:${role}`
  const since = path === undefined ? undefined : await readKept(path, of)
  const found = await findOrders(connection.client, { contract, account, role, confirmations, since })
  if (path !== undefined) await writeKept(path, of, found)
  const orders = Object.values(found.orders)
  const rows = await inWords(connection, orders)
  output.result(orders, () =>
    rows.length === 0
      ? 'There are no orders.'
      : layoutTable(
          [
            { title: 'order' },
            { title: 'payer' },
            { title: 'receiver' },
            { title: 'authorized', align: 'right' },
            { title: 'pending', align: 'right' },
            { title: 'disputed', align: 'right' },
            { title: 'released', align: 'right' },
            { title: 'returned', align: 'right' },
          ],
          rows,
        ),
  )
}

async function inWords(
  connection: ChainConnection,
  orders: readonly RebuiltOrder[],
): Promise<readonly (readonly string[])[]> {
  const tokens = new Map<Address, TokenInfo>()
  const rows: (readonly string[])[] = []
  for (const { orderId, order, authorized, pending, disputed, released, returned } of orders) {
    const token = tokens.get(order.token) ?? (await readToken(connection, order.token))
    tokens.set(order.token, token)
    const amounts = [authorized, pending, disputed, released, returned]
    rows.push([
      orderId,
      shortHex(order.payer),
      shortHex(order.receiver),
      ...amounts.map((amount) => showAmount(amount, token)),
    ])
  }
  return rows
}

/** Amounts are kept as text that ends in `n`, because JSON has no large numbers. */
async function writeKept(path: string, of: string, found: FoundOrders): Promise<void> {
  const text = JSON.stringify({ of, found }, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  await writeNewFile(path, `${text}\n`, { mode: 0o644, force: true })
}

async function readKept(path: string, of: string): Promise<FoundOrders | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const advice = 'Name another file with --keep, or remove this one.'
  let kept: { readonly of?: unknown; readonly found?: FoundOrders }
  try {
    kept = JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
    ) as typeof kept
  } catch (cause) {
    throw failure(`${path} holds no orders.`, advice, { cause })
  }
  if (kept.of === of && typeof kept.found?.cursor === 'bigint') return kept.found
  throw failure(`${path} holds the orders of ${String(kept.of)}, not of ${of}.`, advice)
}
