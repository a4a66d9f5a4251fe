import type { Address, Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { collectable, type Collectable } from './collectable.js'
import type { PlannedChannel, Skip } from './planned.js'
import { worthInWei, type SettlementPolicy } from './policy.js'

export type PlanInputs = {
  readonly channels: readonly PlannedChannel[]
  /** Second of the newest block: what the contract will measure the rate by, or later. */
  readonly blockSeconds: number
  /** Wei a unit of gas costs now. */
  readonly gasPrice: bigint
  readonly policy: SettlementPolicy
  readonly asked: Asked
}

/** What the operator asked for. */
export type Asked = {
  /** Channels to settle whatever they are worth. */
  readonly channelIds: ReadonlySet<Hex>
  /** Leaves what was only paid ahead; otherwise the highest voucher is claimed where no earned one is known. */
  readonly earnedOnly: boolean
}

/** Nobody asked for anything. */
export const nothingAsked: Asked = { channelIds: new Set(), earnedOnly: true }

/** Why something is settled now. */
export type Reason = 'deadline' | 'asked' | 'worth' | 'age'

/** One voucher to claim. */
export type PlannedClaim = {
  readonly record: PayeeRecord
  /** What the voucher grants: the payee's new total, base units. */
  readonly amount: bigint
  readonly signature: Hex
  /** `earned`: it grants no more than was spent. `accepted`: it is the highest held, and grants more. */
  readonly voucher: 'earned' | 'accepted'
}

export type Action =
  | {
      readonly kind: 'claim'
      readonly reason: Reason
      readonly payee: Address
      readonly operator: Address
      readonly token: Address
      /** At most `policy.maxBatch`; each amount is the payee's new total. */
      readonly claims: readonly PlannedClaim[]
    }
  | { readonly kind: 'close'; readonly reason: Reason; readonly record: PayeeRecord; readonly amount: bigint }

export type Plan = { readonly actions: readonly Action[]; readonly skipped: readonly Skip[] }

/**
 * Decides what to settle now. Pure.
 *
 * It never plans more than a channel's deposit or rate allows, and it plans every channel with a pending close at the
 * first chance, unless what is unsettled is dust. It claims more than was spent only when the payer wants its deposit
 * back and the chain refuses to end the channel fairly, or when it was asked for and no earned voucher is known.
 */
export function planSettlement(inputs: PlanInputs): Plan {
  const { blockSeconds, asked } = inputs
  const found = inputs.channels.map((channel) =>
    collectable(channel, {
      blockSeconds,
      mayTakeAhead: asked.channelIds.has(channel.record.channelId) && !asked.earnedOnly,
    }),
  )
  const skipped = found.flatMap((each) => ('skip' in each && each.skip !== undefined ? [each.skip] : []))
  const items = found.flatMap((each) => ('item' in each ? [each.item] : []))
  const closes = items.filter(({ way }) => way.by === 'close').map((item) => planClose(item, inputs))
  const claims = groupBy(
    items.filter(({ way }) => way.by === 'claim'),
    groupKey,
  ).map((group) => planGroup(group, inputs))
  return {
    actions: byUrgency([...closes, ...claims].flatMap(({ actions }) => actions)),
    skipped: [...skipped, ...[...closes, ...claims].flatMap((part) => part.skipped)],
  }
}

function planClose(item: Collectable, inputs: PlanInputs): Plan {
  const reason = aloneReason(item, inputs) ?? worthReason([item], inputs, inputs.policy.gas.close)
  if (reason === undefined) return { actions: [], skipped: [unworthy(item, inputs)] }
  return { actions: [{ kind: 'close', reason, record: item.record, amount: item.way.total }], skipped: [] }
}

function planGroup(group: readonly Collectable[], inputs: PlanInputs): Plan {
  const { policy } = inputs
  const compelled = group.filter((item) => aloneReason(item, inputs) !== undefined)
  const rest = group.filter((item) => aloneReason(item, inputs) === undefined)
  // Once a batch goes out, a further claim costs only its own share.
  const gainful = rest.filter((item) => worthReason([item], inputs, policy.gas.perClaim) !== undefined)
  const base = compelled.length > 0 ? 0n : policy.gas.batch
  const joins =
    worthReason(gainful, inputs, base + policy.gas.perClaim * BigInt(gainful.length)) !== undefined
  const chosen = [...compelled, ...(joins ? gainful : [])].sort((a, b) => rank(a, inputs) - rank(b, inputs))
  const picked = new Set(chosen)
  return {
    actions: chunk(chosen, policy.maxBatch).map((items) => claimOf(items, inputs)),
    skipped: group.filter((item) => !picked.has(item)).map((item) => unworthy(item, inputs)),
  }
}

function claimOf(items: readonly Collectable[], inputs: PlanInputs): Action {
  const reasons = new Set(items.map((item) => aloneReason(item, inputs) ?? 'worth'))
  const [{ record } = { record: undefined }] = items
  if (record === undefined) throw new Error('a batch is never empty')
  return {
    kind: 'claim',
    reason: order.find((reason) => reasons.has(reason)) ?? 'worth',
    payee: record.channel.payee,
    operator: record.channel.operator,
    token: record.channel.token,
    claims: items.flatMap(({ record, way }) =>
      way.by === 'claim'
        ? [{ record, amount: way.total, signature: way.signature, voucher: way.voucher }]
        : [],
    ),
  }
}

const order: readonly Reason[] = ['deadline', 'asked', 'age', 'worth']

/** Why a channel is settled even if it were the only one and cost more than it brings. */
function aloneReason(item: Collectable, inputs: PlanInputs): Reason | undefined {
  const { policy, asked, blockSeconds } = inputs
  if (item.isClosing && !isDust(item, policy)) return 'deadline'
  if (asked.channelIds.has(item.record.channelId)) return 'asked'
  if (blockSeconds - item.settledAt >= policy.maxAgeSeconds && !isDust(item, policy)) return 'age'
  return undefined
}

function worthReason(items: readonly Collectable[], inputs: PlanInputs, gas: bigint): Reason | undefined {
  const { policy, gasPrice } = inputs
  const [first] = items
  const price = first === undefined ? undefined : policy.price(first.record.channel.token)
  if (price === undefined) return undefined
  const worth = worthInWei(
    items.filter((item) => !isDust(item, policy)).reduce((sum, { unsettled }) => sum + unsettled, 0n),
    price,
  )
  // Factors such as 1.5 are meant; a thousandth is as fine as anybody sets them.
  return worth * 1000n > gas * gasPrice * BigInt(Math.round(policy.worthFactor * 1000)) ? 'worth' : undefined
}

function unworthy(item: Collectable, { policy }: PlanInputs): Skip {
  const reason = isDust(item, policy) ? 'dust' : 'not-worth-it'
  return { channelId: item.record.channelId, reason, amount: item.unsettled, atSeconds: undefined }
}

function isDust(item: Collectable, policy: SettlementPolicy): boolean {
  return item.unsettled <= policy.dust(item.record.channel.token)
}

/** Deadlines first, then what was asked for, then the largest: a batch that is cut loses the least. */
function rank(item: Collectable, inputs: PlanInputs): number {
  return order.indexOf(aloneReason(item, inputs) ?? 'worth')
}

function byUrgency(actions: readonly Action[]): Action[] {
  return [...actions].sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason))
}

function groupKey({ record }: Collectable): string {
  const { payee, operator, token } = record.channel
  return `${payee}${operator}${token}`.toLowerCase()
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = []
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size))
  return chunks
}
