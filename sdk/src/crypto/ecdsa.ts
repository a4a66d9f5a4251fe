import { isCanonical, secp256k1Order } from './curves.js'

/** A secp256k1 signature in the one form the contract accepts, taken apart. */
export type EcdsaSignature = {
  /** 64 bytes `r‖s`, `s` low. */
  readonly rs: Uint8Array
  /** Parity of the nonce's point: 0 for `v` 27, 1 for 28. */
  readonly parity: number
}

/**
 * Takes 64 bytes `r‖vs` (EIP-2098) or 65 bytes `r‖s‖v` apart, exactly as strictly as OpenZeppelin's ECDSA: `v` is 27 or
 * 28, `s` is low, neither number is zero or beyond the order. Anything else: undefined.
 *
 * @param signature stays as it is
 * @param rs memory for the result's 64 bytes `r‖s`, for who hands none of it on
 */
export function parseEcdsa(
  signature: Uint8Array,
  rs: Uint8Array = new Uint8Array(64),
): EcdsaSignature | undefined {
  // A copy of so few bytes is made sooner one by one than by a view that `set` could take.
  for (let index = 0; index < 64; index += 1) rs[index] = signature[index] ?? 0
  let parity: number
  if (signature.length === 64) {
    parity = (rs[32] ?? 0) >> 7
    rs[32] = (rs[32] ?? 0) & 0x7f
  } else if (signature.length === 65) {
    parity = (signature[64] ?? 0) - 27
    if (parity !== 0 && parity !== 1) return undefined
  } else {
    return undefined
  }
  return isCanonical(rs, secp256k1Order) ? { rs, parity } : undefined
}

/**
 * The 64 bytes `r‖vs` (EIP-2098) of a signature.
 *
 * @param signature taken apart; its parity is believed
 */
export function compactEcdsa(signature: EcdsaSignature): Uint8Array {
  const compact = signature.rs.slice()
  compact[32] = (compact[32] ?? 0) | (signature.parity << 7)
  return compact
}
