import type { Keccak256 } from '../crypto/keccak.js'
import type { PreparedKeys } from './preparedKeys.js'

/** keccak-256 compiled for this machine. */
export function nativeKeccak({ keccak256 }: PreparedKeys): Keccak256 {
  // Outside of V8's heap, from where a small array would first be moved when it is handed to compiled code.
  const held = new Uint8Array(new ArrayBuffer(32))
  return (data, into) => (into === undefined ? keccak256(data, held).slice() : keccak256(data, into))
}
