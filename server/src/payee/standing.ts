import type { Address } from '@sluice/sdk'
import type { StandingOffer } from '@sluice/sdk/session'
import { createOffer } from './offer.js'
import type { PayeeOptions } from './options.js'
import { invalid, lower, readToken, type ChainClient, type TokenInfo } from './startup.js'

/** What of an offer may change while a payee runs. */
export type OfferChanges = {
  /** What is sold, for the person. */
  readonly title?: string
  /** Such as `0.002/s`, in whole tokens, by the unit that is sold already. */
  readonly price?: string
  /** Zero: the native coin. */
  readonly token?: Address
}

/** What a payee sells at the moment. */
export type Standing = {
  readonly offer: () => StandingOffer
  /**
   * Changes it, all or nothing.
   *
   * @throws SluiceError `invalid-argument`, `wrong-token` or `rpc-unreachable`; then the offer is as it was
   */
  readonly change: (changes: OfferChanges) => Promise<StandingOffer>
}

/** @param parameters what the payee was started with */
export function createStanding(parameters: {
  readonly options: PayeeOptions
  readonly contract: Address
  readonly token: TokenInfo
  readonly client: ChainClient
}): Standing {
  const { contract, client } = parameters
  let { options, token } = parameters
  let offer = createOffer(options, contract, token)

  return {
    offer: () => offer,
    async change(changes) {
      const moves = changes.token !== undefined && lower(changes.token) !== token.address
      // Base units of another token mean something else, so that only what was said in words is kept.
      const { minDelta: _minDelta, suggestedDeposit: _suggestedDeposit, ...kept } = options
      const next: PayeeOptions = { ...(moves ? kept : options), ...changes }
      const nextToken = moves ? await readToken(client, next) : token
      const offered = createOffer(next, contract, nextToken)
      if (offered.unit !== offer.unit) {
        throw invalid(
          'What is sold by one unit cannot be sold by another while it runs.',
          `price ${changes.price ?? ''} is by the ${offered.unit}, the payee sells by the ${offer.unit}`,
        )
      }
      if (offered.price === 0n) throw invalid('This price cannot be asked.', 'the price is zero')
      options = next
      token = nextToken
      offer = offered
      return offer
    },
  }
}
