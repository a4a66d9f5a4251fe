import type { Address } from '../types.js'
import { bytesToHex } from './bytes.js'
import type { SluiceCrypto } from './crypto.js'

/**
 * The address of a public key on either curve: the last 20 bytes of `keccak256(x‖y)`, lower case.
 *
 * @param crypto loaded cryptography
 * @param point 64 bytes `x‖y`
 */
export function addressOfPoint(crypto: Pick<SluiceCrypto, 'keccak256'>, point: Uint8Array): Address {
  return bytesToHex(crypto.keccak256(point).subarray(12))
}
