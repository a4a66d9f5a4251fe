import { createCipheriv, createDecipheriv, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { concat, keccak256, toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'
import type { Address, Hex } from '@sluice/sdk'
import { failure } from './exit.js'

/**
 * Web3 Secret Storage, version 3, with scrypt and aes-128-ctr: the format of geth, ethers and most wallets.
 * Source: https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/
 */
const bytes = (length?: number) =>
  z
    .string()
    .regex(length === undefined ? /^([0-9a-f]{2})+$/i : new RegExp(`^[0-9a-f]{${length * 2}}$`, 'i'))
    .transform((hex) => Buffer.from(hex, 'hex'))

const cryptoSchema = z.object({
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.object({ iv: bytes(16) }),
  ciphertext: bytes(32),
  kdf: z.literal('scrypt'),
  kdfparams: z.object({
    n: z.int().min(2).max(1_048_576),
    r: z.int().min(1).max(64),
    p: z.int().min(1).max(16),
    dklen: z.literal(32),
    salt: bytes(),
  }),
  mac: bytes(32),
})

/** ethers writes `Crypto`, geth `crypto`. */
const keystoreSchema = z.union([
  z.object({ version: z.literal(3), crypto: cryptoSchema }),
  z.object({ version: z.literal(3), Crypto: cryptoSchema }).transform(({ Crypto }) => ({ crypto: Crypto })),
])

/** What scrypt asks of whoever guesses a passphrase. */
export type Cost = { readonly n: number; readonly r: number; readonly p: number }

/** scrypt's cost as ethers and geth's "standard" choose it: a guess costs an attacker 128 MB and most of a second. */
export const standardCost: Cost = { n: 131_072, r: 8, p: 1 }

/**
 * Encrypts a private key.
 *
 * @param privateKey 32 bytes
 * @param passphrase that will open it
 * @param random unpredictable bytes
 * @param cost default: the standard one
 * @returns the text of the key file
 */
export async function encryptKey(
  privateKey: Hex,
  passphrase: string,
  random: (length: number) => Uint8Array,
  cost: Cost = standardCost,
): Promise<string> {
  const salt = random(32)
  const iv = random(16)
  const derived = await derive(passphrase, salt, cost)
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(privateKey.slice(2), 'hex')), cipher.final()])
  return JSON.stringify(
    {
      version: 3,
      id: uuid(random(16)),
      address: privateKeyToAddress(privateKey).slice(2).toLowerCase(),
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: Buffer.from(iv).toString('hex') },
        ciphertext: ciphertext.toString('hex'),
        kdf: 'scrypt',
        kdfparams: { ...cost, dklen: 32, salt: Buffer.from(salt).toString('hex') },
        mac: macOf(derived, ciphertext).toString('hex'),
      },
    },
    undefined,
    2,
  )
}

/**
 * Opens an encrypted private key.
 *
 * @param keystore the parsed key file
 * @param passphrase that opens it
 * @param path named in errors
 * @throws CommandError exit code 1: not version 3 with scrypt, or the passphrase is wrong
 */
export async function decryptKey(keystore: unknown, passphrase: string, path: string): Promise<Hex> {
  const parsed = keystoreSchema.safeParse(keystore)
  if (!parsed.success) {
    throw failure(
      `${path} is not a key file this program can read.`,
      'It takes Web3 Secret Storage version 3 with scrypt, as geth and ethers write it.',
    )
  }
  const { kdfparams, cipherparams, ciphertext, mac } = parsed.data.crypto
  const derived = await derive(passphrase, kdfparams.salt, kdfparams)
  if (!timingSafeEqual(macOf(derived, ciphertext), mac)) {
    throw failure(
      `The passphrase does not open ${path}.`,
      'Set SLUICE_PASSPHRASE to the right one, or type it again.',
    )
  }
  const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), cipherparams.iv)
  return toHex(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

/**
 * The account of a keystore, which needs no passphrase; undefined when the file does not say.
 *
 * @param keystore the parsed key file
 */
export function keystoreAddress(keystore: unknown): Address | undefined {
  const parsed = z.object({ address: z.string().regex(/^(0x)?[0-9a-f]{40}$/i) }).safeParse(keystore)
  return parsed.success ? `0x${parsed.data.address.replace(/^0x/, '').toLowerCase()}` : undefined
}

function derive(passphrase: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  const options: ScryptOptions = {
    N: cost.n,
    r: cost.r,
    p: cost.p,
    maxmem: 128 * cost.r * (cost.n + cost.p + 2),
  }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

function macOf(derived: Uint8Array, ciphertext: Uint8Array): Buffer {
  return Buffer.from(keccak256(concat([derived.subarray(16, 32), ciphertext]), 'bytes'))
}

/** A random UUID, version 4 (RFC 9562). */
function uuid(random: Uint8Array): string {
  const version = Uint8Array.from(random)
  version[6] = ((version[6] ?? 0) & 0x0f) | 0x40
  version[8] = ((version[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(version).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
