/** Tournaments: terms, ids, calls, questions, what is signed, what events tell; prizes, brackets, tables and draws. */
export { annulCall } from './annul.js'
export {
  bracketPlacings,
  createBracket,
  recordWinner,
  type Bracket,
  type Match,
  type Side,
} from './bracket.js'
export { tournamentsCall, type OfTournament, type TournamentsCall, type WithPayment } from './call.js'
export { cancelTournamentCall } from './cancelTournament.js'
export { challengeCall } from './challenge.js'
export { claimPrizeCall } from './claimPrize.js'
export { confirmCall, type Confirmation } from './confirm.js'
export { confirmationTypedData, confirmationTypes } from './confirmationTypedData.js'
export { createTournamentCall } from './createTournament.js'
export { defineTournament } from './defineTournament.js'
export { decodeTerms, encodeTerms, type EncodedTerms } from './encoding.js'
export { readTournamentEvent, type TournamentEvent } from './events.js'
export { finalizeCall } from './finalize.js'
export { getOwed } from './getOwed.js'
export { getPlayer } from './getPlayer.js'
export { getTournament } from './getTournament.js'
export { joinCall } from './join.js'
export { leaveCall } from './leave.js'
export { maximumRake, payoutPeriod, rankedField } from './limits.js'
export { nextSteps, type NextStep, type TournamentVerb } from './nextSteps.js'
export { prizesOfResult, refundable, unpaidPrizes } from './payable.js'
export { defaultBatch, payManyCall, payManyCalls } from './payMany.js'
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
export { challengePurpose, createPurpose, joinPurpose, sponsorPurpose } from './purposes.js'
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
export type { ReadParameters, WhichTournament } from './read.js'
export { rebuildTournaments, type RebuiltTournament, type RebuiltTournaments } from './rebuild.js'
export { refundCall } from './refund.js'
export { revertToSluiceError } from './revertErrors.js'
export { ruleCall } from './rule.js'
export { sponsorCall } from './sponsor.js'
export { submitResultCall } from './submitResult.js'
export { tournamentId } from './tournamentId.js'
export type {
  CancelReason,
  Placing,
  Prize,
  ProvenPrize,
  Seat,
  Tournament,
  TournamentStage,
  TournamentState,
} from './types.js'
export { withdrawOwedCall } from './withdrawOwed.js'
