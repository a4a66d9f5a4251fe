import { parseEventLogs, type WalletClient } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import { streamChannelsEvents } from '../abi/streamChannelsEvents.js'
import { close } from '../channel/close.js'
import { getChannel } from '../channel/getChannel.js'
import type { SluiceCrypto } from '../crypto/crypto.js'
import type { Clock, PayerRecord } from '../session/ports.js'
import type { Hex } from '../types.js'
import type { Consent } from './stream.js'

/** How a channel ended, from its event on the chain. Amounts are base units. */
export type Ended = {
  readonly captured: bigint
  readonly refunded: bigint
  readonly transaction: Hex
}

export type FinishParameters = {
  readonly wallet: WalletClient
  readonly crypto: SluiceCrypto
  readonly clock: Clock
  readonly record: PayerRecord
  readonly consent: Consent
  /** How long the payee may take to close before the payer does it itself, milliseconds. */
  readonly patienceMs: number
}

const pollMs = 500

/** Blocks searched for the closing event before the present one: the payee may have been quicker than its message. */
const lookBack = 64n

/**
 * Sees a channel end on the chain: waits for the payee to close it, which costs the payer nothing, and after
 * `patienceMs` closes it with the payee's consent.
 *
 * @param parameters the channel, the consent and who pays if need be
 * @throws SluiceError when the payer's own close fails
 */
export async function finishChannel(parameters: FinishParameters): Promise<Ended> {
  const { wallet, clock, record, patienceMs } = parameters
  const head = await getBlockNumber(wallet)
  const from = head > lookBack ? head - lookBack : 0n
  const until = clock.now() + patienceMs
  do {
    const ended = await findEnd(wallet, record, from)
    if (ended !== undefined) return ended
    await pause(clock, pollMs)
  } while (clock.now() < until)
  return (await findEnd(wallet, record, from)) ?? closeOneself(parameters)
}

async function closeOneself(parameters: FinishParameters): Promise<Ended> {
  const { wallet, crypto, record, consent } = parameters
  const { captured, refunded, hash } = await close(wallet, {
    contract: record.contract,
    channel: record.channel,
    cumulativeAmount: record.signed,
    capturedAmount: consent.capturedAmount,
    voucherSignature: record.signature,
    payeeSignature: consent.payeeSignature,
    crypto,
  })
  return { captured, refunded, transaction: hash }
}

async function findEnd(wallet: WalletClient, record: PayerRecord, from: bigint): Promise<Ended | undefined> {
  const { contract, channelId } = record
  const { closed } = await getChannel(wallet, { contract, channelId })
  if (!closed) return undefined
  const logs = await getLogs(wallet, { address: contract, fromBlock: from, toBlock: 'latest' })
  const [event] = parseEventLogs({
    abi: streamChannelsEvents,
    eventName: 'ChannelClosed',
    logs,
    args: { channelId },
  })
  if (event === undefined) return undefined
  const { captured, refunded } = event.args
  return { captured, refunded, transaction: event.transactionHash }
}

function pause(clock: Clock, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(afterMs, resolve)
  })
}
