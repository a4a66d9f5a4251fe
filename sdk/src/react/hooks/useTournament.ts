'use client'
import { useConfig } from 'wagmi'
import type { getTournament } from '../../tournament/getTournament.js'
import { tournamentQueryOptions, type TournamentQueryParameters } from '../queries/tournament.js'
import { useAnswer, type Answer } from './useAnswer.js'

/**
 * Where a tournament stands.
 *
 * @param parameters the terms or the id; undefined as long as it is not known
 * @returns wagmi's query result: `data` in base units and seconds
 *
 * @example
 * ```ts
 * import { nextSteps, type Tournament } from '@sluice/sdk/tournament'
 * import { useTournament } from '@sluice/sdk/react'
 *
 * function useNextSteps(tournament: Tournament, now: number) {
 *   const { data } = useTournament({ tournament: { tournament }, query: { refetchInterval: 4_000 } })
 *   return data === undefined ? [] : nextSteps(tournament, data, now)
 * }
 * ```
 */
export function useTournament(parameters: TournamentQueryParameters): useTournament.ReturnType {
  return useAnswer(tournamentQueryOptions(useConfig(), parameters))
}

export declare namespace useTournament {
  type Parameters = TournamentQueryParameters
  type ReturnType = Answer<getTournament.ReturnType>
}
