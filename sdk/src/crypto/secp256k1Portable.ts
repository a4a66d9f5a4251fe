// The package's index would load its whole virtual machine; this file of it stands alone.
import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js'
import { SluiceError } from '../errors.js'
import type { RandomBytes, Secp256k1 } from './crypto.js'

/**
 * libsecp256k1 in WebAssembly, for browsers and wherever the compiled library is missing. Load this module lazily: it
 * carries the WebAssembly.
 *
 * @param random blinds the library against side channels; signatures stay the same
 */
export async function loadPortableSecp256k1(random: RandomBytes): Promise<Secp256k1> {
  const library = await instantiateSecp256k1(random(32))
  return {
    isPrivateKey: (privateKey) => privateKey.length === 32 && library.validatePrivateKey(privateKey),
    publicKey: (privateKey) => orThrow(library.derivePublicKeyUncompressed(privateKey)),
    sign: (digest, privateKey) => {
      const { signature, recoveryId } = orThrow(library.signMessageHashRecoverableCompact(privateKey, digest))
      signature[32] = (signature[32] ?? 0) | (recoveryId << 7)
      return signature
    },
    verifier: (publicKey) => (digest, rs) => library.verifySignatureCompactLowS(rs, publicKey, digest),
    recover: (digest, rs, parity) => {
      const publicKey = library.recoverPublicKeyUncompressed(rs, parity === 0 ? 0 : 1, digest)
      return typeof publicKey === 'string' ? undefined : publicKey
    },
  }
}

/** The library reports failure by a string in place of the result. */
function orThrow<result>(outcome: result | string): result {
  if (typeof outcome !== 'string') return outcome
  throw new SluiceError({ code: 'internal', message: 'This device could not sign.', details: outcome })
}
