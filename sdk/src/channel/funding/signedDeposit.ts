import { bytesToHex, encodeAbiParameters, keccak256 } from 'viem'
import { signTypedData } from 'viem/actions'
import { platformRandom } from '../../crypto/loadCrypto.js'
import type { Hex } from '../../types.js'
import { streamChannelsCall, type ContractCall } from '../call.js'
import { chainNameOf, type ChainClient } from '../context.js'
import { toSluiceError } from '../toSluiceError.js'
import type { FundingParameters, PreparedDeposit } from './prepare.js'
import { authorizationTypedData, permit2TypedData, permitTypedData } from './typedData.js'

/**
 * Asks the payer for the signature that pays for a deposit and builds the call that uses it.
 *
 * @param client a wallet client
 * @param parameters the deposit
 * @param prepared by EIP-3009, EIP-2612 or Permit2
 */
export async function signedDeposit(
  client: ChainClient,
  parameters: FundingParameters,
  prepared: PreparedDeposit,
): Promise<ContractCall> {
  const { channel, amount, random = platformRandom } = parameters
  const { account, channelId, deadline, deployment, support, token } = prepared
  const { contract } = deployment
  const sign = async (data: Parameters<typeof signTypedData>[1]) =>
    canonicalV(
      await signTypedData(client, data).catch(async (error: unknown) => {
        throw await toSluiceError(error, { chainName: chainNameOf(client) })
      }),
    )

  if (prepared.method === 'authorization' && support.authorization !== undefined) {
    const salt = bytesToHex(random(32))
    const nonce = authorizationNonce(channelId, salt)
    const terms = {
      from: account.address,
      to: contract,
      value: amount,
      validAfter: 0n,
      validBefore: deadline,
      nonce,
    }
    const signature = await sign({ account, ...authorizationTypedData(support.authorization.domain, terms) })
    return streamChannelsCall(contract, 'depositWithAuthorization', [
      channel,
      amount,
      0n,
      deadline,
      salt,
      signature,
    ])
  }
  if (prepared.method === 'permit' && support.permit !== undefined) {
    const { domain, nonce } = support.permit
    const terms = { owner: account.address, spender: contract, value: amount, nonce, deadline }
    const signature = await sign({ account, ...permitTypedData(domain, terms) })
    return streamChannelsCall(contract, 'depositWithPermit', [channel, amount, deadline, signature])
  }
  const nonce = BigInt(bytesToHex(random(32)))
  const permitted = { token: token.address, amount }
  const terms = { permitted, spender: contract, nonce, deadline, witness: { channelId } }
  const signature = await sign({ account, ...permit2TypedData(deployment.chainId, terms) })
  return streamChannelsCall(contract, 'depositWithPermit2', [channel, amount, nonce, deadline, signature])
}

/**
 * The EIP-3009 nonce that binds an authorization to a channel: `keccak256(abi.encode(channelId, salt))`.
 *
 * @param channelId the channel's
 * @param salt 32 bytes that distinguish several authorizations for one channel
 */
export function authorizationNonce(channelId: Hex, salt: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [channelId, salt]))
}

/** Hardware wallets end a signature with 0 or 1 where tokens want 27 or 28. */
function canonicalV(signature: Hex): Hex {
  const v = signature.length === 132 ? Number.parseInt(signature.slice(-2), 16) : 27
  return v > 1 ? signature : `0x${signature.slice(2, -2)}${(v + 27).toString(16)}`
}
