import type { Abi, Chain, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { Deployment } from '../types.js'
import { contextOf, notThere, type ChainClient } from './context.js'
import type { Product } from './product.js'
import { walletError } from './walletErrors.js'

type View = 'pure' | 'view'

/**
 * Asks one of the contracts, whose views never revert.
 *
 * @param client any viem client
 * @param product which of the contracts
 * @param deployment where it is
 * @param question one of its views and its arguments, and at which block; default: the latest
 * @throws SluiceError `rpc-unreachable`, `invalid-argument` when there is no such contract
 */
export async function readView<
  const abi extends Abi,
  name extends ContractFunctionName<abi, View>,
  const args extends ContractFunctionArgs<abi, View, name>,
>(
  client: ChainClient,
  product: Product,
  deployment: Deployment,
  question: { abi: abi; functionName: name; args: args; blockNumber?: bigint | undefined },
): Promise<ContractFunctionReturnType<abi, View, name, args>> {
  const { blockNumber, ...asked } = question
  const at = blockNumber === undefined ? {} : { blockNumber }
  try {
    return await readContract<Chain | undefined, abi, name, args>(client, {
      address: deployment.contract,
      ...asked,
      ...at,
    })
  } catch (error) {
    // A call of an address without code answers with nothing.
    if (error instanceof Error && error.message.includes('returned no data')) {
      throw notThere(product, deployment, '', error)
    }
    throw walletError(error, contextOf(client, product))
  }
}
