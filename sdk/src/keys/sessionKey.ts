import type { RandomBytes, SluiceCrypto } from '../crypto/crypto.js'
import { bytesToHex } from '../crypto/bytes.js'
import { createDigestSigner, createVoucherSigner, type SigningKey } from '../crypto/signer.js'
import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex, VoucherSigner } from '../types.js'

/** A key that lives in this browser or machine and signs the vouchers of one channel without a prompt. */
export type SessionKey = {
  /** The channel's `signer`; lower case. */
  readonly address: Address
  /** The one channel it may sign for; undefined until it is bound. */
  readonly channelId: Hex | undefined
  readonly key: SigningKey
}

export type CreateSessionKeyParameters = {
  /**
   * `p256` through WebCrypto cannot be exported, not even by this page; checking it on the chain costs more gas.
   * `secp256k1` is cheapest everywhere.
   */
  readonly kind: SigningKey['kind']
  readonly crypto: SluiceCrypto
  /** Makes secp256k1 keys. P-256 keys come from the platform's own key store. */
  readonly random: RandomBytes
}

/**
 * Makes a session key that is bound to no channel yet: a channel's id depends on the key's address.
 *
 * @param parameters the kind of key and what makes it
 * @example
 * ```ts
 * import { bindSessionKey, createSessionKey, loadCrypto } from '@sluice/sdk'
 *
 * const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
 * const unbound = await createSessionKey({ kind: 'secp256k1', crypto: await loadCrypto(), random })
 * const channelId = `0x${'11'.repeat(32)}` as const // of a channel whose signer is `unbound.address`
 * console.log(bindSessionKey(unbound, channelId))
 * ```
 */
export async function createSessionKey(parameters: CreateSessionKeyParameters): Promise<SessionKey> {
  const { kind, crypto, random } = parameters
  const key = kind === 'p256' ? await createP256Key(crypto) : createSecp256k1Key(crypto, random)
  return { address: createDigestSigner(crypto, key).address, channelId: undefined, key }
}

/**
 * Binds a key to its channel, once and for ever. Store the result before the channel is opened.
 *
 * @param sessionKey unbound, or bound to this same channel
 * @param channelId of the channel whose `signer` the key is
 * @throws SluiceError `key-misuse` when it is bound to another channel
 */
export function bindSessionKey(sessionKey: SessionKey, channelId: Hex): SessionKey {
  const bound: SessionKey = { ...sessionKey, channelId: channelId.toLowerCase() as Hex }
  requireSameBinding(sessionKey, bound)
  return bound
}

/**
 * Signs with a session key, for its channel only.
 *
 * @param crypto loaded cryptography
 * @param deployment chain and contract of the channel
 * @param sessionKey bound
 * @throws SluiceError `key-misuse` when the key is not bound or not its address's, and from each signature for another
 * channel
 */
export function createSessionSigner(
  crypto: SluiceCrypto,
  deployment: Deployment,
  sessionKey: SessionKey,
): VoucherSigner {
  const address = sessionKey.address.toLowerCase()
  const bound = sessionKey.channelId?.toLowerCase()
  if (bound === undefined) throw keyMisuse(`key ${address} is not bound to a channel yet`)
  const signer = createVoucherSigner(crypto, deployment, sessionKey.key)
  if (signer.address !== address) throw keyMisuse(`key ${signer.address} came under the name ${address}`)
  const requireBound = (channelId: Hex): void => {
    if (channelId.toLowerCase() === bound) return
    throw keyMisuse(`key ${address} is bound to channel ${bound}, asked to sign for ${channelId}`)
  }
  return {
    address: signer.address,
    signVoucher: (channelId, cumulativeAmount) => {
      requireBound(channelId)
      return signer.signVoucher(channelId, cumulativeAmount)
    },
    signSession: (channelId, challenge) => {
      requireBound(channelId)
      return signer.signSession(channelId, challenge)
    },
  }
}

/**
 * What every key store asks before it overwrites: a bound key is never bound anew, nor set free.
 *
 * @param stored what is there; undefined: nothing
 * @param next what shall replace it
 * @throws SluiceError `key-misuse`
 */
export function requireSameBinding(
  stored: Pick<SessionKey, 'channelId'> | undefined,
  next: Pick<SessionKey, 'address' | 'channelId'>,
): void {
  const bound = stored?.channelId
  if (bound === undefined || bound === next.channelId) return
  throw keyMisuse(`key ${next.address} is bound to channel ${bound}, not to ${String(next.channelId)}`)
}

async function createP256Key(crypto: SluiceCrypto): Promise<SigningKey> {
  const { publicKey, secret } = await crypto.p256.generate()
  return { kind: 'p256', publicKey: bytesToHex(publicKey), secret }
}

function createSecp256k1Key(crypto: SluiceCrypto, random: RandomBytes): SigningKey {
  for (let attempt = 0; attempt < 8; attempt++) {
    const secret = random(32)
    if (crypto.secp256k1.isPrivateKey(secret)) return { kind: 'secp256k1', privateKey: bytesToHex(secret) }
  }
  // One in 2^128 draws is no key; eight in a row mean that the source is broken.
  throw new SluiceError({
    code: 'internal',
    message: 'This device could not make a key.',
    details: 'the random source gave no private key in 8 draws',
  })
}

function keyMisuse(details: string): SluiceError {
  return new SluiceError({
    code: 'key-misuse',
    message: 'This key belongs to another stream. Nothing was signed.',
    details,
  })
}
