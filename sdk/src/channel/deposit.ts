import { parseEventLogs } from 'viem'
import { streamChannelsEvents } from '../abi/streamChannelsEvents.js'
import { SluiceError } from '../errors.js'
import type { Address, Channel, Hex } from '../types.js'
import type { ContractCall } from '../chain/call.js'
import { checkAmount, checkTerms } from './checkTerms.js'
import type { ChainClient } from '../chain/context.js'
import type { FundingMethod } from '../payment/choose.js'
import { pay } from '../payment/pay.js'
import { isSame } from '../payment/prepare.js'
import { plainDeposit } from './plainDeposit.js'
import { prepareDeposit, type FundingParameters, type PreparedDeposit } from './prepareDeposit.js'

/**
 * Opens a channel, or tops an open one up, in the way that costs the person the fewest prompts: a batch (EIP-5792), a
 * signature (EIP-3009, EIP-2612, Permit2), an allowance that is there already, or an approval first. Everything that
 * would make it fail is checked before the first prompt.
 *
 * @param client a wallet client
 * @param parameters the terms, the amount in base units, and how to pay
 * @returns the channel's id, the transaction and the new total in base units
 * @throws SluiceError `wrong-chain`, `insufficient-token`, `insufficient-gas`, `wrong-token`, `channel-closed`,
 * `close-pending`, `permit-expired`, `invalid-argument`, `wallet-rejected`, `wallet-pending`, `wallet-disconnected`,
 * `rpc-unreachable`; `TransactionUnknownError` once something was sent
 *
 * @example
 * ```ts
 * import { createWalletClient, custom, type Address, type EIP1193Provider } from 'viem'
 * import { base } from 'viem/chains'
 * import { createChannel, deposit } from '@sluice/sdk/channel'
 *
 * async function open(provider: EIP1193Provider, payer: Address, payee: Address, token: Address) {
 *   const wallet = createWalletClient({ account: payer, chain: base, transport: custom(provider) })
 *   const channel = createChannel({ payer, payee, token, signer: payer })
 *   return deposit(wallet, { channel, amount: 5_000_000n, onStep: ({ index, of }) => console.log(index, of) })
 * }
 * ```
 */
export async function deposit(
  client: ChainClient,
  parameters: deposit.Parameters,
): Promise<deposit.ReturnType> {
  return await fund(client, parameters, await prepareDeposit(client, parameters))
}

export declare namespace deposit {
  type Parameters = FundingParameters
  type ReturnType = {
    readonly channelId: Hex
    readonly hash: Hex
    readonly blockNumber: bigint
    readonly method: FundingMethod
    /** Base units of this deposit. */
    readonly amount: bigint
    /** Base units ever deposited, as of `blockNumber`. */
    readonly deposited: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Builds the call of {@link deposit} from an allowance or with the native coin, for batching or another sender.
 *
 * @param parameters the contract, the terms and the amount in base units
 * @throws SluiceError `invalid-argument`
 *
 * @example
 * ```ts
 * import type { Channel } from '@sluice/sdk'
 * import { depositCall } from '@sluice/sdk/channel'
 *
 * const calldata = (contract: `0x${string}`, channel: Channel) =>
 *   depositCall({ contract, channel, amount: 5_000_000n }).data
 * ```
 */
export function depositCall(parameters: depositCall.Parameters): ContractCall {
  const { contract, channel, amount } = parameters
  checkTerms(channel)
  checkAmount(amount)
  return plainDeposit(contract, channel, amount)
}

export declare namespace depositCall {
  type Parameters = {
    readonly contract: Address
    readonly channel: Channel
    /** Base units. */
    readonly amount: bigint
  }
  type ErrorType = SluiceError
}

/**
 * Carries out a prepared deposit and reads what came of it.
 *
 * @param client a wallet client
 * @param parameters the deposit
 * @param prepared how it is paid for
 */
export async function fund(
  client: ChainClient,
  parameters: FundingParameters,
  { channelId, payable, payment }: PreparedDeposit,
): Promise<deposit.ReturnType> {
  const { amount } = parameters
  const { contract } = payable.deployment
  const { hash, blockNumber, logs, method } = await pay(client, payable, payment, parameters)
  const events = parseEventLogs({
    abi: streamChannelsEvents,
    eventName: ['ChannelOpened', 'ChannelDeposited'],
    logs: logs.filter((log) => isSame(log.address, contract)),
  })
  const event = events.find(({ args }) => args.channelId === channelId)
  if (event === undefined) {
    throw new SluiceError({
      code: 'internal',
      message: 'The payment was mined, but the channel does not show it.',
      details: `transaction ${hash} has no deposit event of channel ${channelId} from ${contract}`,
    })
  }
  return { channelId, hash, blockNumber, method, amount, deposited: event.args.deposited }
}
