import type { ChannelState, Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import type { HeldVoucher } from './earned.js'

/** One channel as the planner sees it. */
export type PlannedChannel = {
  readonly record: PayeeRecord
  /** What the chain says now, at the newest block known. */
  readonly state: ChannelState
  /** The total an unfinished claim already brings, base units; 0: none. */
  readonly claiming: bigint
  /** Whether an unfinished transaction closes the channel. */
  readonly closing: boolean
  /** Second of the last settlement, or of the opening. */
  readonly settledAt: number
  /** Left alone for now because the chain refused its claim. */
  readonly refused: boolean
  /** Whether the chain refused to end the channel fairly, by a simulation or in a transaction. */
  readonly closeRefused: boolean
  /** Whether the settler's key may end the channel, be it by a consent that is signed. */
  readonly mayClose: boolean
  /** Put off because settling it was interrupted several times in a row. */
  readonly delayed: boolean
  /** The highest voucher known that grants no more than was spent; undefined: none is known. */
  readonly earned: HeldVoucher | undefined
}

/**
 * Why a channel with unsettled money stays where it is.
 *
 * - `above-deposit`: its voucher is worth more than the chain holds for it, as after a deposit was reorganised out.
 * - `above-rate`: its voucher is worth more than the rate allows yet; `atSeconds` is when it will.
 * - `dust`, `not-worth-it`: settling costs too much for now.
 * - `in-flight`: a transaction is on its way.
 * - `refused`: the chain refused it a short while ago.
 * - `interrupted`: settling it failed several times in a row, such as when the node did not answer; tried again later.
 * - `wrong-key`: ending it is the only fair way, and the settler's key is neither its payee's nor its operator's.
 * - `unearned`: what the vouchers grant beyond the claimed was paid ahead and is not delivered, or no voucher is known
 *   that grants only what is.
 */
export type Skip = {
  readonly channelId: Hex
  readonly reason:
    | 'above-deposit'
    | 'above-rate'
    | 'dust'
    | 'not-worth-it'
    | 'in-flight'
    | 'refused'
    | 'interrupted'
    | 'wrong-key'
    | 'unearned'
  /** Base units that stay unsettled. */
  readonly amount: bigint
  readonly atSeconds: number | undefined
}
