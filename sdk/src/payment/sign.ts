import { bytesToHex, encodeAbiParameters, keccak256, type Account } from 'viem'
import type { ChainClient } from '../chain/context.js'
import { signTyped } from '../chain/signTyped.js'
import type { RandomBytes } from '../crypto/crypto.js'
import { platformRandom } from '../crypto/loadCrypto.js'
import type { Hex } from '../types.js'
import type { Payable } from './payable.js'
import type { SignedPayment } from './signedPayment.js'
import type { SignatureSupport } from './support.js'
import { authorizationTypedData, permit2TypedData, permitTypedData } from './typedData.js'

/** How to sign. */
export type SigningParameters = {
  readonly account: Account
  readonly method: SignedPayment['method']
  readonly support: SignatureSupport
  /** Second at which the signature expires. */
  readonly deadline: bigint
  /** For the nonces of EIP-3009 and Permit2; default: the platform's. */
  readonly random?: RandomBytes | undefined
}

/**
 * Asks for the signature that pays.
 *
 * @param client a wallet client
 * @param payable what is to be paid
 * @param parameters who signs, by which method, until when
 */
export async function signPayment(
  client: ChainClient,
  payable: Payable,
  parameters: SigningParameters,
): Promise<SignedPayment> {
  const { account, method, support, deadline, random = platformRandom } = parameters
  const { amount, purpose, token } = payable
  const { chainId, contract } = payable.deployment
  const from = account.address
  const sign = (data: Parameters<typeof signTyped>[2]) => signTyped(client, account, data, payable.product)

  if (method === 'authorization' && support.authorization !== undefined) {
    const salt = bytesToHex(random(32))
    const validity = { validAfter: 0n, validBefore: deadline }
    const terms = { from, to: contract, value: amount, ...validity, nonce: authorizationNonce(purpose, salt) }
    const signature = await sign(authorizationTypedData(support.authorization.domain, terms))
    return { method, from, ...validity, salt, signature }
  }
  if (method === 'permit' && support.permit !== undefined) {
    const { domain, nonce } = support.permit
    const terms = { owner: from, spender: contract, value: amount, nonce, deadline }
    return { method, deadline, signature: await sign(permitTypedData(domain, terms)) }
  }
  const nonce = BigInt(bytesToHex(random(32)))
  const terms = { permitted: { token, amount }, spender: contract, nonce, deadline }
  const data = permit2TypedData(chainId, terms, payable.witness, purpose)
  return { method: 'permit2', from, nonce, deadline, signature: await sign(data) }
}

/**
 * The EIP-3009 nonce that binds an authorization to what it pays for: `keccak256(abi.encode(purpose, salt))`.
 *
 * @param purpose the hash of it, such as a channel's id
 * @param salt 32 bytes that distinguish several authorizations for one purpose
 */
export function authorizationNonce(purpose: Hex, salt: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [purpose, salt]))
}
