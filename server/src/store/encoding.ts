import { SluiceError } from '@sluice/sdk'
import type { Hex } from '@sluice/sdk'

const amountBytes = 16
const limit = 1n << 128n
const wordLimit = 1n << 64n

/**
 * An amount as 16 bytes, big-endian. A column of such blobs compares like the numbers do (SQLite compares blobs byte by
 * byte), holds every uint96, which SQLite's 63-bit integers do not, and is faster to write than padded decimals.
 *
 * @param amount base units or metering units, below 2^128
 * @throws SluiceError `invalid-argument` when it is negative or too large
 */
export function encodeAmount(amount: bigint): Uint8Array {
  requireAmount(amount)
  const slot = amountSlot()
  slot.set(amount)
  return slot.bytes
}

/**
 * Refuses what {@link encodeAmount} cannot encode.
 *
 * @throws SluiceError `invalid-argument` when it is negative or too large
 */
export function requireAmount(amount: bigint): void {
  if (amount >= 0n && amount < limit) return
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'An amount is out of range.',
    details: `${amount} is not between 0 and 2^128`,
  })
}

/** Memory for an encoded amount, to be set again and again where allocating would count. */
export type AmountSlot = { readonly bytes: Uint8Array; readonly set: (amount: bigint) => void }

/** Makes a slot; what it is set to must have passed {@link requireAmount}. */
export function amountSlot(): AmountSlot {
  const bytes = new Uint8Array(amountBytes)
  const view = new DataView(bytes.buffer)
  return {
    bytes,
    set: (amount) => {
      view.setBigUint64(0, amount < wordLimit ? 0n : amount >> 64n)
      // Takes the lower 64 bits.
      view.setBigUint64(8, amount)
    },
  }
}

/** The amount in a blob written by {@link encodeAmount}. */
export function decodeAmount(blob: Uint8Array): bigint {
  const view = new DataView(blob.buffer, blob.byteOffset, amountBytes)
  const high = view.getBigUint64(0)
  return high === 0n ? view.getBigUint64(8) : (high << 64n) | view.getBigUint64(8)
}

const wholeBytes = /^0x(?:[0-9a-f]{2})*$/i

/**
 * Refuses what is not hex of whole bytes.
 *
 * @throws SluiceError `invalid-argument` when it is malformed
 */
export function requireHex(hex: Hex): void {
  if (wholeBytes.test(hex)) return
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'A hexadecimal value is malformed.',
    details: `${hex.slice(0, 80)} is not 0x followed by whole bytes`,
  })
}

/**
 * The bytes of a hex string.
 *
 * @throws SluiceError `invalid-argument` when it is malformed
 */
export function encodeHex(hex: Hex): Uint8Array {
  requireHex(hex)
  return Buffer.from(hex.slice(2), 'hex')
}

/** Memory for decoded hex, to be set again and again where allocating would count. */
export type HexSlot = { readonly set: (hex: Hex) => Uint8Array }

/** Makes a slot; what it is set to must have passed {@link requireHex}. What it gives holds until it is set again. */
export function hexSlot(): HexSlot {
  let bytes = Buffer.alloc(0)
  return {
    set: (hex) => {
      const length = hex.length / 2 - 1
      if (bytes.length !== length) bytes = Buffer.alloc(length)
      bytes.write(hex.slice(2), 'hex')
      return bytes
    },
  }
}

/** Bytes as lower-case hex. */
export function decodeHex(blob: Uint8Array): Hex {
  return `0x${Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString('hex')}`
}
