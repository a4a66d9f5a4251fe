import type { Hex } from '../types.js'

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Value of a hex digit by its character code; -1 for every other ASCII character. */
const nibbles = new Int8Array(128).fill(-1)
for (let digit = 0; digit < 16; digit++) {
  const character = digit.toString(16)
  nibbles[character.charCodeAt(0)] = digit
  nibbles[character.toUpperCase().charCodeAt(0)] = digit
}

/**
 * Lower-case hex with its `0x`.
 *
 * @param bytes any length
 */
export function bytesToHex(bytes: Uint8Array): Hex {
  let hex: Hex = '0x'
  for (const byte of bytes) hex += pairs[byte] ?? ''
  return hex
}

/**
 * Writes hex of exactly `length` bytes into `target`; false, with `target` undefined from `offset` on, when it is
 * not that. The hot path hashes straight from its buffers, so nothing is allocated here.
 *
 * @param hex `0x` and two digits a byte, either case
 * @param length bytes expected
 * @param target where the bytes go
 * @param offset of the first byte in `target`
 */
export function writeHex(hex: string, length: number, target: Uint8Array, offset: number): boolean {
  if (typeof hex !== 'string' || hex.length !== 2 + 2 * length) return false
  if (hex.charCodeAt(0) !== 48 || hex.charCodeAt(1) !== 120) return false
  let wrong = 0
  for (let byte = 0, at = 2; byte < length; byte++, at += 2) {
    const high = nibbles[hex.charCodeAt(at)] ?? -1
    const low = nibbles[hex.charCodeAt(at + 1)] ?? -1
    wrong |= high | low
    target[offset + byte] = (high << 4) | low
  }
  return wrong >= 0
}

/**
 * The bytes of a hex string; undefined unless it is `0x` and an even number of hex digits.
 *
 * @param hex either case
 */
export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (typeof hex !== 'string' || hex.length < 2 || hex.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(hex.length / 2 - 1)
  return writeHex(hex, bytes.length, bytes, 0) ? bytes : undefined
}

/**
 * Whether two byte strings are the same. Not in constant time: for public values only.
 *
 * @param a one
 * @param b the other
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/**
 * Orders two 32-byte big-endian numbers: negative when `a` is less, 0 when equal, positive when greater.
 *
 * @param a bytes that hold a number
 * @param at its offset in `a`
 * @param b exactly 32 bytes
 */
export function compareWords(a: Uint8Array, at: number, b: Uint8Array): number {
  for (let index = 0; index < 32; index++) {
    const difference = (a[at + index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
