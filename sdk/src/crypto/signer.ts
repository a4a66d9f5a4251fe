import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex, OperatorSigner, VoucherSigner } from '../types.js'
import { addressOfPoint } from './addresses.js'
import { bytesToHex, hexToBytes } from './bytes.js'
import type { P256Secret, SluiceCrypto } from './crypto.js'
import { createDigests } from './digests.js'

/** A private key of either curve. */
export type SigningKey =
  | {
      readonly kind: 'secp256k1'
      /** 32 bytes. */
      readonly privateKey: Hex
    }
  | {
      readonly kind: 'p256'
      /** 64 bytes `x‖y`. */
      readonly publicKey: Hex
      readonly secret: P256Secret
    }

/** Signs digests with one key. */
export type DigestSigner = {
  /** What the contract knows the key by; lower case. */
  readonly address: Address
  /** 64 bytes `r‖vs` at once for secp256k1; 128 bytes `r‖s‖x‖y` for P-256, by a promise through WebCrypto. */
  readonly sign: (digest: Uint8Array) => Hex | Promise<Hex>
}

/**
 * Prepares a private key for signing.
 *
 * @param crypto loaded cryptography
 * @param key of either curve
 * @throws SluiceError `invalid-argument` when the key is none
 */
export function createDigestSigner(crypto: SluiceCrypto, key: SigningKey): DigestSigner {
  return key.kind === 'secp256k1' ? secp256k1Signer(crypto, key.privateKey) : p256Signer(crypto, key)
}

/**
 * Signs vouchers and sessions with a private key. A secp256k1 key answers at once.
 *
 * @param crypto loaded cryptography
 * @param deployment chain and contract
 * @param key its address is the channel's `signer`
 * @throws SluiceError `invalid-argument` when the key is none, or when an amount or id does not fit
 */
export function createVoucherSigner(
  crypto: SluiceCrypto,
  deployment: Deployment,
  key: SigningKey,
): VoucherSigner {
  const { address, sign } = createDigestSigner(crypto, key)
  const digests = createDigests(crypto, deployment)
  return {
    address,
    signVoucher: (channelId, cumulativeAmount) => sign(digests.voucher(channelId, cumulativeAmount)),
    signSession: (channelId, challenge) => sign(digests.session(channelId, challenge)),
  }
}

/**
 * Signs receipts and closes with a private key, at once.
 *
 * @param crypto loaded cryptography
 * @param deployment chain and contract
 * @param privateKey 32 bytes; its address is the channel's `operator`, or its payee when the operator is zero
 * @throws SluiceError `invalid-argument` when the key is none, or when an amount or id does not fit
 */
export function createOperatorSigner(
  crypto: SluiceCrypto,
  deployment: Deployment,
  privateKey: Hex,
): OperatorSigner {
  const { address, sign } = secp256k1Signer(crypto, privateKey)
  const digests = createDigests(crypto, deployment)
  return {
    address,
    signReceipt: (receipt) => sign(digests.receipt(receipt)),
    signClose: (channelId, capturedAmount) => sign(digests.close(channelId, capturedAmount)),
  }
}

function secp256k1Signer(crypto: SluiceCrypto, privateKey: Hex): DigestSigner {
  const secret = hexToBytes(privateKey)
  if (secret === undefined || secret.length !== 32 || !crypto.secp256k1.isPrivateKey(secret)) {
    throw invalidKey('a secp256k1 private key is 32 bytes of hex, above zero and below the order')
  }
  return {
    address: addressOfPoint(crypto, crypto.secp256k1.publicKey(secret).subarray(1)),
    sign: (digest) => bytesToHex(crypto.secp256k1.sign(digest, secret)),
  }
}

function p256Signer(crypto: SluiceCrypto, key: SigningKey & { kind: 'p256' }): DigestSigner {
  const point = hexToBytes(key.publicKey)
  if (point?.length !== 64) throw invalidKey('a P-256 public key is 64 bytes of hex, x and y')
  const sign = crypto.p256.signer(key.secret)
  const append = (rs: Uint8Array): Hex => `${bytesToHex(rs)}${key.publicKey.slice(2).toLowerCase()}`
  return {
    address: addressOfPoint(crypto, point),
    sign: (digest) => {
      const signature = sign(digest)
      return signature instanceof Uint8Array ? append(signature) : signature.then(append)
    },
  }
}

/** Says what a key must be, never what came: that may be a secret. */
function invalidKey(details: string): SluiceError {
  return new SluiceError({ code: 'invalid-argument', message: 'This key cannot sign.', details })
}
