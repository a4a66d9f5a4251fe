import type { ContractFunctionArgs } from 'viem'
import type { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import { decodePayouts, encodePayouts } from './payouts.js'
import type { Tournament } from './types.js'

/** The terms as the contract takes them. */
export type EncodedTerms = ContractFunctionArgs<typeof tournamentsFunctions, 'view', 'tournamentId'>[0]

/** The terms as the contract takes them: the payout table in bytes. */
export function encodeTerms(tournament: Tournament): EncodedTerms {
  return { ...tournament, payouts: encodePayouts(tournament.payouts) }
}

/** The terms as the contract tells them, with the payout table spelled out. */
export function decodeTerms(terms: EncodedTerms): Tournament {
  return { ...terms, payouts: decodePayouts(terms.payouts) }
}
