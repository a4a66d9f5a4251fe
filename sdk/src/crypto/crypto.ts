import type { Keccak256 } from './keccak.js'

/** Randomness as a parameter: `length` unpredictable bytes. */
export type RandomBytes = (length: number) => Uint8Array

/** Checks signatures (64 bytes `r‖s`, canonical) of one key. */
export type EcdsaCheck = (digest: Uint8Array, rs: Uint8Array) => boolean

/** Checks of several keys, made together. */
export type EcdsaBatch = {
  /** How many at most. */
  readonly size: number
  /** Whether a check, which is `verifier`'s, can be among them now. */
  readonly takes: (check: EcdsaCheck) => boolean
  /**
   * Which signatures are good: a bit for each check, the lowest for the first.
   *
   * @param checks 1 to `size`, each of which it takes
   * @param digests 32 bytes each, one after another; more may follow
   * @param signatures 64 bytes `r‖s` each, likewise
   */
  readonly run: (checks: readonly EcdsaCheck[], digests: Uint8Array, signatures: Uint8Array) => number
}

/** ECDSA over secp256k1. Every call answers at once; both engines give the same bytes. */
export type Secp256k1 = {
  /** Whether 32 bytes are a private key: neither zero nor beyond the order. */
  readonly isPrivateKey: (privateKey: Uint8Array) => boolean
  /** 65 bytes `04‖x‖y` of a valid private key. */
  readonly publicKey: (privateKey: Uint8Array) => Uint8Array
  /** 64 bytes `r‖vs` (EIP-2098), low `s`, nonce by RFC 6979. */
  readonly sign: (digest: Uint8Array, privateKey: Uint8Array) => Uint8Array
  /** The check for one valid key (65 bytes `04‖x‖y`). */
  readonly verifier: (publicKey: Uint8Array) => EcdsaCheck
  /** Where checks made together cost less than one by one. */
  readonly batch?: EcdsaBatch | undefined
  /** The 65-byte public key that signed; undefined when there is none. `parity` is 0 or 1. */
  readonly recover: (digest: Uint8Array, rs: Uint8Array, parity: number) => Uint8Array | undefined
}

/** A P-256 private key: a WebCrypto key, best not extractable, or PKCS#8 bytes. */
export type P256Secret = CryptoKey | Uint8Array

export type P256KeyPair = {
  /** 64 bytes `x‖y`. */
  readonly publicKey: Uint8Array
  readonly secret: P256Secret
}

/** ECDSA over P-256 with SHA-256 over the 32 bytes of the digest. */
export type P256 = {
  readonly generate: () => Promise<P256KeyPair>
  /** Signs with one key: 64 bytes `r‖s`, `s` low. */
  readonly signer: (secret: P256Secret) => (digest: Uint8Array) => Uint8Array | Promise<Uint8Array>
  /** Checks signatures (64 bytes `r‖s`, canonical) of one key (64 bytes `x‖y`). No key, no point of the curve: false. */
  readonly verifier: (
    publicKey: Uint8Array,
  ) => (digest: Uint8Array, rs: Uint8Array) => boolean | Promise<boolean>
}

/** Everything the SDK hashes, signs and verifies with, loaded once. */
export type SluiceCrypto = {
  /** Which secp256k1 runs: the compiled library (Node only) or its WebAssembly build. */
  readonly engine: 'native' | 'portable'
  /** Whether keys that sign often are checked by tables of their multiples. */
  readonly hasTables: boolean
  readonly keccak256: Keccak256
  readonly secp256k1: Secp256k1
  readonly p256: P256
}
