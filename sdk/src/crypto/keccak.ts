import { createKeccak } from 'hash-wasm'

/**
 * keccak-256 of any bytes, at once.
 *
 * @param data any length
 * @param into 32 bytes that may be written over and given back, where a hash is done with before the next
 * @returns the hash: `into`, or fresh bytes
 */
export type Keccak256 = (data: Uint8Array, into?: Uint8Array) => Uint8Array

/** Starts the WebAssembly hasher. Load this module lazily: it carries the WebAssembly. */
export async function loadKeccak(): Promise<Keccak256> {
  const hasher = await createKeccak(256)
  return (data, into) => {
    const hash = hasher.init().update(data).digest('binary')
    into?.set(hash)
    return into ?? hash
  }
}
