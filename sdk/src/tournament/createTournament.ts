import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import { SluiceError } from '../errors.js'
import type { PaymentPlan, ProductPaymentMethod, SignedProductPayment } from '../payment/productPayment.js'
import type { Hex } from '../types.js'
import { tournamentsCall, type OfTournament, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { nativeValue } from './nativeValue.js'
import {
  payTournament,
  planTournamentPayment,
  requireBefore,
  requireHost,
  signTournamentPayment,
  type PayingAction,
  type PayTournamentParameters,
} from './paying.js'
import { createPurpose } from './purposes.js'
import { requireEvent, sentBy, type SentTransaction } from './transaction.js'

/**
 * Opens a tournament with the host's bond, paid in the way that costs the fewest prompts. With a `payment` that the host
 * signed before (`signCreateTournament`), anyone submits. Everything that would make it fail is checked first.
 *
 * @param client a wallet client
 * @param parameters the terms (`defineTournament`), and how to pay the bond
 * @returns the tournament's id and the transaction
 * @throws SluiceError `tournament-exists`, `deadline-passed`, `not-allowed`, `insufficient-token`, `wrong-token`,
 * `invalid-argument`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { createTournament, type Tournament } from '@sluice/sdk/tournament'
 *
 * const open = async (wallet: WalletClient, tournament: Tournament) =>
 *   (await createTournament(wallet, { tournament })).tournamentId
 * ```
 */
export async function createTournament(
  client: ChainClient,
  parameters: createTournament.Parameters,
): Promise<createTournament.ReturnType> {
  const mined = await payTournament(client, parameters, creating(parameters))
  requireEvent(mined, 'created')
  return { ...sentBy(mined), method: mined.method }
}

export declare namespace createTournament {
  type Parameters = PayTournamentParameters
  type ReturnType = SentTransaction & { readonly method: ProductPaymentMethod }
  type ErrorType = SluiceError
}

/**
 * Says what {@link createTournament} will ask of the person before the first prompt. Fails for the same reasons.
 *
 * @param client a wallet client
 * @param parameters as for `createTournament`
 */
export async function planCreateTournament(
  client: ChainClient,
  parameters: createTournament.Parameters,
): Promise<PaymentPlan> {
  return await planTournamentPayment(client, parameters, creating(parameters))
}

/**
 * Signs the bond for somebody else to submit with {@link createTournament}: one prompt and no gas.
 *
 * @param client a wallet client of the host
 * @param parameters as for `createTournament`
 */
export async function signCreateTournament(
  client: ChainClient,
  parameters: createTournament.Parameters,
): Promise<SignedProductPayment> {
  return await signTournamentPayment(client, parameters, creating(parameters))
}

function creating(parameters: createTournament.Parameters): PayingAction {
  const { tournament } = parameters
  return {
    verb: 'put down',
    amount: tournament.bond,
    extraGas: 60_000n,
    purpose: ({ tournamentId }) => createPurpose(tournamentId),
    check: (_, situation) => {
      const { tournamentId, state, now } = situation
      requireHost(parameters, situation)
      if (state.stage !== 'none') throw exists(tournamentId, state.stage)
      requireBefore(tournamentId, 'joinDeadline', tournament.joinDeadline, now)
    },
    call: createTournamentCall,
  }
}

function exists(id: Hex, stage: string): SluiceError {
  return new SluiceError({
    code: 'tournament-exists',
    message: 'This tournament exists already.',
    details: `tournament ${id}: stage ${stage}; the same terms cannot be used again, so use another salt`,
  })
}

/**
 * Builds the call that opens a tournament with the host's bond. For the host, or for anyone with a payment of the host
 * that is bound to `createPurpose`.
 *
 * @param parameters the contract, the terms, and the payment of the bond
 *
 * @example
 * ```ts
 * import { createTournamentCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const open = (contract: `0x${string}`, tournament: Tournament) => createTournamentCall({ contract, tournament })
 * ```
 */
export function createTournamentCall(parameters: createTournamentCall.Parameters): ContractCall {
  const { contract, tournament, payment = '0x' } = parameters
  const value = nativeValue(tournament, tournament.bond)
  return tournamentsCall(contract, 'create', [encodeTerms(tournament), payment], value)
}

export declare namespace createTournamentCall {
  type Parameters = OfTournament & WithPayment
}
