import type { Address, Hex, SluiceError } from '@sluice/sdk'
import type {
  Confirmation,
  PaymentPlan,
  RebuiltTournament,
  TournamentState,
  TournamentVerb,
} from '@sluice/sdk/tournament'
import type { Decision } from './bracket.ts'

/** A wallet prompt that is open, as 1 of 2. */
export type PromptStep = { readonly index: number; readonly of: number; readonly title: string }

/** What paying for something will take, asked before anything is signed. */
export type Quote = {
  readonly plan: PaymentPlan
  /** What is paid, base units. */
  readonly amount: bigint
  /** Wei that the network will take for it; undefined when that cannot be told yet. */
  readonly fee: bigint | undefined
}

/** What is paid for, and asked for before. */
export type PaidVerb = 'create' | 'join' | 'sponsor' | 'challenge'

/** Everything that the page shows. */
export type TournamentPageState = {
  readonly wallet: { readonly name: string; readonly address: Address } | undefined
  readonly connecting: boolean
  /** Second of the chain. */
  readonly now: number
  /** The tournament that the page is about; undefined: none, one can be created. */
  readonly id: Hex | undefined
  /** Whether the chain was asked for it, and had none. */
  readonly missing: boolean
  readonly known: RebuiltTournament | undefined
  readonly standing: TournamentState | undefined
  /** The players as they were drawn, once nobody can join any more. */
  readonly drawn: readonly Address[] | undefined
  /** Who won which match, as the host recorded it in this browser. */
  readonly decisions: readonly Decision[]
  /** The rules as the invitation tells them, if their hash is the one on the chain. */
  readonly rules: string | undefined
  /** What players signed of the result that stands, as far as this browser has it. */
  readonly confirmations: readonly Confirmation[]
  readonly busy: TournamentVerb | 'sign' | undefined
  readonly step: PromptStep | undefined
  readonly quotes: Readonly<Partial<Record<PaidVerb, Quote>>>
  readonly problem: SluiceError | undefined
}

export const initialState: TournamentPageState = {
  wallet: undefined,
  connecting: false,
  now: 0,
  id: undefined,
  missing: false,
  known: undefined,
  standing: undefined,
  drawn: undefined,
  decisions: [],
  rules: undefined,
  confirmations: [],
  busy: undefined,
  step: undefined,
  quotes: {},
  problem: undefined,
}
