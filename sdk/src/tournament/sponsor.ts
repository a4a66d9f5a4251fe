import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import type { SluiceError } from '../errors.js'
import type { PaymentPlan, ProductPaymentMethod, SignedProductPayment } from '../payment/productPayment.js'
import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { invalidTournament } from './invalid.js'
import { nativeValue } from './nativeValue.js'
import {
  payTournament,
  planTournamentPayment,
  requireJoinable,
  signTournamentPayment,
  type PayingAction,
  type PayTournamentParameters,
} from './paying.js'
import { sponsorPurpose } from './purposes.js'
import { requireEvent, sentBy, type SentTransaction } from './transaction.js'

/**
 * Adds to the prizes, in the way that costs the fewest prompts. Sponsor money is never raked, and comes back when the
 * tournament is cancelled.
 *
 * @param client a wallet client
 * @param parameters the terms, base units, and how to pay
 * @returns the transaction, and who is the sponsor: whoever paid
 * @throws SluiceError `unknown-tournament`, `wrong-stage`, `deadline-passed`, `insufficient-token`, `wrong-token`,
 * `invalid-argument`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { sponsor, type Tournament } from '@sluice/sdk/tournament'
 *
 * const give = (wallet: WalletClient, tournament: Tournament) => sponsor(wallet, { tournament, amount: 50_000_000n })
 * ```
 */
export async function sponsor(
  client: ChainClient,
  parameters: sponsor.Parameters,
): Promise<sponsor.ReturnType> {
  const mined = await payTournament(client, parameters, sponsoring(parameters))
  const { sponsor: by, amount } = requireEvent(mined, 'sponsored')
  return { ...sentBy(mined), method: mined.method, sponsor: by, amount }
}

export declare namespace sponsor {
  type Parameters = PayTournamentParameters & {
    /** Base units. */
    readonly amount: bigint
  }
  type ReturnType = SentTransaction & {
    readonly method: ProductPaymentMethod
    readonly sponsor: Address
    readonly amount: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Says what {@link sponsor} will ask of the person before the first prompt. Fails for the same reasons.
 *
 * @param client a wallet client
 * @param parameters as for `sponsor`
 */
export async function planSponsor(client: ChainClient, parameters: sponsor.Parameters): Promise<PaymentPlan> {
  return await planTournamentPayment(client, parameters, sponsoring(parameters))
}

/**
 * Signs what a sponsor gives for somebody else to submit with {@link sponsor}: one prompt and no gas.
 *
 * @param client a wallet client of the sponsor
 * @param parameters as for `sponsor`
 */
export async function signSponsor(
  client: ChainClient,
  parameters: sponsor.Parameters,
): Promise<SignedProductPayment> {
  return await signTournamentPayment(client, parameters, sponsoring(parameters))
}

function sponsoring({ amount }: sponsor.Parameters): PayingAction {
  if (amount <= 0n) throw invalidTournament('amount', amount, 'more than zero')
  return {
    verb: 'give',
    amount,
    extraGas: 30_000n,
    purpose: ({ tournamentId }) => sponsorPurpose(tournamentId),
    check: (_, situation) => {
      requireJoinable(situation)
    },
    call: (of) => sponsorCall({ ...of, amount }),
  }
}

/**
 * Builds the call that adds to the prizes. For anyone; with a signed payment the sponsor is who signed it, bound to
 * `sponsorPurpose`.
 *
 * @param parameters the contract, the terms, base units, and the payment of them
 *
 * @example
 * ```ts
 * import { sponsorCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const give = (contract: `0x${string}`, tournament: Tournament) =>
 *   sponsorCall({ contract, tournament, amount: 50_000_000n })
 * ```
 */
export function sponsorCall(parameters: sponsorCall.Parameters): ContractCall {
  const { contract, tournament, amount, payment = '0x' } = parameters
  const value = nativeValue(tournament, amount)
  return tournamentsCall(contract, 'sponsor', [encodeTerms(tournament), amount, payment], value)
}

export declare namespace sponsorCall {
  type Parameters = OfTournament & WithPayment & { readonly amount: bigint }
}
