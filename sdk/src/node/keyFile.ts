/// <reference types="node" />
import { bytesToHex, hexToBytes } from '../crypto/bytes.js'
import type { SigningKey } from '../crypto/signer.js'
import { SluiceError } from '../errors.js'
import type { SessionKey } from '../keys/sessionKey.js'
import type { Hex } from '../types.js'

/**
 * A session key as the text of its file: `{ version: 1, address, channelId?, kind, publicKey?, secret }`, hex in lower
 * case. `secret` is 32 bytes for secp256k1 and PKCS#8 for P-256.
 *
 * @param sessionKey whose secret is bytes
 * @throws SluiceError `invalid-argument` when WebCrypto keeps the secret
 */
export function encodeKeyFile(sessionKey: SessionKey): string {
  const { address, channelId, key } = sessionKey
  const common = { version: 1, address: address.toLowerCase(), channelId, kind: key.kind }
  if (key.kind === 'secp256k1') return JSON.stringify({ ...common, secret: key.privateKey })
  if (key.secret instanceof Uint8Array) {
    return JSON.stringify({ ...common, publicKey: key.publicKey, secret: bytesToHex(key.secret) })
  }
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'This key cannot be kept in a file.',
    details: `key ${address} belongs to WebCrypto; make P-256 keys with loadNodeCrypto for a file store`,
  })
}

/**
 * The session key in a file's text.
 *
 * @param text as `encodeKeyFile` wrote it
 * @param path named when the text is damaged
 * @throws SluiceError `store-failed`
 */
export function decodeKeyFile(text: string, path: string): SessionKey {
  const fields = parseObject(text)
  const secret = hexField(fields, 'secret')
  const address = hexField(fields, 'address', 20)
  const channelId = hexField(fields, 'channelId', 32)
  const key = signingKey(fields, secret)
  if (fields['version'] !== 1 || key === undefined || address === undefined) throw damaged(path)
  if (fields['channelId'] !== undefined && channelId === undefined) throw damaged(path)
  return { address, channelId, key }
}

function signingKey(fields: Fields, secret: Hex | undefined): SigningKey | undefined {
  if (secret === undefined) return undefined
  if (fields['kind'] === 'secp256k1') return { kind: 'secp256k1', privateKey: secret }
  const publicKey = hexField(fields, 'publicKey', 64)
  const bytes = hexToBytes(secret)
  if (fields['kind'] !== 'p256' || publicKey === undefined || bytes === undefined) return undefined
  return { kind: 'p256', publicKey, secret: bytes }
}

type Fields = Readonly<Record<string, unknown>>

function parseObject(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function hexField(fields: Fields, name: string, length?: number): Hex | undefined {
  const value = fields[name]
  if (typeof value !== 'string') return undefined
  const bytes = hexToBytes(value)
  return bytes === undefined || (length !== undefined && bytes.length !== length) ? undefined : (value as Hex)
}

function damaged(path: string): SluiceError {
  return new SluiceError({
    code: 'store-failed',
    message: 'The key of this stream is damaged.',
    details: `${path} is not a key file of version 1`,
    action: 'money-back',
  })
}
