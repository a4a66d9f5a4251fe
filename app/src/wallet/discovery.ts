import { createStore, type Store } from '../store.ts'

/** A browser wallet's own interface (EIP-1193). */
export type Provider = {
  readonly request: (call: { readonly method: string; readonly params?: unknown }) => Promise<unknown>
  readonly on?: (event: string, listener: (...parameters: unknown[]) => void) => void
  readonly removeListener?: (event: string, listener: (...parameters: unknown[]) => void) => void
}

/** A wallet as it introduces itself (EIP-6963). */
export type FoundWallet = {
  readonly info: {
    readonly uuid: string
    readonly name: string
    /** A data URI. */
    readonly icon: string
    /** Such as `io.metamask`; the same after a reload. */
    readonly rdns: string
  }
  readonly provider: Provider
}

/** Name under which the wallet that was used last is remembered. */
export const walletMemory = 'sluice.wallet'

/** Asks the wallets of this browser to introduce themselves, and keeps listening for those that come late. */
export function discoverWallets(): Pick<Store<readonly FoundWallet[]>, 'get' | 'subscribe'> {
  const wallets = createStore<readonly FoundWallet[]>([])
  window.addEventListener('eip6963:announceProvider', (event) => {
    const found = (event as CustomEvent<FoundWallet | null>).detail
    if (found === null || wallets.get().some(({ info }) => info.uuid === found.info.uuid)) return
    wallets.set([...wallets.get(), found])
  })
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  return wallets
}

/** Introduces a wallet to the page it lives in, now and whenever it is asked. */
export function announceWallet(wallet: FoundWallet): void {
  const announce = (): void => {
    const event = new CustomEvent('eip6963:announceProvider', { detail: Object.freeze(wallet) })
    window.dispatchEvent(event)
  }
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
