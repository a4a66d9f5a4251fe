import { createKeccak } from 'hash-wasm'

/** keccak-256 of any bytes: 32 fresh bytes, at once. */
export type Keccak256 = (data: Uint8Array) => Uint8Array

/** Starts the WebAssembly hasher. Load this module lazily: it carries the WebAssembly. */
export async function loadKeccak(): Promise<Keccak256> {
  const hasher = await createKeccak(256)
  return (data) => hasher.init().update(data).digest('binary')
}
