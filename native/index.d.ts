/** Multiples of one public key: memory of this process, to be kept and handed back, not changed, stored or sent. */
export type KeyTable = Uint8Array

/**
 * The table of a public key, some 8 kB.
 *
 * @param publicKey 65 bytes `04‖x‖y`
 * @returns undefined when that is no point of the curve
 * @throws TypeError when it is no `Uint8Array` of that length
 */
export declare function prepare(publicKey: Uint8Array): KeyTable | undefined

/**
 * Whether a signature is the key's. Answers as libsecp256k1 does: a high `s` is refused.
 *
 * @param table what {@link prepare} gave
 * @param digest 32 bytes
 * @param rs 64 bytes `r‖s`
 * @throws TypeError when one of them is no `Uint8Array` of its length
 */
export declare function verify(table: KeyTable, digest: Uint8Array, rs: Uint8Array): boolean

/**
 * Which of several signatures are their keys', each as {@link verify} answers. Where the processor has AVX-512 IFMA eight
 * are checked at the price of less than two; elsewhere they are checked one by one.
 *
 * @param tables 1 to 32 of what {@link prepare} gave
 * @param digests 32 bytes each, one after another; more may follow
 * @param signatures 64 bytes `r‖s` each, likewise
 * @returns a bit for each, the lowest for the first
 * @throws TypeError when one of them is missing or of another size
 */
export declare function verifyMany(
  tables: readonly KeyTable[],
  digests: Uint8Array,
  signatures: Uint8Array,
): number

/**
 * keccak-256, as Ethereum uses it.
 *
 * @param data any length
 * @param hash 32 bytes that are written over; they may be part of `data`
 * @returns `hash`
 * @throws TypeError when one of them is no `Uint8Array`, or `hash` of another length
 */
export declare function keccak256(data: Uint8Array, hash: Uint8Array): Uint8Array
