'use client'
import { useConfig, useConnection } from 'wagmi'
import type { getPlayer } from '../../tournament/getPlayer.js'
import type { Address } from '../../types.js'
import { playerQueryOptions, type PlayerQueryParameters } from '../queries/tournament.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * Whether an account plays in a tournament, and what it gave as a sponsor.
 *
 * @param parameters the terms or the id, and the account; default: the one that is connected
 * @returns wagmi's query result: `data` in base units
 *
 * @example
 * ```ts
 * import { useTournamentPlayer } from '@sluice/sdk/react'
 *
 * function usePlays(tournamentId: `0x${string}`): boolean {
 *   return useTournamentPlayer({ tournament: { tournamentId } }).data?.seat === 'joined'
 * }
 * ```
 */
export function useTournamentPlayer(
  parameters: useTournamentPlayer.Parameters,
): useTournamentPlayer.ReturnType {
  const { address } = useConnection()
  const account = parameters.account ?? address
  return useAnswer(playerQueryOptions(useConfig(), { ...parameters, account }))
}

export declare namespace useTournamentPlayer {
  type Parameters = Omit<PlayerQueryParameters, 'account'> & { readonly account?: Address | undefined }
  type ReturnType = Answer<getPlayer.ReturnType>
}
