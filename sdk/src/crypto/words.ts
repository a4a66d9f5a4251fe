import type { Hex } from '../types.js'
import { bytesToHex, writeHex } from './bytes.js'
import { invalidArgument } from './invalid.js'
import type { Keccak256 } from './keccak.js'

const encoder = new TextEncoder()

/** keccak-256 of a text in UTF-8. */
export function hashText(keccak256: Keccak256, text: string): Uint8Array {
  return keccak256(encoder.encode(text))
}

/**
 * A buffer of 32-byte words as `abi.encode` lays them out, kept and overwritten from one hash to the next: on the hot
 * path nothing is allocated and no string is built. Every setter throws `invalid-argument` when a value does not fit.
 */
export class Words {
  readonly bytes: Uint8Array
  readonly #view: DataView

  /** @param count how many words */
  constructor(count: number) {
    this.bytes = new Uint8Array(32 * count)
    this.#view = new DataView(this.bytes.buffer)
  }

  setBytes(word: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, 32 * word)
  }

  setBytes32(word: number, value: Hex, name: string): void {
    if (!writeHex(value, 32, this.bytes, 32 * word)) throw invalidArgument(name, '32 bytes of hex', value)
  }

  setAddress(word: number, value: Hex, name: string): void {
    if (!writeHex(value, 20, this.bytes, 32 * word + 12)) throw invalidArgument(name, 'an address', value)
  }

  setUint96(word: number, value: bigint, name: string): void {
    if (typeof value !== 'bigint' || value < 0n || value >> 96n !== 0n) {
      throw invalidArgument(name, 'a bigint between 0 and 2^96 - 1', value)
    }
    this.#view.setUint32(32 * word + 20, Number(value >> 64n))
    this.#view.setBigUint64(32 * word + 24, value)
  }

  setUint64(word: number, value: bigint, name: string): void {
    if (typeof value !== 'bigint' || value < 0n || value >> 64n !== 0n) {
      throw invalidArgument(name, 'a bigint between 0 and 2^64 - 1', value)
    }
    this.#view.setBigUint64(32 * word + 24, value)
  }

  /** A whole number up to `max`, itself at most 2^53 - 1. */
  setNumber(word: number, value: number, max: number, name: string): void {
    if (!Number.isSafeInteger(value) || value < 0 || value > max) {
      throw invalidArgument(name, `a whole number between 0 and ${String(max)}`, value)
    }
    this.#view.setBigUint64(32 * word + 24, BigInt(value))
  }
}

/** The hash of the words as hex. */
export function hashWords(keccak256: Keccak256, words: Words): Hex {
  return bytesToHex(keccak256(words.bytes))
}
