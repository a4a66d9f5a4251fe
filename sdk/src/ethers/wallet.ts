import { getBytes, type Signer, type TransactionRequest } from 'ethers'
import {
  createWalletClient,
  custom,
  defineChain,
  type Chain,
  type CustomTransport,
  type JsonRpcAccount,
  type WalletClient,
} from 'viem'
import { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { signTypedData, toHex, typedDataOf } from './account.js'
import { asInWallets } from './errors.js'

/**
 * A viem wallet client that speaks through an ethers v6 signer and its provider. It works wherever the SDK takes a
 * client: deposits, closes, sessions. Its `account` is the signer's.
 *
 * @param signer connected to a provider that speaks JSON-RPC: `JsonRpcProvider`, `BrowserProvider`, `WebSocketProvider`
 * @param options `chain`: viem's chain, for its name and coin in messages; default: made from the provider's network
 * @throws SluiceError `invalid-argument` when the signer has no such provider
 *
 * @example
 * ```ts
 * import { JsonRpcProvider, Wallet } from 'ethers'
 * import { base } from 'viem/chains'
 * import { createSluice } from '@sluice/sdk'
 * import { fromEthersSigner } from '@sluice/sdk/ethers'
 *
 * async function connect(privateKey: string) {
 *   const signer = new Wallet(privateKey, new JsonRpcProvider('https://mainnet.base.org'))
 *   return createSluice({ wallet: await fromEthersSigner(signer, { chain: base }) })
 * }
 * ```
 */
export async function fromEthersSigner(
  signer: Signer,
  options: { readonly chain?: Chain | undefined } = {},
): Promise<WalletClient<CustomTransport, Chain, JsonRpcAccount>> {
  const address = toHex(await signer.getAddress())
  const send = sendOf(signer)
  const chain = options.chain ?? (await chainOf(signer))
  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    const list: readonly unknown[] = Array.isArray(params) ? params : []
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return [address]
      case 'eth_sendTransaction':
        return (await asInWallets(signer.sendTransaction(transactionOf(list[0])))).hash
      case 'eth_signTypedData_v4':
        return await signTypedData(signer, typedDataOf(list[1]))
      case 'personal_sign':
        return await asInWallets(signer.signMessage(getBytes(String(list[0]))))
      default:
        return await asInWallets(send(method, [...list]))
    }
  }
  // ethers asks again by itself where that makes sense.
  return createWalletClient({ account: address, chain, transport: custom({ request }, { retryCount: 0 }) })
}

type Send = (method: string, params: unknown[]) => Promise<unknown>

function sendOf(signer: Signer): Send {
  const provider: unknown = signer.provider
  if (typeof provider === 'object' && provider !== null && 'send' in provider) {
    const { send } = provider
    if (typeof send === 'function') {
      return async (method, params) => (await send.call(provider, method, params)) as unknown
    }
  }
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'The wallet is not connected to a network.',
    details:
      'the ethers signer needs a provider with send(): JsonRpcProvider, BrowserProvider or WebSocketProvider',
  })
}

async function chainOf(signer: Signer): Promise<Chain> {
  const network = await signer.provider?.getNetwork()
  return defineChain({
    id: Number(network?.chainId ?? 0n),
    name: network?.name ?? 'unknown',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
}

/** The JSON-RPC form of a transaction, under ethers' names. The signer fills in what is missing. */
function transactionOf(value: unknown): TransactionRequest {
  const transaction = (value ?? {}) as Readonly<Record<string, Hex | undefined>>
  const { to, data, value: amount, gas, gasPrice, maxFeePerGas, maxPriorityFeePerGas, nonce } = transaction
  return {
    to: to ?? null,
    ...(data === undefined ? {} : { data }),
    ...(amount === undefined ? {} : { value: amount }),
    ...(gas === undefined ? {} : { gasLimit: gas }),
    ...(gasPrice === undefined ? {} : { gasPrice }),
    ...(maxFeePerGas === undefined ? {} : { maxFeePerGas }),
    ...(maxPriorityFeePerGas === undefined ? {} : { maxPriorityFeePerGas }),
    ...(nonce === undefined ? {} : { nonce: Number(nonce) }),
  }
}
