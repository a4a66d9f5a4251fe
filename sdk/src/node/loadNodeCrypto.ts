/// <reference types="node" />
import type { RandomBytes, Secp256k1, SluiceCrypto } from '../crypto/crypto.js'
import { platformRandom } from '../crypto/loadCrypto.js'
import { loadKeccak } from '../crypto/keccak.js'
import { SluiceError } from '../errors.js'
import { createNodeP256 } from './p256Node.js'
import { nativeKeccak } from './keccakNative.js'
import { loadPreparedKeys, type PreparedKeys } from './preparedKeys.js'
import { loadNativeSecp256k1 } from './secp256k1Native.js'

export type NodeCryptoOptions = {
  /**
   * `auto`, the default, takes the compiled library when it is there and WebAssembly otherwise; the result's `engine`
   * says which. `native` insists.
   */
  readonly engine?: 'auto' | 'native' | 'portable'
  /** Defaults to the platform's. */
  readonly random?: RandomBytes
}

/**
 * Loads the cryptography for Node: everything answers at once, and secp256k1 is compiled where its binding is
 * installed.
 *
 * @param options which engine
 * @throws SluiceError `internal` when `native` was asked for and there is no binding for this machine
 * @example
 * ```ts
 * import { loadNodeCrypto } from '@sluice/sdk/node'
 *
 * const crypto = await loadNodeCrypto()
 * console.log(crypto.engine, crypto.hasTables)
 * ```
 */
export async function loadNodeCrypto(options: NodeCryptoOptions = {}): Promise<SluiceCrypto> {
  const random = options.random ?? platformRandom
  const wanted = options.engine ?? 'auto'
  const tables = wanted === 'portable' ? undefined : await loadPreparedKeys()
  const native = wanted === 'portable' ? undefined : tryNative(random, tables, wanted === 'native')
  const keccak256 = tables === undefined ? await loadKeccak() : nativeKeccak(tables)
  const p256 = createNodeP256()
  if (native !== undefined) {
    return { engine: 'native', hasTables: tables !== undefined, keccak256, secp256k1: native, p256 }
  }
  const { loadPortableSecp256k1 } = await import('../crypto/secp256k1Portable.js')
  const secp256k1 = await loadPortableSecp256k1(random)
  return { engine: 'portable', hasTables: false, keccak256, secp256k1, p256 }
}

function tryNative(
  random: RandomBytes,
  tables: PreparedKeys | undefined,
  insist: boolean,
): Secp256k1 | undefined {
  try {
    return loadNativeSecp256k1(random, tables)
  } catch (cause) {
    if (!insist) return undefined
    throw new SluiceError({
      code: 'internal',
      message: 'The fast signature library is not installed on this machine.',
      details: `package secp256k1 has no binding for ${process.platform}-${process.arch}; engine 'auto' would go on without`,
      cause,
    })
  }
}
