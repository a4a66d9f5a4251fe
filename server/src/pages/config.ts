import { SluiceError, type Address, type Hex } from '@sluice/sdk'
import type { StandingOffer } from '@sluice/sdk/session'
import { isLocalChain } from '../deploy/chains.js'

/** What a page is told by the server that serves it, at `/stage/config.json`. */
export type PageConfig = {
  readonly chainId: number
  readonly chainName: string
  /** The node that browsers ask. Everybody can read it: name none whose address holds a key. */
  readonly rpcUrl: string
  /** Origin of the payee, such as `https://live.example`. */
  readonly payee: string
  readonly token: { readonly address: Address; readonly symbol: string; readonly decimals: number }
  /** Whether the payee sells a live stream with a picture. */
  readonly stage: boolean
  /** What one token is worth in US dollars, as text. */
  readonly tokenPriceUsd?: string
  /** Well-known keys of demo wallets; on a chain of one machine only. */
  readonly demoKeys?: readonly Hex[]
}

/** What of a payee the pages are told. A payee fits. */
export type PagesPayee = {
  readonly offer: Pick<StandingOffer, 'chainId' | 'token' | 'symbol' | 'decimals'>
}

/** What of the configuration the payee does not know. */
export type PageSettings = {
  /** The chain's name, for the person. */
  readonly chainName: string
  /** The node that browsers ask. Everybody can read it: name none whose address holds a key. */
  readonly rpcUrl: string
  /**
   * Where viewers reach the payee, such as `https://live.example`; default: the origin they asked, which behind a proxy
   * that speaks TLS is not the right one.
   */
  readonly origin?: string
  /** Whether the payee sells a live stream with a picture; default false. */
  readonly stage?: boolean
  /** What one token is worth in US dollars, such as `1.00`. */
  readonly tokenPriceUsd?: string
  /** Well-known keys of demo wallets, on a local chain only. */
  readonly demoKeys?: readonly Hex[]
}

/**
 * Puts together what pages are told.
 *
 * @param payee sells
 * @param settings what it does not know itself
 * @returns the configuration for whoever asked at an origin
 * @throws SluiceError `invalid-argument` when demo keys are named for a chain where money is worth something
 */
export function describePages(payee: PagesPayee, settings: PageSettings): (askedAt: string) => PageConfig {
  const { chainName, rpcUrl, origin, stage = false, tokenPriceUsd, demoKeys } = settings
  if (demoKeys !== undefined && !isLocalChain(payee.offer.chainId)) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'Demo wallets belong to everybody: they are for a chain of one machine.',
      details: `chain ${payee.offer.chainId}, expected 31337 or 1337`,
    })
  }
  return (askedAt) => ({
    chainId: payee.offer.chainId,
    chainName,
    rpcUrl,
    payee: origin ?? askedAt,
    token: tokenOf(payee.offer),
    stage,
    ...(tokenPriceUsd === undefined ? {} : { tokenPriceUsd }),
    ...(demoKeys === undefined ? {} : { demoKeys }),
  })
}

function tokenOf({ token, symbol, decimals }: PagesPayee['offer']): PageConfig['token'] {
  return { address: token, symbol, decimals }
}
