'use client'
import { useQuery, type UseQueryReturnType } from 'wagmi/query'
import type { SluiceError } from '../../errors.js'
import type { QueryOptions } from '../queries/query.js'

/** wagmi's result of a question: `data` once it is answered, `error` a SluiceError. */
export type Answer<data> = UseQueryReturnType<data, SluiceError>

/** Asks a question by the query library that wagmi uses. */
export function useAnswer<data>(options: QueryOptions<data>): Answer<data> {
  return useQuery<data, SluiceError, data, readonly unknown[]>(options)
}
