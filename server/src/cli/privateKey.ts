import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { isHex, toHex } from 'viem'
import { privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import type { Address, Hex } from '@sluice/sdk'
import { CommandError, exitCodes, failure, usageError } from './exit.js'
import { writeNewFile } from './files.js'
import type { Io } from './io.js'
import { decryptKey, encryptKey, keystoreAddress } from './keystore.js'
import { openPrompts } from './prompts.js'

/** Where keys and passphrases come from when no flag says. Both are taken from the environment, never from flags. */
export const keyVariable = 'SLUICE_PRIVATE_KEY'
export const passphraseVariable = 'SLUICE_PASSPHRASE'

/** Where a key is looked for. */
export type KeySource = {
  /** The file, if there is one. */
  readonly keyFile: string | undefined
  /** What to do when there is no key at all. */
  readonly advice: string
}

/**
 * The key that signs: from the environment, or from a file.
 *
 * @param io the environment and the terminal
 * @param source where else
 * @throws CommandError exit code 2 without a key, exit code 1 when the file cannot be read or opened
 */
export async function loadPrivateKey(io: Io, source: KeySource): Promise<Hex> {
  const fromEnvironment = io.env[keyVariable]
  if (fromEnvironment !== undefined && fromEnvironment !== '') return parseKey(fromEnvironment, keyVariable)
  if (source.keyFile === undefined) throw usageError('There is no key to pay or sign with.', source.advice)
  return readKeyFile(io, source.keyFile)
}

/** The account of {@link loadPrivateKey}. */
export async function loadAccount(io: Io, source: KeySource): Promise<PrivateKeyAccount> {
  return privateKeyToAccount(await loadPrivateKey(io, source))
}

/**
 * Writes a new key: encrypted when there is a passphrase, readable by this user only either way.
 *
 * @param path of the file
 * @param options `passphrase`: undefined leaves it in plain text; `force`: replaces a file
 * @returns the new account
 */
export async function createKeyFile(
  path: string,
  options: { readonly passphrase: string | undefined; readonly force: boolean },
): Promise<PrivateKeyAccount> {
  const random = (length: number): Uint8Array => randomBytes(length)
  const privateKey = toHex(random(32))
  const account = privateKeyToAccount(privateKey)
  const text =
    options.passphrase === undefined
      ? JSON.stringify({ address: account.address.toLowerCase(), privateKey }, undefined, 2)
      : await encryptKey(privateKey, options.passphrase, random)
  await writeNewFile(path, `${text}\n`, { mode: 0o600, force: options.force })
  return account
}

/** What can be told of a key file without opening it. */
export type KeyFileState = {
  readonly address: Address | undefined
  readonly encrypted: boolean
  /** Whether nobody but the owner may read it. */
  readonly isPrivate: boolean
}

/**
 * Looks at a key file without opening it.
 *
 * @param path of the file
 * @throws when there is no such file
 */
export async function inspectKeyFile(path: string): Promise<KeyFileState> {
  const { mode } = await stat(path)
  const content = parseFile(await readFile(path, 'utf8'))
  const encrypted = typeof content === 'object' && content !== null && !('privateKey' in content)
  // Windows has no such bits; its files in a user's folder are that user's.
  const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0
  const hex = plainKey(content)
  const address =
    hex === undefined ? keystoreAddress(content) : (privateKeyToAccount(hex).address.toLowerCase() as Address)
  return { address, encrypted, isPrivate }
}

/**
 * The account of a key file, whatever the environment says.
 *
 * @param io the passphrase and the terminal
 * @param path of the file
 * @throws CommandError exit code 1 when the file cannot be read or opened
 */
export async function loadKeyFile(io: Io, path: string): Promise<PrivateKeyAccount> {
  return privateKeyToAccount(await readKeyFile(io, path))
}

async function readKeyFile(io: Io, path: string): Promise<Hex> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(`The key file ${path} cannot be read.`, 'Check the path; "sluice init" makes a new one.', {
      cause,
    })
  })
  const { isPrivate } = await inspectKeyFile(path)
  if (!isPrivate) {
    throw failure(`Others can read the key file ${path}.`, `Run: chmod 600 ${path}`)
  }
  const content = parseFile(text)
  const hex = plainKey(content)
  if (hex !== undefined) return hex
  if (typeof content === 'string') return parseKey(content, path)
  return decryptKey(content, await passphraseFor(io, path), path)
}

async function passphraseFor(io: Io, path: string): Promise<string> {
  const known = io.env[passphraseVariable]
  if (known !== undefined) return known
  const prompts = await openPrompts(io)
  if (prompts !== undefined) return prompts.secret(`Passphrase of ${path}`)
  throw failure(`${path} is encrypted.`, `Set ${passphraseVariable} to its passphrase.`)
}

/** JSON when it is, else the bare text: a file may hold just the key. */
function parseFile(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    // A key of digits only is a number to JSON.
    return typeof value === 'object' ? value : text.trim()
  } catch {
    return text.trim()
  }
}

function plainKey(content: unknown): Hex | undefined {
  if (typeof content === 'string') return isKey(content) ? content : undefined
  if (typeof content !== 'object' || content === null || !('privateKey' in content)) return undefined
  return isKey(content.privateKey) ? content.privateKey : undefined
}

function isKey(value: unknown): value is Hex {
  return isHex(value) && value.length === 66
}

/** Never repeats the text: it may be a key with a typing error. */
function parseKey(text: string, where: string): Hex {
  const trimmed = text.trim()
  const hex = trimmed.startsWith('0x') ? trimmed : `0x${trimmed}`
  if (isKey(hex)) return hex
  throw new CommandError({
    exitCode: exitCodes.usage,
    message: `${where} holds no private key.`,
    advice: 'It is 0x and 64 digits of hex.',
  })
}
