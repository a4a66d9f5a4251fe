import type { Config } from 'wagmi'
import type { ChainClient } from '../../chain/context.js'

/** How a question is asked again. */
export type QueryTuning = {
  /** Whether it is asked at all; default: as soon as everything it needs is there. */
  readonly enabled?: boolean | undefined
  /** How often it is asked again, milliseconds; default: never by itself. */
  readonly refetchInterval?: number | false | undefined
  /** How long an answer is good without asking again, milliseconds. */
  readonly staleTime?: number | undefined
}

/** What every question takes. */
export type QueryParameters = {
  /** The chain that is asked; default: the one wagmi is on. */
  readonly chainId?: number | undefined
  readonly query?: QueryTuning | undefined
}

/** A question in the shape that query libraries take. */
export type QueryOptions<data> = {
  readonly queryKey: readonly unknown[]
  readonly queryFn: () => Promise<data>
  readonly enabled: boolean
  readonly refetchInterval?: number | false
  readonly staleTime?: number
}

/**
 * Makes a question about one chain.
 *
 * @param config wagmi's
 * @param parameters the chain, how it is asked again, and `what` is asked: part of the key; undefined until it is known
 * @param name what is asked, such as `channel`
 * @param ask the action that answers
 */
export function queryOf<what, data>(
  config: Config,
  parameters: QueryParameters & { readonly what: what | undefined },
  name: string,
  ask: (client: ChainClient, what: what) => Promise<data>,
): QueryOptions<data> {
  const { chainId, query = {}, what } = parameters
  const { enabled = true, refetchInterval, staleTime } = query
  return {
    queryKey: ['sluice', name, chainId ?? config.state.chainId, what],
    queryFn: async () => {
      if (what === undefined) throw new Error(`${name} was asked before it was known of what`)
      return ask(config.getClient(chainId === undefined ? {} : { chainId }), what)
    },
    enabled: enabled && what !== undefined,
    ...(refetchInterval === undefined ? {} : { refetchInterval }),
    ...(staleTime === undefined ? {} : { staleTime }),
  }
}
