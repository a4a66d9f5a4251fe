import { zeroAddress } from '../types.js'
import type { Tournament } from './types.js'

/**
 * The wei that a call needs which takes money in: all of it when the tournament is played for the native coin.
 *
 * @param tournament its token
 * @param amount base units
 */
export function nativeValue({ token }: Pick<Tournament, 'token'>, amount: bigint): bigint {
  return token === zeroAddress ? amount : 0n
}
