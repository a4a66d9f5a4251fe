import type * as library from '@sluice/secp256k1'
import type { EcdsaBatch, EcdsaCheck } from '../crypto/crypto.js'
import { SluiceError } from '../errors.js'

/** `@sluice/secp256k1`, compiled where it was installed. */
export type PreparedKeys = typeof library

/** A check with the table of its key, once that is made. */
type PreparedCheck = EcdsaCheck & { table?: Uint8Array }

/** Checks after which a key counts as one that signs often: a table costs as much as a few checks. */
const checksBefore = 4

/** Handed to the library again and again: V8 first moves a small array that goes to native code out of its heap. */
const heldDigest = new Uint8Array(new ArrayBuffer(32))
const heldSignature = new Uint8Array(new ArrayBuffer(64))

/** The library of tables when it was compiled on this machine. */
export async function loadPreparedKeys(): Promise<PreparedKeys | undefined> {
  try {
    return await import('@sluice/secp256k1')
  } catch {
    return undefined // not installed, or installed where there was no C compiler
  }
}

/**
 * Checks signatures of one key, from the fifth on by a table of its multiples.
 *
 * @param library the library of tables
 * @param publicKey 65 bytes of a valid key
 * @param verify how they are checked without a table
 */
export function preparedVerifier(
  { prepare, verify: verifyByTable }: PreparedKeys,
  publicKey: Uint8Array,
  verify: EcdsaCheck,
): EcdsaCheck {
  let checks = 0
  const check: PreparedCheck = (digest, rs) => {
    if (check.table !== undefined) {
      heldDigest.set(digest)
      heldSignature.set(rs)
      return verifyByTable(check.table, heldDigest, heldSignature)
    }
    checks += 1
    if (checks > checksBefore) check.table = prepared(prepare(publicKey))
    return verify(digest, rs)
  }
  return check
}

/** Checks those of {@link preparedVerifier} together that have their tables. */
export function preparedBatch({ verifyMany }: PreparedKeys): EcdsaBatch {
  const tableOf = (check: PreparedCheck): Uint8Array | undefined => check.table
  return {
    size: 32,
    takes: (check) => tableOf(check) !== undefined,
    run: (checks, digests, signatures) =>
      verifyMany(
        checks.map((check) => prepared(tableOf(check))),
        digests,
        signatures,
      ),
  }
}

function prepared(table: Uint8Array | undefined): Uint8Array {
  if (table !== undefined) return table
  const message = 'The fast signature library does not take a key that signed before.'
  throw new SluiceError({ code: 'internal', message, details: 'no point of the curve' })
}
