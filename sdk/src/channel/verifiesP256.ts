import { call } from 'viem/actions'
import type { ChainClient } from '../chain/context.js'

/** Where chains check P-256 signatures (EIP-7951, RIP-7212): 160 bytes in, a one out when they are right. */
const precompile = '0x0000000000000000000000000000000000000100'

/** A digest, its signature and the key, made once and used for this question alone. */
const question = `0x${[
  'f00a15419b06d16f52784508adf26811b869decba94bfbe11a09d6687e5c5403',
  'a505a69bf7ca00b02b81df88e11679584740a26753aabce8927688e75e102ba1',
  '2ae7fec13c148ca1c9a15dc963ea53707d2d559543532335098938f7e5b56944',
  'e915df7dab48749e87c1be8720f3ef3cd56e80a2ead10f9c4b460b1aa3c4f374',
  'e7a3c83aa0e8d6ad1929c76b61c976beb84a91fb554f587bb466bdc993d34842',
].join('')}` as const

/**
 * Whether a chain checks P-256 signatures by itself, so that vouchers of a key that cannot leave its browser are cheap to
 * settle. Elsewhere the contract computes it, for several hundred thousand gas.
 *
 * @param client any viem client
 * @returns false also when the chain cannot be asked
 *
 * @example
 * ```ts
 * import { createPublicClient, http } from 'viem'
 * import { base } from 'viem/chains'
 * import { verifiesP256 } from '@sluice/sdk/channel'
 *
 * const client = createPublicClient({ chain: base, transport: http() })
 * const keyKind = (await verifiesP256(client)) ? 'p256' : 'secp256k1'
 * ```
 */
export async function verifiesP256(client: ChainClient): Promise<boolean> {
  try {
    const { data } = await call(client, { to: precompile, data: question })
    return data !== undefined && BigInt(data) === 1n
  } catch {
    return false
  }
}
