/** Tournaments: terms, ids, prizes, brackets, tables and draws, all of it pure. */
export {
  bracketPlacings,
  createBracket,
  recordWinner,
  type Bracket,
  type Match,
  type Side,
} from './bracket.js'
export { defineTournament } from './defineTournament.js'
export { decodeTerms, encodeTerms, type EncodedTerms } from './encoding.js'
export { maximumRake, payoutPeriod, rankedField } from './limits.js'
export { decodePayouts, encodePayouts } from './payouts.js'
export {
  pointsTable,
  roundRobin,
  type Game,
  type PointsRule,
  type Standing,
  type TieBreak,
} from './points.js'
export { prizesOf, splitPot, type Pot } from './prizes.js'
export { createPrizeTree, type PrizeTree } from './prizeTree.js'
export {
  commitSeed,
  randomFromSeed,
  revealSeed,
  shuffle,
  type Commitment,
  type RandomSource,
  type Reveal,
} from './random.js'
export { buildResult, type BuiltResult, type TournamentResult } from './result.js'
export { tournamentId } from './tournamentId.js'
export type {
  CancelReason,
  Placing,
  Prize,
  ProvenPrize,
  Tournament,
  TournamentStage,
  TournamentState,
} from './types.js'
