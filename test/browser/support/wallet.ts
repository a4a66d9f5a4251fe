import path from 'node:path'
import { createWalletClient, hexToBigInt, http, type Hex, type TypedDataDefinition } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { BrowserContext } from 'playwright-core'
import type { LocalChain } from '../../../scripts/start/chain.ts'

/** A wallet with a real key over the real chain, which a page finds by EIP-6963 and which remembers every prompt. */
export type InjectedWallet = {
  /** Methods that asked the person, in order. */
  readonly prompts: string[]
  readonly mood: {
    /** Declines every prompt. */
    declines: boolean
    /** The chain it says it is on, when not the node's. */
    chainId: number | undefined
    /** Chains it was asked to add. */
    readonly added: unknown[]
  }
}

type RpcTransaction = { readonly to?: Hex; readonly data?: Hex; readonly value?: Hex; readonly gas?: Hex }
type Answer =
  { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } }

const asked = ['eth_requestAccounts', 'eth_sendTransaction', 'eth_signTypedData_v4', 'personal_sign']

/**
 * Puts a wallet into every page of a browser context.
 *
 * @param context the pages
 * @param local the chain
 * @param key a funded account's
 */
export async function injectWallet(
  context: BrowserContext,
  local: LocalChain,
  key: Hex,
): Promise<InjectedWallet> {
  const account = privateKeyToAccount(key)
  const client = createWalletClient({ account, chain: local.chain, transport: http(local.url) })
  const wallet: InjectedWallet = {
    prompts: [],
    mood: { declines: false, chainId: undefined, added: [] },
  }
  const { mood } = wallet
  let connected = false

  async function perform(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case 'eth_accounts':
        return connected ? [account.address] : []
      case 'eth_requestAccounts':
        connected = true
        return [account.address]
      case 'eth_chainId':
        return `0x${(mood.chainId ?? local.chain.id).toString(16)}`
      case 'wallet_addEthereumChain':
        mood.added.push(params[0])
        return null
      case 'wallet_switchEthereumChain':
        if (mood.chainId !== undefined && mood.added.length === 0) throw refusal(4902, 'Unrecognized chain')
        mood.chainId = undefined
        return null
      case 'eth_sendTransaction': {
        const { to, data, value, gas } = params[0] as RpcTransaction
        return client.sendTransaction({
          ...(to === undefined ? {} : { to }),
          ...(data === undefined ? {} : { data }),
          ...(value === undefined ? {} : { value: hexToBigInt(value) }),
          ...(gas === undefined ? {} : { gas: hexToBigInt(gas) }),
        })
      }
      case 'eth_signTypedData_v4':
        return account.signTypedData(JSON.parse(params[1] as string) as TypedDataDefinition)
      case 'personal_sign':
        return account.signMessage({ message: { raw: params[0] as Hex } })
      default:
        if (method.startsWith('wallet_')) throw refusal(-32601, `${method} is not supported`)
        return client.request({ method, params } as Parameters<typeof client.request>[0])
    }
  }

  async function answer(method: string, params: readonly unknown[]): Promise<Answer> {
    const isPrompt = asked.includes(method) && !(method === 'eth_requestAccounts' && connected)
    if (isPrompt) wallet.prompts.push(method)
    try {
      if (isPrompt && mood.declines) throw refusal(4001, 'User rejected the request.')
      return { result: await perform(method, params) }
    } catch (error) {
      const code =
        typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : -32603
      return { error: { code, message: error instanceof Error ? error.message : String(error) } }
    }
  }

  await context.exposeFunction('walletAnswer', answer)
  await context.addInitScript({ path: path.join(import.meta.dirname, 'introduce.js') })
  return wallet
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { code })
}
