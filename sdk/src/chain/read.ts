import {
  createClient,
  custom,
  type Abi,
  type Chain,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
} from 'viem'
import { readContract } from 'viem/actions'
import type { Address } from '../types.js'
import { contextOf, type ChainClient } from './context.js'
import { isUnreachable, walletError } from './walletErrors.js'

type Question = Parameters<ChainClient['request']>[0]

/**
 * Asks a question that may well be answered with a revert. Wallets report reverts as internal errors, which viem would
 * ask again for a second or longer; here only silence is asked again.
 *
 * @param client any viem client
 * @param ask the question
 */
export async function askOnce<answer>(
  client: ChainClient,
  ask: (client: ChainClient) => Promise<answer>,
): Promise<answer> {
  const { account, chain } = client
  const request = (question: Question) => client.request(question, { retryCount: 0 })
  const once = createClient({ account, chain, transport: custom({ request }, { retryCount: 0 }) })
  return await ask(once).catch(async (error: unknown) => {
    if (isUnreachable(error)) return await ask(client)
    throw error
  })
}

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
    return await askOnce(client, (once) => readContract<Chain | undefined, abi, name, args>(once, question))
  } catch (error) {
    if (isUnreachable(error)) throw walletError(error, contextOf(client))
    return undefined
  }
}
