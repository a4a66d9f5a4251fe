import type { Abi, Chain, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { Address } from '../types.js'
import { chainNameOf, type ChainClient } from './context.js'
import { isUnreachable, toSluiceError } from './walletErrors.js'

/**
 * Asks a contract that may not know the question: undefined when it reverts, answers with nothing or with something
 * else.
 *
 * @param client any viem client
 * @param question as viem's `readContract` takes it
 * @throws SluiceError `rpc-unreachable` when the node did not answer, which must not be taken for a no
 */
export async function tryRead<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'pure' | 'view'>,
  const args extends ContractFunctionArgs<abi, 'pure' | 'view', name>,
>(
  client: ChainClient,
  question: { abi: abi; address: Address; functionName: name; args: args },
): Promise<ContractFunctionReturnType<abi, 'pure' | 'view', name, args> | undefined> {
  try {
    return await readContract<Chain | undefined, abi, name, args>(client, question)
  } catch (error) {
    if (isUnreachable(error)) throw toSluiceError(error, { chainName: chainNameOf(client) })
    return undefined
  }
}
