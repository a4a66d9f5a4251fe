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
