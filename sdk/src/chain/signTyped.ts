import type { Account } from 'viem'
import { signTypedData } from 'viem/actions'
import type { Hex } from '../types.js'
import { contextOf, type ChainClient } from './context.js'
import type { Product } from './product.js'
import { toSluiceError } from './toSluiceError.js'

type TypedData = Omit<Parameters<typeof signTypedData>[1], 'account'>

/**
 * Asks an account for a signature that contracts read.
 *
 * @param client a wallet client
 * @param account who signs
 * @param data as EIP-712 has it
 * @param product what it is for
 * @throws SluiceError what the wallet answered instead
 */
export async function signTyped(
  client: ChainClient,
  account: Account,
  data: TypedData,
  product: Product,
): Promise<Hex> {
  const request = { ...data, account } as Parameters<typeof signTypedData>[1]
  return canonicalV(
    await signTypedData(client, request).catch(async (error: unknown) => {
      throw await toSluiceError(error, contextOf(client, product))
    }),
  )
}

/** Hardware wallets end a signature with 0 or 1 where contracts want 27 or 28. */
function canonicalV(signature: Hex): Hex {
  const v = signature.length === 132 ? Number.parseInt(signature.slice(-2), 16) : 27
  return v > 1 ? signature : `0x${signature.slice(2, -2)}${(v + 27).toString(16)}`
}
