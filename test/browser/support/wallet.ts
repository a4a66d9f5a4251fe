import path from 'node:path'
import type { BrowserContext } from 'playwright-core'
import type { Hex } from 'viem'
import type { LocalChain } from '../../../scripts/start/chain.ts'
import { createTestWallet, type TestWallet } from '../../support/wallet.ts'
import { nodeAt, refusal, type WalletFault } from './node.ts'

/** A wallet with a real key over the real chain, which a page finds by EIP-6963 and which remembers every prompt. */
export type InjectedWallet = {
  /** Methods that asked the person, in order. */
  readonly prompts: string[]
  readonly mood: TestWallet['mood']
  /** Chains it was asked to add. */
  readonly added: unknown[]
  /** The person thinks about what is asked from now on; the returned function lets them answer. */
  readonly hold: () => () => void
}

/** What a person who declines makes a wallet say. */
export const declined = { code: 4001, message: 'User rejected the request.' } as const

type Answer = { readonly result: unknown } | { readonly error: WalletFault }

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
  const inner = createTestWallet(nodeAt(local.url), key)
  const { mood } = inner
  const prompts: string[] = []
  const added: unknown[] = []
  let connected = false
  let thinking: Promise<unknown> | undefined
  mood.beforeAnswer = async (prompt) => {
    prompts.push(prompt)
    await thinking
  }

  function connect(): void {
    if (connected) return
    prompts.push('eth_requestAccounts')
    if (mood.refusal !== undefined) throw refusal(mood.refusal.code, mood.refusal.message)
    connected = true
  }

  async function perform(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method === 'eth_requestAccounts') connect()
    if (method === 'eth_accounts' && !connected) return []
    if (method === 'wallet_addEthereumChain') {
      added.push(params[0])
      return null
    }
    if (method === 'wallet_switchEthereumChain' && mood.chainId !== undefined && added.length === 0)
      throw refusal(4902, 'Unrecognized chain')
    return inner.request({ method, params })
  }

  async function answer(method: string, params: readonly unknown[]): Promise<Answer> {
    try {
      return { result: await perform(method, params) }
    } catch (error) {
      const { message, code = -32603, data } = error as Partial<WalletFault> & Error
      return { error: { code, message, data } }
    }
  }

  await context.exposeFunction('walletAnswer', answer)
  await context.addInitScript({ path: path.join(import.meta.dirname, 'introduce.js') })
  return {
    prompts,
    mood,
    added,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      thinking = promise
      return () => resolve(undefined)
    },
  }
}
