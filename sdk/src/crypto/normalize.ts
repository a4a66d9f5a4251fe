import type { Address, Hex } from '../types.js'
import { addressOfPoint } from './addresses.js'
import { bytesToHex, hexToBytes } from './bytes.js'
import type { SluiceCrypto } from './crypto.js'
import { compactEcdsa, parseEcdsa, type EcdsaSignature } from './ecdsa.js'

/** A signature whose parity is the one that recovers to its signer, and the key that it recovers to. */
export type RecoveredSignature = EcdsaSignature & {
  /** 65 bytes `04‖x‖y`. */
  readonly publicKey: Uint8Array
}

/**
 * Finds the public key behind a signature of `signer`, with the parity as signed or, when that leads to another
 * address, with the other one; undefined when neither leads to `signer`.
 *
 * @param crypto loaded cryptography
 * @param digest 32 bytes
 * @param signature taken apart
 * @param signer any case
 */
export function recoverSigner(
  crypto: SluiceCrypto,
  digest: Uint8Array,
  signature: EcdsaSignature,
  signer: Address,
): RecoveredSignature | undefined {
  const wanted = signer.toLowerCase()
  for (const parity of [signature.parity, 1 - signature.parity]) {
    const publicKey = crypto.secp256k1.recover(digest, signature.rs, parity)
    if (publicKey !== undefined && addressOfPoint(crypto, publicKey.subarray(1)) === wanted) {
      return { rs: signature.rs, parity, publicKey }
    }
  }
  return undefined
}

/**
 * The signature as the contract will accept it. Verification against a known key ignores `v`, so a voucher with the
 * wrong one counts here but would revert a whole batch of claims there: call this before anything goes on the chain.
 * A secp256k1 signature of `signer` becomes its canonical 64 bytes `r‖vs` with the right parity; a P-256 or ERC-1271
 * signature has no such freedom and comes back unchanged.
 *
 * @param crypto loaded cryptography
 * @param digest 32 bytes
 * @param signature one that was verified
 * @param signer whose it is
 */
export function normalizeForChain(
  crypto: SluiceCrypto,
  digest: Uint8Array,
  signature: Hex,
  signer: Address,
): Hex {
  const bytes = hexToBytes(signature)
  const parsed = bytes === undefined ? undefined : parseEcdsa(bytes)
  const recovered = parsed === undefined ? undefined : recoverSigner(crypto, digest, parsed, signer)
  return recovered === undefined ? signature : bytesToHex(compactEcdsa(recovered))
}
