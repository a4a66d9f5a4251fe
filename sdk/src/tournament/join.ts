import type { ContractCall } from '../chain/call.js'
import { resolveAccount, type ChainClient } from '../chain/context.js'
import { SluiceError } from '../errors.js'
import type { PaymentPlan, ProductPaymentMethod, SignedProductPayment } from '../payment/productPayment.js'
import type { Address } from '../types.js'
import { tournamentsCall, type OfTournament, type WithPayment } from './call.js'
import { encodeTerms } from './encoding.js'
import { readPlayer } from './getPlayer.js'
import { invalidTournament } from './invalid.js'
import { nativeValue } from './nativeValue.js'
import {
  payTournament,
  planTournamentPayment,
  requireJoinable,
  signTournamentPayment,
  type PayingAction,
  type PayTournamentParameters,
  type Situation,
} from './paying.js'
import { joinPurpose } from './purposes.js'
import { requireEvent, sentBy, type SentTransaction } from './transaction.js'

/**
 * Enters a player with its stake, in the way that costs the fewest prompts. Anyone may pay for anyone. With a `payment`
 * that was signed before (`signJoin`), whoever submits it pays only for gas: the player needs one signature and no coin.
 *
 * @param client a wallet client
 * @param parameters the terms, the player, and how to pay the stake
 * @returns the transaction, who plays and who paid
 * @throws SluiceError `unknown-tournament`, `wrong-stage`, `deadline-passed`, `field-full`, `already-joined`,
 * `insufficient-token`, `wrong-token`, and wallet errors; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { join, signJoin, type Tournament } from '@sluice/sdk/tournament'
 *
 * async function joinWithoutGas(player: WalletClient, relayer: WalletClient, tournament: Tournament) {
 *   const signed = await signJoin(player, { tournament })
 *   return await join(relayer, { tournament, player: signed.player, payment: signed.payment })
 * }
 * ```
 */
export async function join(client: ChainClient, parameters: join.Parameters): Promise<join.ReturnType> {
  const mined = await payTournament(client, parameters, joining(parameters))
  const { player, payer } = requireEvent(mined, 'joined')
  return { ...sentBy(mined), method: mined.method, player, payer }
}

export declare namespace join {
  type Parameters = PayTournamentParameters & {
    /** Who plays; default: the account. */
    readonly player?: Address | undefined
  }
  type ReturnType = SentTransaction & {
    readonly method: ProductPaymentMethod
    readonly player: Address
    readonly payer: Address
  }
  type ErrorType = SluiceError
}

/**
 * Says what {@link join} will ask of the person before the first prompt. Fails for the same reasons.
 *
 * @param client a wallet client
 * @param parameters as for `join`
 */
export async function planJoin(client: ChainClient, parameters: join.Parameters): Promise<PaymentPlan> {
  return await planTournamentPayment(client, parameters, joining(parameters))
}

/**
 * Signs the stake for somebody else to submit with {@link join}: one prompt and no gas. The signature enters this player
 * in this tournament and nobody else.
 *
 * @param client a wallet client of whoever pays
 * @param parameters as for `join`
 * @returns what `join` takes
 * @throws SluiceError as `join`; `wrong-token` when neither the token (EIP-3009) nor an allowance of Permit2 lets it
 */
export async function signJoin(
  client: ChainClient,
  parameters: join.Parameters,
): Promise<signJoin.ReturnType> {
  const { address } = resolveAccount(client, parameters)
  const signed = await signTournamentPayment(client, parameters, joining(parameters))
  return { ...signed, player: parameters.player ?? address }
}

export declare namespace signJoin {
  type ReturnType = SignedProductPayment & { readonly player: Address }
}

function joining({ tournament, player, payment }: join.Parameters): PayingAction {
  if (payment !== undefined && player === undefined) {
    throw invalidTournament('player', 'nobody', 'whom the signed payment enters')
  }
  return {
    verb: 'stake',
    amount: tournament.stake,
    extraGas: 40_000n,
    purpose: ({ tournamentId, payer }) => joinPurpose(tournamentId, player ?? payer),
    check: async (client, situation) => {
      requireJoinable(situation)
      await requireSeat(client, situation, player ?? situation.payer)
    },
    call: (of, payer) => joinCall({ ...of, player: player ?? payer }),
  }
}

/** There is a seat left, and the player has none yet. */
async function requireSeat(client: ChainClient, situation: Situation, player: Address): Promise<void> {
  const { deployment, tournamentId: id, tournament, state } = situation
  if (state.players >= tournament.maximumPlayers) {
    const details = `tournament ${id}: players ${state.players}, maximum ${tournament.maximumPlayers}`
    throw new SluiceError({ code: 'field-full', message: 'The tournament is full.', details })
  }
  const { seat } = await readPlayer(client, deployment, id, player)
  if (seat === 'none') return
  throw new SluiceError({
    code: 'already-joined',
    message: 'This player has joined already.',
    details: `tournament ${id}: player ${player} is ${seat}, needed none`,
  })
}

/**
 * Builds the call that enters a player with its stake. For anyone who pays; a signed payment is bound to `joinPurpose`,
 * so that whoever submits it can enter nobody else.
 *
 * @param parameters the contract, the terms, the player, and the payment of the stake
 *
 * @example
 * ```ts
 * import { joinCall, type Tournament } from '@sluice/sdk/tournament'
 *
 * const enter = (contract: `0x${string}`, tournament: Tournament, player: `0x${string}`) =>
 *   joinCall({ contract, tournament, player })
 * ```
 */
export function joinCall(parameters: joinCall.Parameters): ContractCall {
  const { contract, tournament, player, payment = '0x' } = parameters
  const value = nativeValue(tournament, tournament.stake)
  return tournamentsCall(contract, 'join', [encodeTerms(tournament), player, payment], value)
}

export declare namespace joinCall {
  type Parameters = OfTournament & WithPayment & { readonly player: Address }
}
