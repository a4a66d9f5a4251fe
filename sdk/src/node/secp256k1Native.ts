/// <reference types="node" />
import { createRequire } from 'node:module'
import type * as secp256k1 from 'secp256k1'
import type { RandomBytes, Secp256k1 } from '../crypto/crypto.js'
import { preparedBatch, preparedVerifier, type PreparedKeys } from './preparedKeys.js'

/**
 * The compiled libsecp256k1. Its package's index falls back silently to a slow JavaScript library; `bindings.js`, taken
 * here, throws when there is no binding for this machine.
 *
 * @param random blinds the library against side channels; signatures stay the same
 * @param tables checks keys that sign often, where it was compiled
 * @throws whatever the loader says when the package or its binding is missing
 */
export function loadNativeSecp256k1(random: RandomBytes, tables: PreparedKeys | undefined): Secp256k1 {
  const library = createRequire(import.meta.url)('secp256k1/bindings.js') as typeof secp256k1
  library.contextRandomize(random(32))
  return {
    isPrivateKey: (privateKey) => privateKey.length === 32 && library.privateKeyVerify(privateKey),
    publicKey: (privateKey) => library.publicKeyCreate(privateKey, false),
    sign: (digest, privateKey) => {
      const { signature, recid } = library.ecdsaSign(digest, privateKey)
      signature[32] = (signature[32] ?? 0) | (recid << 7)
      return signature
    },
    verifier: (publicKey) => {
      const verify = (digest: Uint8Array, rs: Uint8Array) => library.ecdsaVerify(rs, digest, publicKey)
      return tables === undefined ? verify : preparedVerifier(tables, publicKey, verify)
    },
    batch: tables && preparedBatch(tables),
    recover: (digest, rs, parity) => {
      try {
        return library.ecdsaRecover(rs, parity, digest, false)
      } catch {
        return undefined // r is no x-coordinate of the curve: nobody signed this
      }
    },
  }
}
