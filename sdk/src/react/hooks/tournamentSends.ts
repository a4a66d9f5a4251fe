'use client'
import { annul } from '../../tournament/annul.js'
import { cancelTournament } from '../../tournament/cancelTournament.js'
import { challenge, planChallenge } from '../../tournament/challenge.js'
import { claimPrize } from '../../tournament/claimPrize.js'
import { confirm } from '../../tournament/confirm.js'
import { createTournament, planCreateTournament } from '../../tournament/createTournament.js'
import { finalize } from '../../tournament/finalize.js'
import { join, planJoin } from '../../tournament/join.js'
import { leave } from '../../tournament/leave.js'
import { payMany } from '../../tournament/payMany.js'
import { refund } from '../../tournament/refund.js'
import { rule } from '../../tournament/rule.js'
import { signConfirmation } from '../../tournament/signConfirmation.js'
import { sponsor, planSponsor } from '../../tournament/sponsor.js'
import { submitResult } from '../../tournament/submitResult.js'
import type { ChainClient } from '../../chain/context.js'
import { defaultBatch, inBatches } from '../../tournament/batches.js'
import type { Planned } from '../send/sending.js'
import { useSend, type Send } from './useSend.js'

/** Opens a tournament, with the host's bond. See {@link createTournament}. */
export const useCreateTournament = (): Send<typeof createTournament> =>
  useSend(createTournament, planCreateTournament)

/** Puts a stake in, to play. See {@link join}. */
export const useJoinTournament = (): Send<typeof join> => useSend(join, planJoin)

/** Adds to the prizes. See {@link sponsor}. */
export const useSponsorTournament = (): Send<typeof sponsor> => useSend(sponsor, planSponsor)

/** Takes the stake back, as long as players can join. See {@link leave}. */
export const useLeaveTournament = (): Send<typeof leave> => useSend(leave)

/** Reports who came where. See {@link submitResult}. */
export const useSubmitResult = (): Send<typeof submitResult> => useSend(submitResult)

/** Signs, as a player, that the result is right; nothing is sent. See {@link signConfirmation}. */
export const useSignConfirmation = (): Send<typeof signConfirmation> => useSend(signConfirmation)

/** Makes a result final at once, with the signatures of all players. See {@link confirm}. */
export const useConfirmResult = (): Send<typeof confirm> => useSend(confirm)

/** Disputes a result, with a bond. See {@link challenge}. */
export const useChallengeResult = (): Send<typeof challenge> => useSend(challenge, planChallenge)

/** Decides a dispute, as the referee. See {@link rule}. */
export const useRuleTournament = (): Send<typeof rule> => useSend(rule)

/** Declares a disputed tournament void, as the referee. See {@link annul}. */
export const useAnnulTournament = (): Send<typeof annul> => useSend(annul)

/** Makes a result final that nobody disputed in time. See {@link finalize}. */
export const useFinalizeTournament = (): Send<typeof finalize> => useSend(finalize)

/** Takes the winner's own prize. See {@link claimPrize}. */
export const useClaimPrize = (): Send<typeof claimPrize> => useSend(claimPrize)

/** Pays winners, who need not do anything. See {@link payMany}. */
export const usePayWinners = (): Send<typeof payMany> => useSend(payMany, planPayMany)

/** Ends a tournament without its prizes. See {@link cancelTournament}. */
export const useCancelTournament = (): Send<typeof cancelTournament> => useSend(cancelTournament)

/** Sends back what people put into a tournament that was called off. See {@link refund}. */
export const useRefundTournament = (): Send<typeof refund> => useSend(refund, planRefund)

const planPayMany = (_: ChainClient, { prizes, batch }: payMany.Parameters): Promise<Planned> =>
  onePerBatch(prizes, batch)

const planRefund = (_: ChainClient, { accounts, batch }: refund.Parameters): Promise<Planned> =>
  onePerBatch(accounts, batch)

function onePerBatch(items: readonly unknown[], batch = defaultBatch): Promise<Planned> {
  return Promise.resolve({ prompts: inBatches(items, batch).length, steps: [] })
}
