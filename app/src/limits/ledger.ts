/** What was spent on one day, by channel. Amounts are base units. */
export type Ledger = {
  /** Such as `2027-03-01`. */
  readonly day: string
  /** By channel: spent when the day began, and by now. */
  readonly channels: Readonly<Record<string, { readonly before: bigint; readonly spent: bigint }>>
}

export const emptyLedger: Ledger = { day: '', channels: {} }

/**
 * Takes down what a channel has spent in all. A channel that is new to the ledger counts from `since`.
 *
 * @param ledger before
 * @param day of the reading
 * @param reading of the channel, base units; `since`: what it had spent when this page first saw it
 */
export function recordSpending(
  ledger: Ledger,
  day: string,
  reading: { readonly channelId: string; readonly spent: bigint; readonly since: bigint },
): Ledger {
  const today = turnTo(ledger, day)
  const known = today.channels[reading.channelId] ?? { before: reading.since, spent: reading.since }
  const spent = reading.spent > known.spent ? reading.spent : known.spent
  return { day, channels: { ...today.channels, [reading.channelId]: { ...known, spent } } }
}

/** Spent on all channels on a day. */
export function spentOn(ledger: Ledger, day: string): bigint {
  return Object.values(turnTo(ledger, day).channels).reduce(
    (sum, { before, spent }) => sum + spent - before,
    0n,
  )
}

/** A new day begins where the old one ended. */
function turnTo(ledger: Ledger, day: string): Ledger {
  if (ledger.day === day) return ledger
  const channels = Object.fromEntries(
    Object.entries(ledger.channels).map(([id, { spent }]) => [id, { before: spent, spent }]),
  )
  return { day, channels }
}
