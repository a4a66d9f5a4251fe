import type { Offer } from './messages.js'
import { costOf, meteringUnits, type Price } from './price.js'

/** What both machines need of an offer, with the windows turned into amounts. */
export type Terms = {
  readonly price: Price
  /** Base units the payer keeps paid ahead. */
  readonly windowAmount: bigint
  /** Base units the payee delivers beyond what is paid. */
  readonly creditAmount: bigint
  /** Metering units by which an honest payee's count may be ahead of the payer's: window and credit. */
  readonly aheadUnits: bigint
  readonly minDelta: bigint
}

/**
 * The amounts behind an offer.
 *
 * @param offer what the payee sells
 */
export function termsOf(
  offer: Pick<Offer, 'price' | 'unit' | 'per' | 'window' | 'credit' | 'minDelta'>,
): Terms {
  const price: Price = { amount: offer.price, unit: offer.unit, per: offer.per }
  const scale = meteringUnits(offer.unit)
  return {
    price,
    windowAmount: costOf(price, offer.window * scale),
    creditAmount: costOf(price, offer.credit * scale),
    aheadUnits: (offer.window + offer.credit) * scale,
    minDelta: offer.minDelta,
  }
}

/** Silences and delays both sides agree on, milliseconds. Source: `docs/protocol.md`, "Timing". */
export const timing = {
  /** How long the payee keeps delivering on credit. */
  graceMs: 3_000,
  /** How long a gate stays closed before the payee settles. */
  holdMs: 60_000,
  /** How often the payee signs a receipt. */
  receiptMs: 10_000,
  /** How often the payer signs at most, unless asked. */
  tickMs: 1_000,
  /** How long an unanswered message waits before it is sent again. */
  resendMs: 2_000,
  /** How long a payer who ends waits for the acknowledgement of tips before it asks for the close. */
  farewellMs: 5_000,
  /** How often the payer checks that the payee is there. */
  pingMs: 5_000,
  /** How long a payer that lost its connection waits before its first try: most cuts are over at once. */
  firstRetryMs: 50,
  /** How long it waits before the second; each later try waits twice as long … */
  retryMs: 500,
  /** … and none longer than this. */
  longestRetryMs: 15_000,
  /** How long a payee may be silent before the payer stops paying. */
  silenceMs: 15_000,
} as const
