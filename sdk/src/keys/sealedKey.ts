import { bytesToHex, hexToBytes } from '../crypto/bytes.js'
import type { RandomBytes } from '../crypto/crypto.js'
import type { SigningKey } from '../crypto/signer.js'
import { SluiceError } from '../errors.js'
import type { Address, Hex } from '../types.js'
import type { SessionKey } from './sessionKey.js'

/** A session key as IndexedDB holds it: no private key can be read from it. */
export type SealedKey = {
  readonly address: Address
  readonly channelId: Hex | undefined
  readonly kind: SigningKey['kind']
  /** 64 bytes `x‖y` of a P-256 key. */
  readonly publicKey: Hex | undefined
  /** A key that cannot be exported, or bytes encrypted by one. */
  readonly secret: CryptoKey | Sealed
}

type Sealed = {
  /** 12 bytes, new for each encryption. */
  readonly iv: Uint8Array<ArrayBuffer>
  /** AES-GCM; the key's address is authenticated with it, so that two records cannot swap their secrets. */
  readonly ciphertext: ArrayBuffer
}

export type Sealer = {
  readonly seal: (key: SessionKey) => Promise<SealedKey>
  /** Throws `session-key-lost` when the ciphertext is not this wrapping key's. */
  readonly unseal: (sealed: SealedKey) => Promise<SessionKey>
}

/**
 * Encrypts session keys at rest.
 *
 * @param wrappingKey AES-GCM
 * @param subtle `crypto.subtle`
 * @param random makes the nonces
 */
export function createSealer(wrappingKey: CryptoKey, subtle: SubtleCrypto, random: RandomBytes): Sealer {
  async function encrypt(address: Address, secret: Uint8Array<ArrayBuffer>): Promise<Sealed> {
    const iv = Uint8Array.from(random(12))
    return { iv, ciphertext: await subtle.encrypt(algorithm(iv, address), wrappingKey, secret) }
  }

  async function decrypt(address: Address, { iv, ciphertext }: Sealed): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return new Uint8Array(await subtle.decrypt(algorithm(iv, address), wrappingKey, ciphertext))
    } catch (cause) {
      throw new SluiceError({
        code: 'session-key-lost',
        message: 'This browser lost its key.',
        details: `the stored key ${address} does not decrypt`,
        action: 'money-back',
        cause,
      })
    }
  }

  return {
    seal: async ({ address, channelId, key }) => {
      const name = address.toLowerCase() as Address
      if (key.kind === 'secp256k1') {
        const secret = await encrypt(name, privateKeyBytes(key.privateKey))
        return { address: name, channelId, kind: 'secp256k1', publicKey: undefined, secret }
      }
      const secret =
        key.secret instanceof Uint8Array ? await encrypt(name, Uint8Array.from(key.secret)) : key.secret
      return { address: name, channelId, kind: 'p256', publicKey: key.publicKey, secret }
    },
    unseal: async ({ address, channelId, kind, publicKey, secret }) => {
      const opened = 'ciphertext' in secret ? await decrypt(address, secret) : secret
      if (kind === 'secp256k1' && opened instanceof Uint8Array) {
        return { address, channelId, key: { kind, privateKey: bytesToHex(opened) } }
      }
      if (kind === 'p256' && publicKey !== undefined) {
        return { address, channelId, key: { kind, publicKey, secret: opened } }
      }
      throw new SluiceError({
        code: 'session-key-lost',
        message: 'This browser lost its key.',
        details: `the stored key ${address} is incomplete`,
        action: 'money-back',
      })
    },
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, address: Address): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(address) }
}

function privateKeyBytes(privateKey: Hex): Uint8Array<ArrayBuffer> {
  const bytes = hexToBytes(privateKey)
  if (bytes !== undefined) return bytes
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'This key cannot be stored.',
    details: 'a secp256k1 private key is 32 bytes of hex',
  })
}
