import type { ChainClient, ReadParameters } from './context.js'

type Action<parameters, result> = (client: ChainClient, parameters: parameters) => result

/**
 * Binds actions to a client, so that each takes its parameters alone.
 *
 * @param client any viem client
 * @param options the contract of all of them; one's own parameters go before it
 */
export function boundTo(client: ChainClient, options: ReadParameters) {
  return <parameters, result>(action: Action<parameters, result>) =>
    (parameters: parameters): result =>
      action(client, { ...options, ...parameters })
}
