import type { P256 } from './crypto.js'
import { lowerP256 } from './curves.js'

const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const algorithm = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * P-256 through WebCrypto. Its keys cannot be exported, so code that runs in the page later cannot steal them.
 *
 * @param subtle `crypto.subtle`
 */
export function createWebCryptoP256(subtle: SubtleCrypto): P256 {
  return {
    generate: async () => {
      const pair = await subtle.generateKey(curve, false, ['sign', 'verify'])
      const point = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
      return { publicKey: point.slice(1), secret: pair.privateKey }
    },
    signer: (secret) => {
      const key =
        secret instanceof Uint8Array
          ? subtle.importKey('pkcs8', Uint8Array.from(secret), curve, false, ['sign'])
          : secret
      return async (digest) =>
        lowerP256(new Uint8Array(await subtle.sign(algorithm, await key, Uint8Array.from(digest))))
    },
    verifier: (publicKey) => {
      const point = new Uint8Array(65)
      point[0] = 4
      point.set(publicKey, 1)
      const key = subtle.importKey('raw', point, curve, false, ['verify']).catch(() => undefined)
      return async (digest, rs) => {
        const imported = await key
        if (imported === undefined) return false
        return subtle.verify(algorithm, imported, Uint8Array.from(rs), Uint8Array.from(digest))
      }
    },
  }
}
