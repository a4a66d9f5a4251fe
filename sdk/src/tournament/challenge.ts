import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import { SluiceError } from '../errors.js'
import type { PaymentPlan, ProductPaymentMethod, SignedProductPayment } from '../payment/productPayment.js'
import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { readPlayer } from './getPlayer.js'
import { nativeValue } from './nativeValue.js'
import {
  payTournament,
  planTournamentPayment,
  requireBefore,
  requireStage,
  signTournamentPayment,
  type PayingAction,
  type PayTournamentParameters,
} from './paying.js'
import { challengePurpose } from './purposes.js'
import { requireEvent, sentBy, type SentTransaction } from './transaction.js'

/**
 * Disputes the reported result, with the challenger's bond paid in the way that costs the fewest prompts. For players,
 * within the window; the referee decides. With a `payment` that a player signed before (`signChallenge`), anyone submits.
 *
 * @param client a wallet client
 * @param parameters the terms, and how to pay the bond
 * @returns the transaction, who challenges, and the second from which the referee is too late
 * @throws SluiceError `unknown-tournament`, `wrong-stage`, `deadline-passed`, `not-a-player`, `insufficient-token`,
 * `wrong-token`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { challenge, type Tournament } from '@sluice/sdk/tournament'
 *
 * const dispute = async (wallet: WalletClient, tournament: Tournament) =>
 *   new Date((await challenge(wallet, { tournament })).rulingDeadline * 1000)
 * ```
 */
export async function challenge(
  client: ChainClient,
  parameters: challenge.Parameters,
): Promise<challenge.ReturnType> {
  const mined = await payTournament(client, parameters, challenging(parameters))
  const { challenger, rulingDeadline } = requireEvent(mined, 'challenged')
  return { ...sentBy(mined), method: mined.method, challenger, rulingDeadline }
}

export declare namespace challenge {
  type Parameters = PayTournamentParameters
  type ReturnType = SentTransaction & {
    readonly method: ProductPaymentMethod
    readonly challenger: Address
    readonly rulingDeadline: number
  }
  type ErrorType = SluiceError
}

/**
 * Says what {@link challenge} will ask of the person before the first prompt. Fails for the same reasons.
 *
 * @param client a wallet client
 * @param parameters as for `challenge`
 */
export async function planChallenge(
  client: ChainClient,
  parameters: challenge.Parameters,
): Promise<PaymentPlan> {
  return await planTournamentPayment(client, parameters, challenging(parameters))
}

/**
 * Signs the challenger's bond for somebody else to submit with {@link challenge}: one prompt and no gas. It disputes the
 * result that stands now and no other.
 *
 * @param client a wallet client of a player
 * @param parameters as for `challenge`
 */
export async function signChallenge(
  client: ChainClient,
  parameters: challenge.Parameters,
): Promise<SignedProductPayment> {
  return await signTournamentPayment(client, parameters, challenging(parameters))
}

function challenging({ tournament, payment }: challenge.Parameters): PayingAction {
  return {
    verb: 'put down',
    amount: tournament.challengeBond,
    extraGas: 40_000n,
    purpose: ({ tournamentId, state }) => challengePurpose(tournamentId, state.root),
    check: async (client, { deployment, tournamentId: id, state, now, payer }) => {
      requireStage(id, state, 'reported')
      requireBefore(id, 'end of the window', state.changedAt + tournament.challengeWindow, now)
      if (payment !== undefined) return
      const { seat } = await readPlayer(client, deployment, id, payer)
      if (seat === 'joined') return
      throw new SluiceError({
        code: 'not-a-player',
        message: 'Only players can challenge a result.',
        details: `tournament ${id}: account ${payer} is ${seat}, needed joined`,
      })
    },
    call: challengeCall,
  }
}

/**
 * Builds the call by which a player disputes the reported result within its window. With a signed payment the challenger
 * is who signed it, bound to `challengePurpose`.
 *
 * @param parameters the contract, the terms, and the payment of the challenge bond
 *
 * @example
 * ```ts
 * import { challengeCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const dispute = (contract: `0x${string}`, tournament: Tournament) => challengeCall({ contract, tournament })
 * ```
 */
export function challengeCall(parameters: challengeCall.Parameters): ContractCall {
  const { contract, tournament, payment = '0x' } = parameters
  const value = nativeValue(tournament, tournament.challengeBond)
  return tournamentsCall(contract, 'challenge', [encodeTerms(tournament), payment], value)
}

export declare namespace challengeCall {
  type Parameters = OfTournament & WithPayment
}
