import type { Address } from '../types.js'
import { tournamentsCall, type TournamentsCall } from './call.js'

/**
 * Builds the call by which an account takes out what could not be delivered to it, in any tournament.
 *
 * @param parameters the contract, the token (zero: the native coin), and to whom
 *
 * @example
 * ```ts
 * import { withdrawOwedCall } from '@sluice/sdk/tournament'
 *
 * const takeOut = (contract: `0x${string}`, token: `0x${string}`, to: `0x${string}`) =>
 *   withdrawOwedCall({ contract, token, to })
 * ```
 */
export function withdrawOwedCall({ contract, token, to }: withdrawOwedCall.Parameters): TournamentsCall {
  return tournamentsCall(contract, 'withdrawOwed', [token, to])
}

export declare namespace withdrawOwedCall {
  type Parameters = { readonly contract: Address; readonly token: Address; readonly to: Address }
}
