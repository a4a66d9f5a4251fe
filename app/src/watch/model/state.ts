import type { FinalReceipt, MoneyBack, Quote, Receipt, SluiceError } from '@sluice/sdk'
import type { MediaReason, Meter, PayerRecord } from '@sluice/sdk/session'
import type { LimitReached } from '../../limits/limits.ts'

/**
 * - `visitor`: the price is known, no wallet is chosen.
 * - `connecting`: the wallet is asked whether it speaks with this page.
 * - `ready`: a wallet is there; a budget can be chosen.
 * - `opening`: the wallet is asked for the deposit.
 * - `watching`: a session runs.
 * - `elsewhere`: another tab of this browser runs it.
 * - `stopping`: the payee was asked to end the channel.
 * - `ended`: the channel has ended, by the payee's consent.
 * - `refund`: the money is got back without the payee.
 */
export type WatchPhase =
  'visitor' | 'connecting' | 'ready' | 'opening' | 'watching' | 'elsewhere' | 'stopping' | 'ended' | 'refund'

/** Something the person should read. */
export type Problem =
  | { readonly kind: 'sluice'; readonly error: SluiceError }
  | { readonly kind: 'limit'; readonly reached: LimitReached }

/** One thing the wallet is about to be asked. */
export type PromptStep = { readonly index: number; readonly of: number; readonly title: string }

/** Everything the watch page shows, besides the offer. */
export type WatchState = {
  readonly phase: WatchPhase
  readonly wallet: { readonly name: string; readonly address: string } | undefined
  /** What the chosen budget would take; undefined while it is asked for. */
  readonly quote: Quote | undefined
  readonly step: PromptStep | undefined
  /** The channel that runs, or that is left from before. */
  readonly channel: PayerRecord | undefined
  readonly meter: Meter | undefined
  /** The payee's last signed word. */
  readonly receipt: Receipt | undefined
  /** Whether the payee delivers, and why not. */
  readonly gate: { readonly open: boolean; readonly reason: MediaReason } | undefined
  /** Whether the person wants it to play. */
  readonly playing: boolean
  /** Whether the picture moves. */
  readonly moving: boolean
  /** What is under way besides watching. */
  readonly busy: 'tip' | 'topUp' | 'switch' | undefined
  /** Tips that the payee has stored, as they were sent. */
  readonly tips: readonly { readonly amount: string; readonly message: string }[]
  readonly problem: Problem | undefined
  readonly final: FinalReceipt | undefined
  readonly refund: MoneyBack | undefined
  /** What the chain's clock said, and when it was asked; it decides when a refund is due. */
  readonly chainTime: { readonly seconds: number; readonly atMs: number } | undefined
}

export const initialState: WatchState = {
  phase: 'visitor',
  wallet: undefined,
  quote: undefined,
  step: undefined,
  channel: undefined,
  meter: undefined,
  receipt: undefined,
  gate: undefined,
  playing: false,
  moving: false,
  busy: undefined,
  tips: [],
  problem: undefined,
  final: undefined,
  refund: undefined,
  chainTime: undefined,
}
