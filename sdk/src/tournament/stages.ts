import type { CancelReason, Seat, TournamentStage } from './types.js'

/** The stages in the contract's order. */
export const stages = [
  'none',
  'open',
  'reported',
  'disputed',
  'final',
  'paid',
  'refunding',
  'abandoned',
] as const satisfies readonly TournamentStage[]

const seats = ['none', 'joined', 'settled'] as const satisfies readonly Seat[]

const reasons = [
  'host-cancelled',
  'too-few-players',
  'no-result',
  'no-ruling',
  'annulled',
  'prizes-unclaimed',
] as const satisfies readonly CancelReason[]

/** The stage that the contract tells as a number. */
export function stageOf(value: number): TournamentStage {
  return stages[value] ?? 'none'
}

/** The seat that the contract tells as a number. */
export function seatOf(value: number): Seat {
  return seats[value] ?? 'none'
}

/** The reason that the contract tells as a number. */
export function cancelReasonOf(value: number): CancelReason {
  return reasons[value] ?? 'no-result'
}
