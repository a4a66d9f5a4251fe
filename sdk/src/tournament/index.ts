/** Tournaments: one action a file, terms, ids and signatures, what events tell; prizes, brackets, tables and draws. */
export { tournamentActions, type TournamentActions } from './actions.js'
export { annul, annulCall } from './annul.js'
export { defaultBatch } from './batches.js'
export {
  bracketPlacings,
  createBracket,
  recordWinner,
  type Bracket,
  type Match,
  type Side,
} from './bracket.js'
export { tournamentsCall, type OfTournament, type WithPayment } from './call.js'
export { cancelTournament, cancelTournamentCall } from './cancelTournament.js'
export { challenge, challengeCall, planChallenge, signChallenge } from './challenge.js'
export { claimPrize, claimPrizeCall } from './claimPrize.js'
export { confirm, confirmCall, type Confirmation } from './confirm.js'
export { confirmationTypedData, confirmationTypes } from './confirmationTypedData.js'
export {
  createTournament,
  createTournamentCall,
  planCreateTournament,
  signCreateTournament,
} from './createTournament.js'
export { defineTournament } from './defineTournament.js'
export { decodeTerms, encodeTerms, type EncodedTerms } from './encoding.js'
export { readTournamentEvent, type TournamentEvent } from './events.js'
export { finalize, finalizeCall } from './finalize.js'
export { findTournaments } from './findTournaments.js'
export { getOwed } from './getOwed.js'
export { getPlayer } from './getPlayer.js'
export { getTournament } from './getTournament.js'
export { join, joinCall, planJoin, signJoin } from './join.js'
export { leave, leaveCall } from './leave.js'
export { maximumRake, payoutPeriod, rankedField } from './limits.js'
export { nextSteps, type NextStep, type TournamentVerb } from './nextSteps.js'
export { prizesOfResult, refundable, unpaidPrizes } from './payable.js'
export type { PayTournamentParameters } from './paying.js'
export { payMany, payManyCall, payManyCalls } from './payMany.js'
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
export { rebuildTournaments, type RebuiltTournament, type RebuiltTournaments } from './rebuild.js'
export { refund, refundCall } from './refund.js'
export { buildResult, type BuiltResult, type TournamentResult } from './result.js'
export { revertToSluiceError } from './revertErrors.js'
export { rule, ruleCall } from './rule.js'
export { signConfirmation } from './signConfirmation.js'
export { planSponsor, signSponsor, sponsor, sponsorCall } from './sponsor.js'
export { submitResult, submitResultCall } from './submitResult.js'
export { tournamentId } from './tournamentId.js'
export type { SendParameters, SentTransaction } from './transaction.js'
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
export type { WhichTournament } from './which.js'
export { watchTournament } from './watchTournament.js'
export { withdrawOwed, withdrawOwedCall } from './withdrawOwed.js'
export type { ContractCall } from '../chain/call.js'
export type { EventPlace } from '../chain/eventWindow.js'
export type { PaymentPlan, ProductPaymentMethod, SignedProductPayment } from '../payment/productPayment.js'
