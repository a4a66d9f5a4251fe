import type { SluiceCrypto } from '../crypto/crypto.js'
import { createDigests } from '../crypto/digests.js'
import { loadCrypto } from '../crypto/loadCrypto.js'
import { normalizeForChain } from '../crypto/normalize.js'
import { SluiceError } from '../errors.js'
import { zeroAddress, type Address, type Channel, type Deployment, type Hex } from '../types.js'
import type { ContractCall } from '../chain/call.js'
import { streamChannelsCall } from './call.js'
import { closedBy, type ClosedChannel } from './closedEvent.js'
import { resolveAccount, type ChainClient } from '../chain/context.js'
import { requireOpen } from './openChannel.js'
import { transact, type WriteParameters } from '../chain/transact.js'
import { streamChannels } from './product.js'

/**
 * Ends a channel with the payee's consent: pays the payee up to `capturedAmount` in all and refunds the rest at once.
 * The payee and its operator need no `payeeSignature`; anyone else submits with it.
 *
 * @param client a wallet client
 * @param parameters the terms, the voucher, what is captured of it, and the payee's consent
 * @returns how the channel ended, base units
 * @throws SluiceError `amount-exceeds-deposit`, `amount-exceeds-rate`, `invalid-signature`, `invalid-argument` when more
 * is captured than the voucher grants, `channel-not-open`, `channel-closed`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import type { Channel, Voucher } from '@sluice/sdk'
 * import { close } from '@sluice/sdk/channel'
 *
 * async function settle(wallet: WalletClient, channel: Channel, voucher: Voucher) {
 *   const { cumulativeAmount, signature: voucherSignature } = voucher
 *   return close(wallet, { channel, cumulativeAmount, capturedAmount: cumulativeAmount, voucherSignature })
 * }
 * ```
 */
export async function close(client: ChainClient, parameters: close.Parameters): Promise<close.ReturnType> {
  const account = resolveAccount(client, parameters)
  const { channelId, deployment, state } = await requireOpen(client, parameters)
  const { channel, cumulativeAmount, capturedAmount } = parameters
  if (capturedAmount > state.deposited) {
    throw new SluiceError({
      code: 'amount-exceeds-deposit',
      message: 'More was asked for than the channel holds.',
      details: `channel ${channelId}: captured ${capturedAmount}, deposited ${state.deposited}`,
      action: 'resync',
    })
  }
  const crypto = parameters.crypto ?? (await loadCrypto())
  const request = closeCall({
    contract: deployment.contract,
    channel,
    cumulativeAmount,
    capturedAmount,
    ...normalized(crypto, deployment, channelId, parameters),
  })
  return closedBy(channelId, await transact(client, account, request, streamChannels, parameters))
}

export declare namespace close {
  type Parameters = WriteParameters & {
    readonly channel: Channel
    /** Base units the voucher grants. */
    readonly cumulativeAmount: bigint
    /** Base units the payee takes in all, at most `cumulativeAmount`. */
    readonly capturedAmount: bigint
    /** The voucher's signature; needed when more is captured than was claimed before. */
    readonly voucherSignature?: Hex | undefined
    /** The payee's or operator's `Close(channelId, capturedAmount)`; needed unless one of them sends. */
    readonly payeeSignature?: Hex | undefined
    /** Loaded cryptography, to bring signatures into the contract's form; default: the portable one. */
    readonly crypto?: SluiceCrypto | undefined
  }
  type ReturnType = ClosedChannel
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link close}. Signatures go in as they are: with the right `v`, or as 64 bytes.
 *
 * @param parameters the contract, the terms, both amounts in base units and both signatures
 *
 * @example
 * ```ts
 * import type { Channel } from '@sluice/sdk'
 * import { closeCall } from '@sluice/sdk/channel'
 *
 * const refundAll = (contract: `0x${string}`, channel: Channel) =>
 *   closeCall({ contract, channel, cumulativeAmount: 0n, capturedAmount: 0n })
 * ```
 */
export function closeCall(parameters: closeCall.Parameters): ContractCall {
  const { contract, channel, cumulativeAmount, capturedAmount } = parameters
  const { voucherSignature = '0x', payeeSignature = '0x' } = parameters
  return streamChannelsCall(contract, 'close', [
    channel,
    cumulativeAmount,
    capturedAmount,
    voucherSignature,
    payeeSignature,
  ])
}

export declare namespace closeCall {
  type Parameters = Pick<
    close.Parameters,
    'channel' | 'cumulativeAmount' | 'capturedAmount' | 'voucherSignature' | 'payeeSignature'
  > & { readonly contract: Address }
}

function normalized(
  crypto: SluiceCrypto,
  deployment: Deployment,
  channelId: Hex,
  parameters: close.Parameters,
): Pick<closeCall.Parameters, 'voucherSignature' | 'payeeSignature'> {
  const { channel, cumulativeAmount, capturedAmount, voucherSignature, payeeSignature } = parameters
  const digests = createDigests(crypto, deployment)
  const voucherDigest = digests.voucher(channelId, cumulativeAmount)
  const closeDigest = digests.close(channelId, capturedAmount)
  const consent = (signature: Hex) => {
    const byPayee = normalizeForChain(crypto, closeDigest, signature, channel.payee)
    if (channel.operator === zeroAddress) return byPayee
    return normalizeForChain(crypto, closeDigest, byPayee, channel.operator)
  }
  return {
    voucherSignature:
      voucherSignature && normalizeForChain(crypto, voucherDigest, voucherSignature, channel.signer),
    payeeSignature: payeeSignature && consent(payeeSignature),
  }
}
