import type { RandomBytes, SluiceCrypto } from './crypto.js'
import { createWebCryptoP256 } from './p256WebCrypto.js'

/**
 * Unpredictable bytes from the platform.
 *
 * @param length how many, at most 65,536
 */
export function platformRandom(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/**
 * Loads the portable cryptography: WebAssembly for hashing and secp256k1, WebCrypto for P-256. It runs in browsers and
 * in Node; a Node program is faster with `loadNodeCrypto` of `@sluice/sdk/node`. Once loaded, hashing and secp256k1
 * answer at once.
 *
 * @param options `random` defaults to the platform's
 * @example
 * ```ts
 * import { createSignatureVerifier, loadCrypto } from '@sluice/sdk'
 *
 * const crypto = await loadCrypto()
 * const verifier = createSignatureVerifier(crypto, {
 *   chainId: 8453,
 *   contract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
 * })
 * console.log(crypto.engine, verifier)
 * ```
 */
export async function loadCrypto(options: { readonly random?: RandomBytes } = {}): Promise<SluiceCrypto> {
  const [{ loadKeccak }, { loadPortableSecp256k1 }] = await Promise.all([
    import('./keccak.js'),
    import('./secp256k1Portable.js'),
  ])
  const [keccak256, secp256k1] = await Promise.all([
    loadKeccak(),
    loadPortableSecp256k1(options.random ?? platformRandom),
  ])
  return {
    engine: 'portable',
    hasTables: false,
    keccak256,
    secp256k1,
    p256: createWebCryptoP256(crypto.subtle),
  }
}
