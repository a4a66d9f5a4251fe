import { createContext, useContext } from 'react'
import type { PageConfig } from '../config/config.ts'
import { createMoney, type Money } from '../money/amounts.ts'
import { useStore, type Store } from '../store.ts'
import { useText, useWords } from '../text/language.ts'
import type { FoundWallet } from '../wallet/discovery.ts'
import type { Snapshot } from './model/api.ts'
import type { StudioState } from './model/state.ts'
import type { Studio } from './model/studio.ts'
import { de } from './text/de.ts'
import { en, type StudioText } from './text/en.ts'

/** What every part of the studio uses. */
export type StudioContext = {
  readonly config: PageConfig
  readonly state: Store<StudioState>
  readonly wallets: Pick<Store<readonly FoundWallet[]>, 'get' | 'subscribe'>
  readonly model: () => Promise<Studio>
}

export const Context = createContext<StudioContext | undefined>(undefined)

export function useStudio(): StudioContext {
  const context = useContext(Context)
  if (context === undefined) throw new Error('a part of the studio stands outside of it')
  return context
}

/** The state of the page. */
export function useStudioState(): StudioState {
  return useStore(useStudio().state)
}

/** The studio's own words. */
export function useStudioText(): StudioText {
  return useWords({ en, de })
}

/** Amounts of the stream's token in the language of the person. */
export function useMoney({ symbol, decimals }: Snapshot['stream']): Money {
  const { config } = useStudio()
  return createMoney(useText().locale, { symbol, decimals }, config.tokenPriceUsd)
}

/** Calls something of the model. */
export function useAct(): (work: (studio: Studio) => unknown) => void {
  const { model } = useStudio()
  return (work) => void model().then(work)
}
