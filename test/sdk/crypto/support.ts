import fc from 'fast-check'
import { loadCrypto } from '../../../sdk/dist/crypto/loadCrypto.js'
import { loadNodeCrypto } from '../../../sdk/dist/node/index.js'
import type { Channel, Deployment, Hex } from '../../../sdk/dist/types.js'

/** Runs of each property: many in the deep run, enough to catch a slip otherwise. */
export const runs = process.env['SLUICE_DEEP'] === '1' ? 100_000 : 500

/** Time that a property may take, with other work on the machine. */
export const deadlineMs = Math.max(20_000, 10 * runs)

export const browserCrypto = await loadCrypto()
export const portableCrypto = await loadNodeCrypto({ engine: 'portable' })
export const nativeCrypto = await loadNodeCrypto({ engine: 'native' })

/** Every way the SDK can be loaded here. */
export const everyCrypto = [
  { name: 'browser', crypto: browserCrypto },
  { name: 'portable', crypto: portableCrypto },
  { name: 'native', crypto: nativeCrypto },
] as const

export const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
export const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

export const deployment: Deployment = {
  chainId: 31337,
  contract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
}

export function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

const hex = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
const uint = (bits: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.bigInt(0n, 2n ** BigInt(bits) - 1n) },
    fc.constantFrom(0n, 2n ** BigInt(bits) - 1n),
  )

export const arbitrary = {
  word: hex(32),
  address: hex(20),
  uint96: uint(96),
  uint64: uint(64),
  second: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  privateKey: fc.bigInt(1n, secp256k1Order - 1n).map(word),
  deployment: fc.record<Deployment>({
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    contract: hex(20),
  }),
  channel: fc.record<Channel>({
    payer: hex(20),
    payee: hex(20),
    operator: hex(20),
    token: hex(20),
    signer: hex(20),
    grace: fc.nat({ max: 0xffff_ffff }),
    rate: uint(96),
    burst: uint(96),
    salt: hex(32),
  }),
}
