import { createPublicClient, createWalletClient, defineChain, erc20Abi, hexToString, http, trim } from 'viem'
import type { Account, Chain, HttpTransport, PublicClient, WalletClient } from 'viem'
import { getBalance, getChainId, getCode, readContract } from 'viem/actions'
import { SluiceError, streamChannelsAddress, zeroAddress, type Address } from '@sluice/sdk'
import type { TokenInfo } from './amounts.js'
import { failure, usageError } from './exit.js'
import { shortUrl } from './report.js'

/** A node that answered, on the chain that was asked for. */
export type ChainConnection = {
  readonly chain: Chain
  readonly client: PublicClient<HttpTransport, Chain>
}

/** A connection that can also send. */
export type ChainWriter = WalletClient<HttpTransport, Chain, Account>

/** Names that people know, and the coin that pays for gas. Chains that are not here are called by their number. */
const knownChains: Readonly<Record<number, { readonly name: string; readonly coin?: string }>> = {
  1: { name: 'Ethereum' },
  10: { name: 'OP Mainnet' },
  56: { name: 'BNB Smart Chain', coin: 'BNB' },
  100: { name: 'Gnosis', coin: 'xDAI' },
  137: { name: 'Polygon', coin: 'POL' },
  1337: { name: 'the local chain' },
  8453: { name: 'Base' },
  31337: { name: 'the local chain' },
  42161: { name: 'Arbitrum One' },
  43114: { name: 'Avalanche', coin: 'AVAX' },
  59144: { name: 'Linea' },
  84532: { name: 'Base Sepolia' },
  11155111: { name: 'Sepolia' },
}

/**
 * What viem wants to know of a chain.
 *
 * @param chainId the chain
 * @param rpc address of a node
 */
export function describeChain(chainId: number, rpc: string): Chain {
  const known = knownChains[chainId]
  const symbol = known?.coin ?? 'ETH'
  return defineChain({
    id: chainId,
    name: known?.name ?? `chain ${chainId}`,
    nativeCurrency: { name: symbol, symbol, decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  })
}

/**
 * Reaches a node and makes sure it is on the chain that was asked for.
 *
 * @param rpc address of the node
 * @param expected chain id; undefined: whatever it is on
 * @throws SluiceError `rpc-unreachable` or `wrong-chain`, naming both chains
 */
export async function connectChain(rpc: string, expected: number | undefined): Promise<ChainConnection> {
  const transport = http(rpc, { timeout: 10_000, retryCount: 1, retryDelay: 200 })
  const found = await getChainId(createPublicClient({ transport })).catch((cause: unknown) => {
    throw new SluiceError({
      code: 'rpc-unreachable',
      message: `The node at ${shortUrl(rpc)} does not answer.`,
      action: 'retry',
      retryable: true,
      cause,
    })
  })
  if (expected !== undefined && found !== expected) {
    throw new SluiceError({
      code: 'wrong-chain',
      message: `The node at ${shortUrl(rpc)} is on chain ${found}, not on chain ${expected}.`,
      action: 'switch-chain',
    })
  }
  const chain = describeChain(found, rpc)
  return { chain, client: createPublicClient({ chain, transport, pollingInterval: 500 }) }
}

/**
 * Connects to the chain that something is on.
 *
 * @param rpc the node somebody named; undefined: the one that viem knows for the chain
 * @param chainId of the chain
 * @throws CommandError exit code 2 when nobody named one and viem knows none
 * @throws SluiceError as `connectChain` does
 */
export async function reachChain(rpc: string | undefined, chainId: number): Promise<ChainConnection> {
  return await connectChain(rpc ?? (await publicRpc(chainId)), chainId)
}

/** Loaded only when nobody named a node. */
async function publicRpc(chainId: number): Promise<string> {
  const chains = await import('viem/chains')
  const chain = Object.values(chains).find((each) => 'id' in each && each.id === chainId)
  const url = chain?.rpcUrls.default.http[0]
  if (url !== undefined) return url
  throw usageError(`No node is known for chain ${chainId}.`, 'Add --rpc <url>, or set SLUICE_RPC.')
}

/**
 * A client that signs with an account of this process.
 *
 * @param connection of the chain
 * @param account signs
 */
export function writerFor(connection: ChainConnection, account: Account): ChainWriter {
  const url = connection.client.transport.url
  return createWalletClient({
    account,
    chain: connection.chain,
    transport: http(url, { timeout: 10_000, retryCount: 1 }),
    pollingInterval: 500,
  })
}

/**
 * What a token calls itself.
 *
 * @param connection of the chain
 * @param token zero: the chain's native coin
 * @throws CommandError exit code 1 when there is no token at the address
 */
export async function readToken(connection: ChainConnection, token: Address): Promise<TokenInfo> {
  const { client, chain } = connection
  if (token === zeroAddress) return { address: token, symbol: chain.nativeCurrency.symbol, decimals: 18 }
  try {
    const decimals = await readContract(client, { address: token, abi: erc20Abi, functionName: 'decimals' })
    return { address: token, symbol: await readSymbol(connection, token), decimals }
  } catch (cause) {
    throw failure(
      `There is no token at ${token} on ${chain.name}.`,
      'Check the address and the chain; leave the token out to be paid in the native coin.',
      { cause },
    )
  }
}

/** Some early tokens answer 32 bytes instead of a string. */
async function readSymbol({ client }: ChainConnection, token: Address): Promise<string> {
  try {
    return await readContract(client, { address: token, abi: erc20Abi, functionName: 'symbol' })
  } catch {
    const abi = [
      {
        type: 'function',
        name: 'symbol',
        inputs: [],
        outputs: [{ type: 'bytes32' }],
        stateMutability: 'view',
      },
    ] as const
    const bytes = await readContract(client, { address: token, abi, functionName: 'symbol' })
    return hexToString(trim(bytes, { dir: 'right' }))
  }
}

/**
 * What an account has of a token.
 *
 * @param connection of the chain
 * @param token zero: the chain's native coin
 * @param account whose
 * @returns base units
 */
export async function balanceOf(
  connection: ChainConnection,
  token: Address,
  account: Address,
): Promise<bigint> {
  if (token === zeroAddress) return getBalance(connection.client, { address: account })
  return readContract(connection.client, {
    address: token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account],
  })
}

/**
 * The contract that channels live in: the one of the settings, else the address it has on every chain.
 *
 * @param configured from a flag or the settings
 */
export function contractOn(configured: Address | undefined): Address {
  return (configured ?? streamChannelsAddress).toLowerCase() as Address
}

/**
 * Whether there is a contract at an address.
 *
 * @param connection of the chain
 * @param contract the address
 */
export async function hasCode(connection: ChainConnection, contract: Address): Promise<boolean> {
  const code = await getCode(connection.client, { address: contract })
  return code !== undefined && code !== '0x'
}
