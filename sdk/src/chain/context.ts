import type { Account, Client } from 'viem'
import { getChainId, getCode } from 'viem/actions'
import { SluiceError } from '../errors.js'
import type { Address, Deployment } from '../types.js'
import type { Product } from './product.js'
import { walletError, type ErrorContext } from './walletErrors.js'

/** Any viem client: a wallet client where something is sent, a wallet or public client where something is read. */
export type ChainClient = Client

/** What every action takes. */
export type ReadParameters = {
  /** Address of the contract; default: the known deployment on the client's chain. */
  readonly contract?: Address | undefined
}

/** The account that an action speaks for. */
export type AccountParameters = {
  /** Default: the client's account. */
  readonly account?: Account | Address | undefined
}

/**
 * What is known wherever an error surfaces: the chain that a client was made for, and the contract it was to ask.
 *
 * @param client any viem client
 * @param product the contract; left out where a token or the chain itself is asked
 */
export function contextOf(client: ChainClient, product?: Product): ErrorContext & Partial<Product> {
  return { ...product, chainName: client.chain?.name }
}

/**
 * The contract that an action is about. Refuses a wallet that is on another chain than its client, because everything
 * after this would be signed for the wrong one.
 *
 * @param client any viem client
 * @param parameters the contract, when it is not a known one
 * @param product which of the contracts
 * @throws SluiceError `wrong-chain`, `rpc-unreachable`, or `invalid-argument` when no contract is known on the chain
 */
export async function resolveDeployment(
  client: ChainClient,
  parameters: ReadParameters,
  product: Product,
): Promise<Deployment> {
  const chainId = await getChainId(client).catch((error: unknown) => {
    throw walletError(error, contextOf(client, product))
  })
  if (client.chain !== undefined && client.chain.id !== chainId) {
    throw new SluiceError({
      code: 'wrong-chain',
      message: `${product.subject} is paid on ${client.chain.name}.`,
      details: `the wallet is on chain ${chainId}, the client is made for chain ${client.chain.id}`,
      action: 'switch-chain',
      retryable: true,
    })
  }
  return { chainId, contract: parameters.contract ?? (await findContract(client, chainId, product)) }
}

async function findContract(client: ChainClient, chainId: number, product: Product): Promise<Address> {
  const address = product.addressOn(chainId)
  const code = await getCode(client, { address }).catch((error: unknown) => {
    throw walletError(error, contextOf(client, product))
  })
  if (code !== undefined) return address
  throw notThere(product, { chainId, contract: address }, '; deploy it, or pass its address as "contract"')
}

/**
 * The error for a chain without the contract.
 *
 * @param product which of the contracts
 * @param deployment where it was looked for
 * @param advice added to the details
 * @param cause what showed that it is not there
 */
export function notThere(
  product: Product,
  { chainId, contract }: Deployment,
  advice = '',
  cause?: unknown,
): SluiceError {
  return new SluiceError({
    code: 'invalid-argument',
    message: `There are no ${product.things} on this chain.`,
    details: `no ${product.name} at ${contract} on chain ${chainId}${advice}`,
    cause,
  })
}

/**
 * The account that signs and sends.
 *
 * @param client any viem client
 * @param parameters the account, when it is not the client's
 * @throws SluiceError `wallet-disconnected` when there is none
 */
export function resolveAccount(client: ChainClient, parameters: AccountParameters): Account {
  const account = parameters.account ?? client.account
  if (account === undefined) {
    throw new SluiceError({
      code: 'wallet-disconnected',
      message: 'The wallet is disconnected.',
      details: 'neither the client nor the parameters name an account',
      action: 'reconnect-wallet',
      retryable: true,
    })
  }
  return typeof account === 'string' ? { address: account, type: 'json-rpc' } : account
}
