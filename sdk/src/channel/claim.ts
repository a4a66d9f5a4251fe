import { parseEventLogs } from 'viem'
import { streamChannelsEvents } from '../abi/streamChannelsEvents.js'
import type { SluiceCrypto } from '../crypto/crypto.js'
import { createDigests } from '../crypto/digests.js'
import { loadCrypto } from '../crypto/loadCrypto.js'
import { normalizeForChain } from '../crypto/normalize.js'
import type { SluiceError } from '../errors.js'
import type { Address, Channel, Hex, Voucher } from '../types.js'
import type { ContractCall } from '../chain/call.js'
import { streamChannelsCall } from './call.js'
import { channelId } from './channelId.js'
import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { streamChannels } from './product.js'
import { readState } from './getChannel.js'
import { transact, type WriteParameters } from '../chain/transact.js'

/** A voucher with the terms of its channel. */
export type Claimable = {
  readonly channel: Channel
  readonly voucher: Pick<Voucher, 'cumulativeAmount' | 'signature'>
}

/**
 * Turns vouchers into money: one transaction for each payee, operator and token, in batches. Vouchers that grant
 * nothing new are left out; one that cannot be paid stops its batch with an error that names its channel.
 *
 * @param client a wallet client of anyone
 * @param parameters the vouchers, at most one for each channel
 * @returns the transactions with what each newly paid in base units, and the channels that were left out
 * @throws SluiceError `amount-exceeds-deposit`, `amount-exceeds-rate`, `invalid-signature`, `channel-not-open`,
 * `channel-closed`, and wallet errors. Batches before the failing one have been paid.
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import type { Channel, Voucher } from '@sluice/sdk'
 * import { claim } from '@sluice/sdk/channel'
 *
 * async function settle(wallet: WalletClient, channel: Channel, voucher: Voucher) {
 *   const { transactions } = await claim(wallet, { claims: [{ channel, voucher }] })
 *   return transactions.map(({ hash, paid }) => `${hash}: ${paid}`)
 * }
 * ```
 */
export async function claim(client: ChainClient, parameters: claim.Parameters): Promise<claim.ReturnType> {
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, streamChannels)
  const crypto = parameters.crypto ?? (await loadCrypto())
  const digests = createDigests(crypto, deployment)
  const known = await Promise.all(
    parameters.claims.map(async ({ channel, voucher }) => {
      const id = channelId({ ...deployment, channel })
      const { claimed } = await readState(client, deployment, id)
      const { cumulativeAmount } = voucher
      const digest = digests.voucher(id, cumulativeAmount)
      const signature = normalizeForChain(crypto, digest, voucher.signature, channel.signer)
      return { id, claimed, channel, voucher: { cumulativeAmount, signature } }
    }),
  )
  const due = known.filter(({ claimed, voucher }) => voucher.cumulativeAmount > claimed)
  const skipped = known.filter((each) => !due.includes(each)).map(({ id }) => id)
  const transactions: claim.Transaction[] = []
  for (const group of grouped(due, parameters.maxClaims ?? 100)) {
    const { payee, operator, token, claims } = group
    const request = claimCall({ contract: deployment.contract, ...group })
    const { hash, blockNumber, logs } = await transact(client, account, request, streamChannels, parameters)
    const events = parseEventLogs({ abi: streamChannelsEvents, eventName: 'ChannelClaimed', logs: [...logs] })
    const paid = claims.reduce((sum, { id, claimed }) => {
      const event = events.find(({ args }) => args.channelId === id)
      return event === undefined ? sum : sum + event.args.claimed - claimed
    }, 0n)
    transactions.push({
      payee,
      operator,
      token,
      hash,
      blockNumber,
      channelIds: claims.map(({ id }) => id),
      paid,
    })
  }
  return { transactions, skipped }
}

export declare namespace claim {
  type Parameters = WriteParameters & {
    readonly claims: readonly Claimable[]
    /** Vouchers in one transaction at most; default 100. */
    readonly maxClaims?: number | undefined
    /** Loaded cryptography, to bring signatures into the contract's form; default: the portable one. */
    readonly crypto?: SluiceCrypto | undefined
  }
  type Transaction = {
    readonly payee: Address
    readonly operator: Address
    readonly token: Address
    readonly hash: Hex
    readonly blockNumber: bigint
    readonly channelIds: readonly Hex[]
    /** Base units beyond what was claimed when the batch was put together. */
    readonly paid: bigint
  }
  type ReturnType = {
    readonly transactions: readonly Transaction[]
    /** Channels whose voucher grants nothing new. */
    readonly skipped: readonly Hex[]
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link claim} for vouchers of one payee, operator and token. Signatures go in as they are: with the
 * right `v`, or as 64 bytes.
 *
 * @param parameters the contract, what the channels share, and the vouchers
 *
 * @example
 * ```ts
 * import type { Channel, Voucher } from '@sluice/sdk'
 * import { claimCall } from '@sluice/sdk/channel'
 *
 * function calldata(contract: `0x${string}`, channel: Channel, voucher: Voucher) {
 *   const { payee, operator, token } = channel
 *   return claimCall({ contract, payee, operator, token, claims: [{ channel, voucher }] }).data
 * }
 * ```
 */
export function claimCall(parameters: claimCall.Parameters): ContractCall {
  const { contract, payee, operator, token, claims } = parameters
  const items = claims.map(({ channel, voucher }) => ({
    payer: channel.payer,
    signer: channel.signer,
    grace: channel.grace,
    rate: channel.rate,
    burst: channel.burst,
    salt: channel.salt,
    cumulativeAmount: voucher.cumulativeAmount,
    signature: voucher.signature,
  }))
  return streamChannelsCall(contract, 'claim', [payee, operator, token, items])
}

export declare namespace claimCall {
  type Parameters = {
    readonly contract: Address
    readonly payee: Address
    readonly operator: Address
    readonly token: Address
    readonly claims: readonly Claimable[]
  }
}

/**
 * Builds the calls of {@link claim} for vouchers of any payees: one for each payee, operator and token.
 *
 * @param parameters the contract, the vouchers, and how many go into one call at most (default 100)
 *
 * @example
 * ```ts
 * import { claimCalls, type Claimable } from '@sluice/sdk/channel'
 *
 * const payloads = (contract: `0x${string}`, claims: readonly Claimable[]) =>
 *   claimCalls({ contract, claims }).map(({ data }) => data)
 * ```
 */
export function claimCalls(parameters: claimCalls.Parameters): readonly ContractCall[] {
  const { contract, claims, maxClaims = 100 } = parameters
  return grouped(claims, maxClaims).map((group) => claimCall({ contract, ...group }))
}

export declare namespace claimCalls {
  type Parameters = {
    readonly contract: Address
    readonly claims: readonly Claimable[]
    readonly maxClaims?: number | undefined
  }
}

type Group<claimable extends Claimable> = Pick<Channel, 'payee' | 'operator' | 'token'> & {
  readonly claims: readonly claimable[]
}

function grouped<claimable extends Claimable>(
  claims: readonly claimable[],
  maxClaims: number,
): readonly Group<claimable>[] {
  const groups = new Map<string, claimable[]>()
  for (const claimable of claims) {
    const { payee, operator, token } = claimable.channel
    const key = `${payee}${operator}${token}`.toLowerCase()
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [claimable])
    else members.push(claimable)
  }
  return [...groups.values()].flatMap((members) =>
    Array.from({ length: Math.ceil(members.length / maxClaims) }, (_, index) => {
      const part = members.slice(index * maxClaims, (index + 1) * maxClaims)
      return { ...shared(members), claims: part }
    }),
  )
}

function shared(members: readonly Claimable[]): Pick<Channel, 'payee' | 'operator' | 'token'> {
  const channel = members[0]?.channel
  if (channel === undefined) throw new RangeError('a group has at least one member')
  const { payee, operator, token } = channel
  return { payee, operator, token }
}
