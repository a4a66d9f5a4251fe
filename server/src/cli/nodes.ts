import { ask } from './asking.js'
import { connectChain, reachChain, type ChainConnection } from './chain.js'
import type { CommonOptions, Context } from './command.js'
import { findConfig } from './config.js'
import { nodeQuestion } from './questions.js'

/**
 * Connects to the chain that some terms are on: by the node somebody named, else by that of the settings where they are for
 * the same chain, else by a public one.
 *
 * @param context the verb's
 * @param chainId of the chain
 * @throws CommandError exit code 2 when no node is known
 * @throws SluiceError `rpc-unreachable` or `wrong-chain`
 */
export async function reachTerms(
  { io, options }: Context<CommonOptions>,
  chainId: number,
): Promise<ChainConnection> {
  const named = options.rpc ?? io.env['SLUICE_RPC']
  if (named !== undefined) return await connectChain(named, chainId)
  const config = await findConfig(io, options)
  return await reachChain(config?.chainId === chainId ? config.rpc : undefined, chainId)
}

/**
 * Connects to whatever chain is meant: that of the node somebody named, else that of the settings, else of a node that is
 * asked for.
 *
 * @param context the verb's
 * @throws CommandError exit code 2 when nobody can be asked
 * @throws SluiceError `rpc-unreachable`
 */
export async function reachMeant({ io, options }: Context<CommonOptions>): Promise<ChainConnection> {
  const named = options.rpc ?? io.env['SLUICE_RPC'] ?? (await findConfig(io, options))?.rpc
  return await connectChain(named ?? (await ask(io, nodeQuestion)), undefined)
}
