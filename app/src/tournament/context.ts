import { zeroAddress, type Address } from '@sluice/sdk'
import { createContext, useContext } from 'react'
import { getAddress, isAddress } from 'viem'
import type { PageConfig } from '../config/config.ts'
import { createMoney, type Money } from '../money/amounts.ts'
import { useStore, type Store } from '../store.ts'
import { useText } from '../text/language.ts'
import type { FoundWallet } from '../wallet/discovery.ts'
import { nativeDecimals } from './model/draft.ts'
import type { TournamentModel } from './model/tournament.ts'
import type { TournamentPageState } from './model/state.ts'

/** What every part of the tournament page uses. */
export type TournamentContext = {
  readonly config: PageConfig
  readonly state: Store<TournamentPageState>
  readonly model: TournamentModel
  readonly wallets: Pick<Store<readonly FoundWallet[]>, 'get' | 'subscribe'>
  readonly nowMs: () => number
  /** Address of this page as it is now. */
  readonly page: () => string
}

/** What the chain's own coin is called. */
export const nativeSymbol = 'ETH'

export const Context = createContext<TournamentContext | undefined>(undefined)

export function useTournamentPage(): TournamentContext {
  const context = useContext(Context)
  if (context === undefined) throw new Error('a part of the tournament page stands outside of it')
  return context
}

/** The state of the page. */
export function usePageState(): TournamentPageState {
  return useStore(useTournamentPage().state)
}

/** Amounts of a tournament's token, zero being the chain's own coin, in the language of the person. */
export function useMoneyOf(token: Address): Money {
  const { config } = useTournamentPage()
  const { locale } = useText()
  if (token === zeroAddress) {
    return createMoney(locale, { symbol: nativeSymbol, decimals: nativeDecimals }, undefined)
  }
  if (token.toLowerCase() === config.token.address.toLowerCase()) {
    return createMoney(locale, config.token, config.tokenPriceUsd)
  }
  // Of a token that the server does not know nobody says how it is written.
  return createMoney(locale, { symbol: `${token.slice(0, 8)}…`, decimals: 0 }, undefined)
}

/** An address as people can compare it. */
export function shortOf(address: string): string {
  const written = isAddress(address) ? getAddress(address) : address
  return `${written.slice(0, 6)}…${written.slice(-4)}`
}
