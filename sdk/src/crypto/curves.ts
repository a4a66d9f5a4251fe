import { compareWords } from './bytes.js'

/** What bounds the two numbers of an ECDSA signature, 32 bytes big-endian each. */
export type CurveOrder = { readonly order: Uint8Array; readonly half: Uint8Array }

function word(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  writeWord(bytes, 0, value)
  return bytes
}

function curveOrder(order: bigint): CurveOrder {
  return { order: word(order), half: word(order >> 1n) }
}

/** Order of secp256k1 (SEC 2, 2.4.1). */
export const secp256k1Order = curveOrder(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n)

const p256N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Order of P-256 (SEC 2, 2.4.2). */
export const p256Order = curveOrder(p256N)

const zero = new Uint8Array(32)

/**
 * Whether `r‖s` is the one form of a signature that the contract accepts: `0 < r < order`, `0 < s <= order / 2`.
 *
 * @param rs 64 bytes
 * @param curve the order of the key's curve
 */
export function isCanonical(rs: Uint8Array, curve: CurveOrder): boolean {
  return (
    compareWords(rs, 0, zero) > 0 &&
    compareWords(rs, 0, curve.order) < 0 &&
    compareWords(rs, 32, zero) > 0 &&
    compareWords(rs, 32, curve.half) <= 0
  )
}

/**
 * Replaces a high `s` of a P-256 signature by `order - s`, in place: key stores make either, the contract takes low.
 *
 * @param rs 64 bytes `r‖s`
 */
export function lowerP256(rs: Uint8Array): Uint8Array {
  if (compareWords(rs, 32, p256Order.half) <= 0) return rs
  const view = new DataView(rs.buffer, rs.byteOffset, rs.byteLength)
  let s = 0n
  for (let at = 32; at < 64; at += 8) s = (s << 64n) | view.getBigUint64(at)
  writeWord(rs, 32, p256N - s)
  return rs
}

function writeWord(target: Uint8Array, offset: number, value: bigint): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength)
  for (let at = 24; at >= 0; at -= 8, value >>= 64n) view.setBigUint64(offset + at, BigInt.asUintN(64, value))
}
