import { AbiCoder, getBytes, keccak256, SigningKey, Signature, TypedDataEncoder, ZeroHash } from 'ethers'
import { createPrivateKey, sign as signBytes, type KeyObject } from 'node:crypto'

/** The terms of a channel as the tests pass them to the contract. */
export type Terms = {
  payer: string
  payee: string
  operator: string
  token: string
  signer: string
  grace: number
  rate: bigint
  burst: bigint
  salt: string
}

/** One voucher of a batch. */
export type ClaimItem = Pick<Terms, 'payer' | 'signer' | 'grace' | 'rate' | 'burst' | 'salt'> & {
  cumulativeAmount: bigint
  signature: string
}

/** Where the contract stands: what ids and signatures are bound to. */
export type Place = { chainId: number; contract: string }

export const termsTypes = [
  'address',
  'address',
  'address',
  'address',
  'address',
  'uint32',
  'uint96',
  'uint96',
  'bytes32',
] as const

export const maxUint96 = 2n ** 96n - 1n
export const minute = 60
export const day = 86_400

const coder = AbiCoder.defaultAbiCoder()

/** `keccak256(abi.encode(chainId, contract, channel))`, put together without the contract. */
export function idOf(place: Place, terms: Terms): string {
  const { payer, payee, operator, token, signer, grace, rate, burst, salt } = terms
  return keccak256(
    coder.encode(
      ['uint256', 'address', ...termsTypes],
      [place.chainId, place.contract, payer, payee, operator, token, signer, grace, rate, burst, salt],
    ),
  )
}

function domain(place: Place) {
  return {
    name: 'Sluice Stream Channels',
    version: '1',
    chainId: place.chainId,
    verifyingContract: place.contract,
  }
}

/** What a voucher's signer signs. */
export function voucherDigest(place: Place, channelId: string, cumulativeAmount: bigint): string {
  const fields = [
    { name: 'channelId', type: 'bytes32' },
    { name: 'cumulativeAmount', type: 'uint96' },
  ]
  return TypedDataEncoder.hash(domain(place), { Voucher: fields }, { channelId, cumulativeAmount })
}

/** What a payee or operator signs to consent to an end. */
export function closeDigest(place: Place, channelId: string, capturedAmount: bigint): string {
  const fields = [
    { name: 'channelId', type: 'bytes32' },
    { name: 'capturedAmount', type: 'uint96' },
  ]
  return TypedDataEncoder.hash(domain(place), { Close: fields }, { channelId, capturedAmount })
}

/** 64 bytes `r ‖ vs`. */
export function compact(key: SigningKey, digest: string): string {
  return key.sign(digest).compactSerialized
}

/** 65 bytes `r ‖ s ‖ v`. */
export function full(key: SigningKey, digest: string): string {
  return key.sign(digest).serialized
}

const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The other signature that the curve's equation accepts: high `s`, flipped parity. */
export function malleated(signature: string): string {
  const { r, s, v } = Signature.from(signature)
  const high = (secp256k1Order - BigInt(s)).toString(16).padStart(64, '0')
  return `${r}${high}${v === 27 ? '1c' : '1b'}`
}

/** A P-256 key as a channel's signer. */
export type P256Key = { address: string; x: string; y: string; key: KeyObject }

/** The P-256 key with a fixed secret, so that runs repeat. */
export function p256Key(secret: number): P256Key {
  const scalar = Buffer.alloc(32)
  scalar.writeUInt32BE(secret, 28)
  // SEC 1 private key inside PKCS#8, without the public half, which node:crypto computes.
  const pkcs8 = Buffer.concat([
    Buffer.from('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', 'hex'),
    scalar,
  ])
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const jwk = key.export({ format: 'jwk' })
  const hex = (value: string | undefined) => Buffer.from(value ?? '', 'base64url').toString('hex')
  const [x, y] = [hex(jwk.x), hex(jwk.y)]
  return { address: `0x${keccak256(`0x${x}${y}`).slice(-40)}`, x, y, key }
}

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** 128 bytes `r ‖ s ‖ x ‖ y` over `sha256(digest)`, with low or high `s`. */
export function p256Sign(signer: P256Key, digest: string, half: 'low' | 'high' = 'low'): string {
  const raw = signBytes('sha256', getBytes(digest), { key: signer.key, dsaEncoding: 'ieee-p1363' }).toString(
    'hex',
  )
  const s = BigInt(`0x${raw.slice(64)}`)
  const isHigh = s > p256Order / 2n
  const wanted = isHigh === (half === 'high') ? s : p256Order - s
  return `0x${raw.slice(0, 64)}${wanted.toString(16).padStart(64, '0')}${signer.x}${signer.y}`
}

/** A key with a fixed secret, so that runs repeat. */
export function secpKey(name: string): SigningKey {
  return new SigningKey(keccak256(Buffer.from(`sluice test key ${name}`)))
}

/** `salt` as 32 bytes; 0 unless a test needs several channels with the same terms. */
export function saltOf(value: number): string {
  return value === 0 ? ZeroHash : `0x${value.toString(16).padStart(64, '0')}`
}
