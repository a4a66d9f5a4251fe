import type { Account, Client } from 'viem'
import { getChainId, getCode } from 'viem/actions'
import { genuineContract } from '../contract.js'
import { SluiceError } from '../errors.js'
import type { Address, Deployment } from '../types.js'
import { walletError } from './walletErrors.js'

/** Any viem client: a wallet client where something is sent, a wallet or public client where something is read. */
export type ChainClient = Client

/** What every action takes. */
export type ReadParameters = {
  /** Address of `StreamChannels`; default: the known deployment on the client's chain. */
  readonly contract?: Address | undefined
}

/** The account that an action speaks for. */
export type AccountParameters = {
  /** Default: the client's account. */
  readonly account?: Account | Address | undefined
}

/** The name of the chain that a client was made for; undefined when it was made for any. */
export function chainNameOf(client: ChainClient): string | undefined {
  return client.chain?.name
}

/**
 * The contract that an action is about. Refuses a wallet that is on another chain than its client, because everything
 * after this would be signed for the wrong one.
 *
 * @param client any viem client
 * @param parameters the contract, when it is not a known one
 * @throws SluiceError `wrong-chain`, `rpc-unreachable`, or `invalid-argument` when no contract is known on the chain
 */
export async function resolveDeployment(
  client: ChainClient,
  parameters: ReadParameters,
): Promise<Deployment> {
  const chainId = await getChainId(client).catch((error: unknown) => {
    throw walletError(error, { chainName: chainNameOf(client) })
  })
  if (client.chain !== undefined && client.chain.id !== chainId) {
    throw new SluiceError({
      code: 'wrong-chain',
      message: `This stream is paid on ${client.chain.name}.`,
      details: `the wallet is on chain ${chainId}, the client is made for chain ${client.chain.id}`,
      action: 'switch-chain',
      retryable: true,
    })
  }
  return { chainId, contract: parameters.contract ?? (await findContract(client, chainId)) }
}

async function findContract(client: ChainClient, chainId: number): Promise<Address> {
  const address = genuineContract(chainId)
  const code = await getCode(client, { address }).catch((error: unknown) => {
    throw walletError(error, { chainName: chainNameOf(client) })
  })
  if (code !== undefined) return address
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'There are no stream channels on this chain.',
    details: `no StreamChannels at ${address} on chain ${chainId}; deploy it, or pass its address as "contract"`,
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
