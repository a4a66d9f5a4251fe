import { encodeAbiParameters, keccak256 } from 'viem'
import { SluiceError } from '../errors.js'
import type { Channel, Deployment, Hex } from '../types.js'

const words = [
  { type: 'uint256' },
  { type: 'address' },
  {
    type: 'tuple',
    components: [
      { name: 'payer', type: 'address' },
      { name: 'payee', type: 'address' },
      { name: 'operator', type: 'address' },
      { name: 'token', type: 'address' },
      { name: 'signer', type: 'address' },
      { name: 'grace', type: 'uint32' },
      { name: 'rate', type: 'uint96' },
      { name: 'burst', type: 'uint96' },
      { name: 'salt', type: 'bytes32' },
    ],
  },
] as const

/**
 * The id of a channel: `keccak256(abi.encode(chainId, contract, channel))`. Source: `docs/protocol.md`.
 *
 * @param parameters the deployment and the terms
 * @returns 32 bytes, lower case
 * @throws SluiceError `invalid-argument` when a field does not fit its width or is no address
 *
 * @example
 * ```ts
 * import { channelId, createChannel } from '@sluice/sdk/channel'
 *
 * const payer = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
 * const payee = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
 * const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
 * const channel = createChannel({ payer, payee, token, signer: payer })
 * const id = channelId({ chainId: 8453, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3', channel })
 * ```
 */
export function channelId(parameters: channelId.Parameters): channelId.ReturnType {
  const { chainId, contract, channel } = parameters
  try {
    return keccak256(encodeAbiParameters(words, [BigInt(chainId), contract, channel]))
  } catch (error) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The terms of this channel are not in the right form.',
      details: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}

export declare namespace channelId {
  type Parameters = Deployment & { readonly channel: Channel }
  type ReturnType = Hex
  type ErrorType = SluiceError
}
