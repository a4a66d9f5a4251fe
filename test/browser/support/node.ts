import type { ChainProvider } from '../../support/wallet.ts'

/** An error as wallets throw it; `data` is what a reverted call said. */
export type WalletFault = { readonly code: number; readonly message: string; readonly data?: unknown }

/** A node as wallets use it: what it says is passed on unchanged. */
export function nodeAt(url: string): ChainProvider {
  let id = 0
  return {
    request: async ({ method, params }) => {
      id += 1
      const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: params ?? [] })
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      })
      const answer = (await response.json()) as { readonly result?: unknown; readonly error?: WalletFault }
      if (answer.error === undefined) return answer.result
      const { code, message, data } = answer.error
      throw refusal(code, message, data)
    },
  }
}

/** A wallet's refusal, to be thrown. */
export function refusal(code: number, message: string, data?: unknown): Error {
  return Object.assign(new Error(message), { code, data })
}
