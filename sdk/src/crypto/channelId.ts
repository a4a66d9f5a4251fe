import type { Channel, Deployment, Hex } from '../types.js'
import type { SluiceCrypto } from './crypto.js'
import { hashWords, Words } from './words.js'

/**
 * The channel's id: `keccak256(abi.encode(chainId, contract, channel))`, as the contract computes it.
 *
 * @param crypto loaded cryptography
 * @param deployment chain and contract
 * @param channel the terms
 * @throws SluiceError `invalid-argument` when a term does not fit its type
 */
export function computeChannelId(
  crypto: Pick<SluiceCrypto, 'keccak256'>,
  deployment: Deployment,
  channel: Channel,
): Hex {
  const words = new Words(11)
  words.setNumber(0, deployment.chainId, Number.MAX_SAFE_INTEGER, 'chainId')
  words.setAddress(1, deployment.contract, 'contract')
  words.setAddress(2, channel.payer, 'payer')
  words.setAddress(3, channel.payee, 'payee')
  words.setAddress(4, channel.operator, 'operator')
  words.setAddress(5, channel.token, 'token')
  words.setAddress(6, channel.signer, 'signer')
  words.setNumber(7, channel.grace, 0xffff_ffff, 'grace')
  words.setUint96(8, channel.rate, 'rate')
  words.setUint96(9, channel.burst, 'burst')
  words.setBytes32(10, channel.salt, 'salt')
  return hashWords(crypto.keccak256, words)
}

/**
 * The EIP-3009 nonce that binds an authorization to one channel: `keccak256(abi.encode(channelId, salt))`.
 *
 * @param crypto loaded cryptography
 * @param channelId the channel that the authorization pays into
 * @param salt 32 bytes, new for each deposit
 * @throws SluiceError `invalid-argument` when either is not 32 bytes
 */
export function computeAuthorizationNonce(
  crypto: Pick<SluiceCrypto, 'keccak256'>,
  channelId: Hex,
  salt: Hex,
): Hex {
  const words = new Words(2)
  words.setBytes32(0, channelId, 'channelId')
  words.setBytes32(1, salt, 'salt')
  return hashWords(crypto.keccak256, words)
}
