import { boundTo } from '../chain/bound.js'
import type { ChainClient, ReadParameters } from '../chain/context.js'
import type { PaymentPlan, SignedProductPayment } from '../payment/productPayment.js'
import { annul } from './annul.js'
import { cancelTournament } from './cancelTournament.js'
import { challenge, planChallenge, signChallenge } from './challenge.js'
import { claimPrize } from './claimPrize.js'
import { confirm, type Confirmation } from './confirm.js'
import { createTournament, planCreateTournament, signCreateTournament } from './createTournament.js'
import { finalize } from './finalize.js'
import { findTournaments } from './findTournaments.js'
import { getOwed } from './getOwed.js'
import { getPlayer } from './getPlayer.js'
import { getTournament } from './getTournament.js'
import { join, planJoin, signJoin } from './join.js'
import { leave } from './leave.js'
import { payMany } from './payMany.js'
import { refund } from './refund.js'
import { rule } from './rule.js'
import { signConfirmation } from './signConfirmation.js'
import { planSponsor, signSponsor, sponsor } from './sponsor.js'
import { submitResult } from './submitResult.js'
import { watchTournament } from './watchTournament.js'
import { withdrawOwed } from './withdrawOwed.js'

/** Every action of tournaments, bound to a client. */
export type TournamentActions = {
  readonly createTournament: (parameters: createTournament.Parameters) => Promise<createTournament.ReturnType>
  readonly planCreateTournament: (parameters: createTournament.Parameters) => Promise<PaymentPlan>
  readonly signCreateTournament: (parameters: createTournament.Parameters) => Promise<SignedProductPayment>
  readonly sponsor: (parameters: sponsor.Parameters) => Promise<sponsor.ReturnType>
  readonly planSponsor: (parameters: sponsor.Parameters) => Promise<PaymentPlan>
  readonly signSponsor: (parameters: sponsor.Parameters) => Promise<SignedProductPayment>
  readonly join: (parameters: join.Parameters) => Promise<join.ReturnType>
  readonly planJoin: (parameters: join.Parameters) => Promise<PaymentPlan>
  readonly signJoin: (parameters: join.Parameters) => Promise<signJoin.ReturnType>
  readonly leave: (parameters: leave.Parameters) => Promise<leave.ReturnType>
  readonly submitResult: (parameters: submitResult.Parameters) => Promise<submitResult.ReturnType>
  readonly signConfirmation: (parameters: signConfirmation.Parameters) => Promise<Confirmation>
  readonly confirm: (parameters: confirm.Parameters) => Promise<confirm.ReturnType>
  readonly challenge: (parameters: challenge.Parameters) => Promise<challenge.ReturnType>
  readonly planChallenge: (parameters: challenge.Parameters) => Promise<PaymentPlan>
  readonly signChallenge: (parameters: challenge.Parameters) => Promise<SignedProductPayment>
  readonly rule: (parameters: rule.Parameters) => Promise<rule.ReturnType>
  readonly annul: (parameters: annul.Parameters) => Promise<annul.ReturnType>
  readonly finalize: (parameters: finalize.Parameters) => Promise<finalize.ReturnType>
  readonly payMany: (parameters: payMany.Parameters) => Promise<payMany.ReturnType>
  readonly claimPrize: (parameters: claimPrize.Parameters) => Promise<claimPrize.ReturnType>
  readonly cancelTournament: (parameters: cancelTournament.Parameters) => Promise<cancelTournament.ReturnType>
  readonly refund: (parameters: refund.Parameters) => Promise<refund.ReturnType>
  readonly withdrawOwed: (parameters: withdrawOwed.Parameters) => Promise<withdrawOwed.ReturnType>
  readonly getTournament: (parameters: getTournament.Parameters) => Promise<getTournament.ReturnType>
  readonly getPlayer: (parameters: getPlayer.Parameters) => Promise<getPlayer.ReturnType>
  readonly getOwed: (parameters: getOwed.Parameters) => Promise<getOwed.ReturnType>
  readonly findTournaments: (parameters: findTournaments.Parameters) => Promise<findTournaments.ReturnType>
  readonly watchTournament: (parameters: watchTournament.Parameters) => watchTournament.ReturnType
}

/**
 * Adds every action of tournaments to a viem client.
 *
 * @param options `contract`: address of `Tournaments`; default: the known deployment on the client's chain
 *
 * @example
 * ```ts
 * import { createWalletClient, http, type LocalAccount } from 'viem'
 * import { base } from 'viem/chains'
 * import { tournamentActions } from '@sluice/sdk/tournament'
 *
 * function connect(account: LocalAccount) {
 *   return createWalletClient({ account, chain: base, transport: http() }).extend(tournamentActions())
 * }
 * ```
 */
export function tournamentActions(options: ReadParameters = {}) {
  return (client: ChainClient): TournamentActions => {
    const bound = boundTo(client, options)
    return {
      createTournament: bound(createTournament),
      planCreateTournament: bound(planCreateTournament),
      signCreateTournament: bound(signCreateTournament),
      sponsor: bound(sponsor),
      planSponsor: bound(planSponsor),
      signSponsor: bound(signSponsor),
      join: bound(join),
      planJoin: bound(planJoin),
      signJoin: bound(signJoin),
      leave: bound(leave),
      submitResult: bound(submitResult),
      signConfirmation: bound(signConfirmation),
      confirm: bound(confirm),
      challenge: bound(challenge),
      planChallenge: bound(planChallenge),
      signChallenge: bound(signChallenge),
      rule: bound(rule),
      annul: bound(annul),
      finalize: bound(finalize),
      payMany: bound(payMany),
      claimPrize: bound(claimPrize),
      cancelTournament: bound(cancelTournament),
      refund: bound(refund),
      withdrawOwed: bound(withdrawOwed),
      getTournament: bound(getTournament),
      getPlayer: bound(getPlayer),
      getOwed: bound(getOwed),
      findTournaments: bound(findTournaments),
      watchTournament: bound(watchTournament),
    }
  }
}
