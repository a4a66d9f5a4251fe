import { SluiceError } from '../errors.js'
import { zeroAddress } from '../types.js'
import type { Address, Deployment, Hex, SignatureVerifier, Voucher } from '../types.js'
import { addressOfPoint } from './addresses.js'
import { BoundedCache } from './boundedCache.js'
import { bytesToHex, hexToBytes, writeHex } from './bytes.js'
import type { EcdsaCheck, P256, SluiceCrypto } from './crypto.js'
import { isCanonical, p256Order } from './curves.js'
import { createDigests } from './digests.js'
import { parseEcdsa } from './ecdsa.js'
import { normalizeForChain, recoverSigner } from './normalize.js'

export type SignatureVerifierOptions = {
  /**
   * Asks an ERC-1271 wallet, `signer`, on the chain; false when it has no code. It is asked last, and whenever no key
   * matched: bound how often a stranger can cause that. Default: there are no such wallets.
   */
  readonly isValidSignature?: (signer: Address, digest: Hex, signature: Hex) => Promise<boolean>
  /**
   * How many public keys are surely remembered, at most twice as many. Default 16,384. With tables of their multiples,
   * which keys get that sign often, one takes some 8 kB: at most 270 MB in all.
   */
  readonly keyCacheSize?: number
}

/** A verifier that knows the keys it has met, and prepares what it has verified for the chain. */
export type StreamVerifier = SignatureVerifier & {
  /** The check of a secp256k1 signer that signed before. */
  readonly checkOf: (signer: Address) => EcdsaCheck | undefined
  /** The voucher with its signature as `normalizeForChain` gives it. */
  readonly normalizeVoucher: (signer: Address, voucher: Voucher) => Voucher
  /** A close's signature as `normalizeForChain` gives it. */
  readonly normalizeClose: (signer: Address, channelId: Hex, capturedAmount: bigint, signature: Hex) => Hex
}

/**
 * Checks signatures in the order of the contract: secp256k1 (64 or 65 bytes), then P-256 when the signature is 128 bytes
 * and its key is the signer's, then ERC-1271. secp256k1 answers at once, P-256 too with `loadNodeCrypto`; WebCrypto and
 * ERC-1271 answer by a promise. Data that is malformed in any way is answered with false, never thrown at.
 *
 * The first signature of a signer recovers its public key; later ones are checked against that key, which is faster and
 * does not look at the parity `v`. A signature with the wrong one of 27 and 28 is therefore accepted from the first on:
 * it proves as much, and `normalizeVoucher` puts it right before it goes on the chain.
 *
 * @param crypto loaded cryptography
 * @param deployment chain and contract
 * @param options ERC-1271 wallets and memory
 */
export function createSignatureVerifier(
  crypto: SluiceCrypto,
  deployment: Deployment,
  options: SignatureVerifierOptions = {},
): StreamVerifier {
  const digests = createDigests(crypto, deployment)
  const cacheSize = options.keyCacheSize ?? 16_384
  const verifiers = new BoundedCache<EcdsaCheck>(cacheSize)
  const ecdsaBytes = new Uint8Array(65)
  const rsBytes = new Uint8Array(64)
  const p256Verifiers = new BoundedCache<ReturnType<P256['verifier']>>(cacheSize)

  function isEcdsa(signer: Address, digest: Uint8Array, bytes: Uint8Array): boolean {
    const signature = parseEcdsa(bytes, rsBytes)
    if (signature === undefined) return false
    const verify = verifiers.get(signer)
    if (verify !== undefined) return verify(digest, signature.rs)
    const recovered = recoverSigner(crypto, digest, signature, signer)
    if (recovered === undefined) return false
    verifiers.set(signer, crypto.secp256k1.verifier(recovered.publicKey))
    return true
  }

  function isP256(digest: Uint8Array, bytes: Uint8Array): boolean | Promise<boolean> {
    if (!isCanonical(bytes, p256Order)) return false
    const point = bytes.subarray(64)
    const name = bytesToHex(point)
    let verify = p256Verifiers.get(name)
    if (verify === undefined) {
      verify = crypto.p256.verifier(point)
      p256Verifiers.set(name, verify)
    }
    return verify(digest, bytes.subarray(0, 64))
  }

  function check(signer: Address, digest: Uint8Array, signature: Hex): boolean | Promise<boolean> {
    const bytes = bytesOf(signature)
    if (bytes === undefined || signer === zeroAddress) return false
    if (bytes.length === 64 || bytes.length === 65) {
      if (isEcdsa(signer, digest, bytes)) return true
    } else if (bytes.length === 128 && addressOfPoint(crypto, bytes.subarray(64)) === signer.toLowerCase()) {
      return isP256(digest, bytes)
    }
    return options.isValidSignature?.(signer, bytesToHex(digest), signature) ?? false
  }

  /** Nearly every signature has 65 bytes; their memory is used again, as nothing keeps them. */
  function bytesOf(signature: Hex): Uint8Array | undefined {
    return writeHex(signature, ecdsaBytes.length, ecdsaBytes, 0) ? ecdsaBytes : hexToBytes(signature)
  }

  return {
    verifyVoucher: (signer, { channelId, cumulativeAmount, signature }) => {
      const digest = digestOrNothing(() => digests.voucher(channelId, cumulativeAmount))
      return digest !== undefined && check(signer, digest, signature)
    },
    checkOf: (signer) => verifiers.get(signer),
    verifySession: (signer, channelId, challenge, signature) => {
      const digest = digestOrNothing(() => digests.session(channelId, challenge))
      return digest !== undefined && check(signer, digest, signature)
    },
    verifyReceipt: (signer, receipt) => {
      const digest = digestOrNothing(() => digests.receipt(receipt))
      return digest !== undefined && check(signer, digest, receipt.signature)
    },
    verifyClose: (signer, channelId, capturedAmount, signature) => {
      const digest = digestOrNothing(() => digests.close(channelId, capturedAmount))
      return digest !== undefined && check(signer, digest, signature)
    },
    normalizeVoucher: (signer, voucher) => {
      const digest = digests.voucher(voucher.channelId, voucher.cumulativeAmount)
      return { ...voucher, signature: normalizeForChain(crypto, digest, voucher.signature, signer) }
    },
    normalizeClose: (signer, channelId, capturedAmount, signature) =>
      normalizeForChain(crypto, digests.close(channelId, capturedAmount), signature, signer),
  }
}

/** An amount or id that fits no type cannot have been signed: that is an answer, not a fault. */
export function digestOrNothing(hash: () => Uint8Array): Uint8Array | undefined {
  try {
    return hash()
  } catch (error) {
    if (error instanceof SluiceError) return undefined
    throw error
  }
}
