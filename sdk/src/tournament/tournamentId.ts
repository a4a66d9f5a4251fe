import { encodeAbiParameters, getAbiItem, keccak256 } from 'viem'
import { tournamentsFunctions } from '../abi/tournamentsFunctions.js'
import type { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { encodeTerms } from './encoding.js'
import { invalidTournament } from './invalid.js'
import type { Tournament } from './types.js'

const [terms] = getAbiItem({ abi: tournamentsFunctions, name: 'tournamentId' }).inputs

/**
 * The id of a tournament: `keccak256(abi.encode(chainId, contract, terms))`.
 *
 * @param parameters the deployment and the terms
 * @returns 32 bytes, lower case
 * @throws SluiceError `invalid-argument` when a field does not fit its width or is no address
 *
 * @example
 * ```ts
 * import { tournamentId, type Tournament } from '@sluice/sdk/tournament'
 *
 * const idOf = (contract: `0x${string}`, tournament: Tournament) =>
 *   tournamentId({ chainId: 8453, contract, tournament })
 * ```
 */
export function tournamentId(parameters: tournamentId.Parameters): tournamentId.ReturnType {
  const { chainId, contract, tournament } = parameters
  try {
    const words = [{ type: 'uint256' }, { type: 'address' }, terms] as const
    return keccak256(encodeAbiParameters(words, [BigInt(chainId), contract, encodeTerms(tournament)]))
  } catch (error) {
    throw invalidTournament(
      'terms',
      error instanceof Error ? error.message : error,
      'every field in its width',
    )
  }
}

export declare namespace tournamentId {
  type Parameters = Deployment & { readonly tournament: Tournament }
  type ReturnType = Hex
  type ErrorType = SluiceError
}
