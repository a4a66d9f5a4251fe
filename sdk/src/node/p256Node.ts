/// <reference types="node" />
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signData,
  verify as verifyData,
  type KeyObject,
} from 'node:crypto'
import type { P256 } from '../crypto/crypto.js'
import { lowerP256 } from '../crypto/curves.js'
import { createWebCryptoP256 } from '../crypto/p256WebCrypto.js'
import { decodeDerSignature, encodeDerSignature } from './derSignature.js'

/** What precedes `x‖y` in the SubjectPublicKeyInfo of an uncompressed P-256 key (RFC 5480). */
const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')

/** P-256 through `node:crypto`: synchronous, except for keys that WebCrypto keeps. New keys are PKCS#8 bytes. */
export function createNodeP256(): P256 {
  const webCrypto = createWebCryptoP256(crypto.subtle)
  return {
    generate: () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', {
        namedCurve: 'P-256',
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      })
      return Promise.resolve({
        publicKey: Uint8Array.from(publicKey.subarray(spkiPrefix.length)),
        secret: Uint8Array.from(privateKey),
      })
    },
    signer: (secret) => {
      if (!(secret instanceof Uint8Array)) return webCrypto.signer(secret)
      const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' })
      return (digest) => lowerP256(decodeDerSignature(signData('sha256', digest, key)))
    },
    verifier: (publicKey) => {
      const key = importPublicKey(publicKey)
      return (digest, rs) => key !== undefined && verifyData('sha256', digest, key, encodeDerSignature(rs))
    },
  }
}

function importPublicKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
  } catch {
    return undefined // no point of the curve
  }
}
