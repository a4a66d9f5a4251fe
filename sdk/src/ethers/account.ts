import { getBytes, toUtf8Bytes, Transaction, type Signer, type TypedDataField } from 'ethers'
import { serializeTransaction, type LocalAccount, type SignableMessage, type TypedDataDomain } from 'viem'
import { toAccount } from 'viem/accounts'
import { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import { asInWallets } from './errors.js'

/**
 * A viem account that signs through an ethers v6 signer: messages, typed data (vouchers and receipts among them) and,
 * where the signer can, transactions. A signer of a browser wallet cannot sign a transaction without sending it: use
 * `fromEthersSigner` there.
 *
 * @param signer any ethers v6 signer
 * @throws whatever the signer throws; a rejection carries code 4001, as from a wallet
 *
 * @example
 * ```ts
 * import { Wallet } from 'ethers'
 * import { ethersAccount } from '@sluice/sdk/ethers'
 *
 * const account = await ethersAccount(Wallet.createRandom())
 * const signature = await account.signMessage({ message: 'hello' })
 * ```
 */
export async function ethersAccount(signer: Signer): Promise<LocalAccount> {
  return toAccount({
    address: toHex(await signer.getAddress()),
    signMessage: async ({ message }) => toHex(await asInWallets(signer.signMessage(bytesOf(message)))),
    signTypedData: async (definition) => await signTypedData(signer, typedDataOf(definition)),
    signTransaction: async (transaction, options) => {
      const serialize = options?.serializer ?? serializeTransaction
      // ethers reads the unsigned bytes back, so that both libraries agree on what is signed.
      const unsigned = Transaction.from(await serialize(transaction))
      return toHex(await asInWallets(signer.signTransaction(unsigned)))
    },
  })
}

/** EIP-712 data as viem and wallets pass it. */
export type TypedData = {
  readonly domain: TypedDataDomain
  readonly types: Readonly<Record<string, unknown>>
  readonly message: Readonly<Record<string, unknown>>
}

/**
 * Signs EIP-712 data through an ethers signer.
 *
 * @param signer any ethers v6 signer
 * @param data domain, types (with or without `EIP712Domain`) and message
 */
export async function signTypedData(signer: Signer, data: TypedData): Promise<Hex> {
  const fields: Record<string, TypedDataField[]> = {}
  for (const [name, members] of Object.entries(data.types)) {
    // ethers works the domain's type out by itself and refuses to be told.
    if (name !== 'EIP712Domain') fields[name] = fieldsOf(name, members)
  }
  const { name, version, chainId, verifyingContract, salt } = data.domain
  const domain = {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(verifyingContract === undefined ? {} : { verifyingContract }),
    ...(salt === undefined ? {} : { salt }),
  }
  return toHex(await asInWallets(signer.signTypedData(domain, fields, data.message)))
}

/**
 * Reads EIP-712 data that came as a value or as JSON.
 *
 * @param value what a wallet would be given
 * @throws SluiceError `invalid-argument` when it is something else
 */
export function typedDataOf(value: unknown): TypedData {
  const data: unknown = typeof value === 'string' ? JSON.parse(value) : value
  if (typeof data === 'object' && data !== null && 'types' in data && 'message' in data) {
    return { domain: {}, ...data } as TypedData
  }
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'This cannot be signed.',
    details: 'expected typed data with domain, types and message',
  })
}

function fieldsOf(struct: string, members: unknown): TypedDataField[] {
  const fields: readonly unknown[] = Array.isArray(members) ? members : []
  return fields.map((field) => {
    if (typeof field === 'object' && field !== null && 'name' in field && 'type' in field) {
      return { name: String(field.name), type: String(field.type) }
    }
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'This cannot be signed.',
      details: `type ${struct}: expected a list of { name, type }`,
    })
  })
}

function bytesOf(message: SignableMessage): Uint8Array {
  if (typeof message === 'string') return toUtf8Bytes(message)
  return getBytes(message.raw)
}

/**
 * A hex string that ethers made, with the prefix in its type.
 *
 * @param text `0x` and hex digits
 */
export function toHex(text: string): Hex {
  return `0x${text.slice(2)}`
}
