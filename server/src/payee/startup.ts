import { createPublicClient, erc20Abi, fallback, hexToString, http, isAddress, trim } from 'viem'
import type { Chain, PublicClient, Transport } from 'viem'
import { SluiceError, streamChannelsAddress, zeroAddress, type Address } from '@sluice/sdk'

import { asking } from '../chain/rpc.js'
import { artifactOf } from '../deploy/artifact.js'
import { verifyDeployment } from '../deploy/verify.js'
import type { PayeeOptions } from './options.js'
import { defaultToken } from './tokens.js'

/** A client of the payee's chain. */
export type ChainClient = PublicClient<Transport, Chain>

/** What a token calls itself. */
export type TokenInfo = { readonly address: Address; readonly symbol: string; readonly decimals: number }

/** A client for the options' nodes, asking the next one when the first fails. */
export function connectChain(options: PayeeOptions): ChainClient {
  const { chain, rpc = chain.rpcUrls.default.http } = options
  const urls = typeof rpc === 'string' ? [rpc] : rpc
  const nodes = urls.map((url) => http(url, { timeout: 10_000, retryCount: 1, retryDelay: 150 }))
  const [first] = nodes
  if (options.transport === undefined && first === undefined) {
    throw invalid('No blockchain node is configured.', `chain ${chain.id} names none; pass "rpc"`)
  }
  const transport = options.transport ?? (nodes.length === 1 && first !== undefined ? first : fallback(nodes))
  return createPublicClient({ chain, transport, pollingInterval: 500 })
}

/**
 * Makes sure that the node is on the right chain and the genuine contract is there.
 *
 * @returns the contract, in lower case
 * @throws SluiceError `rpc-unreachable`, `wrong-chain` or `invalid-argument`
 */
export async function checkContract(client: ChainClient, options: PayeeOptions): Promise<Address> {
  const { chain } = options
  const found = await asking('eth_chainId', () => client.getChainId())
  if (found !== chain.id) {
    throw new SluiceError({
      code: 'wrong-chain',
      message: `The blockchain node is not on ${chain.name}.`,
      details: `the node is on chain ${found}, expected ${chain.id}`,
      action: 'switch-chain',
    })
  }
  const contract = options.contract ?? streamChannelsAddress
  checkAddress('contract', contract)
  const artifact = artifactOf('streamChannels')
  const hash = await asking(`eth_getCode of ${contract}`, () => verifyDeployment(client, artifact, contract))
  if (hash === undefined) {
    throw invalid(
      `There is no payment contract at ${contract} on ${chain.name}.`,
      `no code at ${contract} on chain ${found}; pass "contract", or deploy it with "sluice deploy --contract streamChannels"`,
    )
  }
  return lower(contract)
}

/**
 * Reads what a token calls itself.
 *
 * @throws SluiceError `wrong-token` when there is none at the address, `rpc-unreachable`
 */
export async function readToken(client: ChainClient, options: PayeeOptions): Promise<TokenInfo> {
  const { chain } = options
  const token = options.token ?? defaultToken(chain.id)
  checkAddress('token', token)
  const address = lower(token)
  if (address === zeroAddress) {
    const { symbol, decimals } = chain.nativeCurrency
    return { address, symbol, decimals }
  }
  const code = await asking(`eth_getCode of ${address}`, () => client.getCode({ address }))
  try {
    if (code === undefined || code === '0x') throw new Error('no code')
    const decimals = await client.readContract({ address, abi: erc20Abi, functionName: 'decimals' })
    return { address, symbol: (await readSymbol(client, address)).slice(0, 32), decimals }
  } catch (cause) {
    throw new SluiceError({
      code: 'wrong-token',
      message: `There is no token at ${token} on ${chain.name}.`,
      details: `decimals() and symbol() of ${token} do not answer on chain ${chain.id}`,
      cause,
    })
  }
}

/** Some early tokens answer 32 bytes instead of a string. */
async function readSymbol(client: ChainClient, address: Address): Promise<string> {
  try {
    return await client.readContract({ address, abi: erc20Abi, functionName: 'symbol' })
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
    const bytes = await client.readContract({ address, abi, functionName: 'symbol' })
    return hexToString(trim(bytes, { dir: 'right' }))
  }
}

/** @throws SluiceError `invalid-argument` when it is no address */
export function checkAddress(name: string, value: string): void {
  if (!isAddress(value, { strict: false }))
    throw invalid(`The ${name} is not an address.`, `${name}: ${value}`)
}

/** An address as the SDK writes it. */
export function lower(address: Address): Address {
  return address.toLowerCase() as Address
}

/** An option that cannot be. */
export function invalid(message: string, details: string): SluiceError {
  return new SluiceError({ code: 'invalid-argument', message, details })
}
