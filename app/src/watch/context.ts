import { createContext, useContext } from 'react'
import { createMoney, type Money } from '../money/amounts.ts'
import type { Guard } from '../limits/guard.ts'
import { useStore, type Store } from '../store.ts'
import { useText } from '../text/language.ts'
import type { PageConfig } from '../config/config.ts'
import type { Offer } from '@sluice/sdk/session'
import type { FoundWallet } from '../wallet/discovery.ts'
import type { Watch } from './model/watch.ts'
import type { WatchState } from './model/state.ts'

/** What every part of the watch page uses. */
export type WatchContext = {
  readonly config: PageConfig
  readonly offer: Offer
  readonly state: Store<WatchState>
  readonly guard: Guard
  readonly wallets: Pick<Store<readonly FoundWallet[]>, 'get' | 'subscribe'>
  /** The model, with what it needs of wallets and the chain; loaded when it is first asked for. */
  readonly model: () => Promise<Watch>
}

export const Context = createContext<WatchContext | undefined>(undefined)

export function useWatch(): WatchContext {
  const context = useContext(Context)
  if (context === undefined) throw new Error('a part of the watch page stands outside of it')
  return context
}

/** The state of the page. */
export function useWatchState(): WatchState {
  return useStore(useWatch().state)
}

/** Amounts of the offer's token in the language of the person. */
export function useMoney(): Money {
  const { config } = useWatch()
  return createMoney(useText().locale, config.token, config.tokenPriceUsd)
}

/** Calls something of the model. */
export function useAct(): (work: (watch: Watch) => unknown) => void {
  const { model } = useWatch()
  return (work) => void model().then(work)
}
