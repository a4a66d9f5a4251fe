import type { WalletClient } from 'viem'
import { getBlock } from 'viem/actions'
import { getChannel } from '../channel/getChannel.js'
import { requestClose } from '../channel/requestClose.js'
import { withdraw } from '../channel/withdraw.js'
import type { Address, Channel, Hex } from '../types.js'

/** Where "get my money back" stands; call again to go on, also after a reload: the chain keeps the state. */
export type MoneyBack =
  /** Asked for; from second `withdrawableAt` on the next call brings the money. */
  | { readonly status: 'waiting'; readonly withdrawableAt: number; readonly transaction: Hex | undefined }
  /** `refunded` base units came back; undefined transaction: the channel had ended before. */
  | { readonly status: 'done'; readonly refunded: bigint; readonly transaction: Hex | undefined }

/**
 * Gets what is left of a channel back without the payee: asks the chain to close, and once the grace period is over,
 * withdraws. Each call does the next step that is possible.
 *
 * @param wallet of the payer
 * @param parameters the contract and the channel's terms
 * @throws SluiceError of the wallet or the chain; nothing is lost, the call can be repeated
 */
export async function moneyBack(
  wallet: WalletClient,
  parameters: { readonly contract: Address; readonly channel: Channel },
): Promise<MoneyBack> {
  const state = await getChannel(wallet, parameters)
  if (state.closed)
    return { status: 'done', refunded: state.deposited - state.claimed, transaction: undefined }
  if (state.withdrawableAt === undefined) {
    const { withdrawableAt, hash } = await requestClose(wallet, parameters)
    return { status: 'waiting', withdrawableAt, transaction: hash }
  }
  const { timestamp } = await getBlock(wallet)
  if (timestamp < BigInt(state.withdrawableAt)) {
    return { status: 'waiting', withdrawableAt: state.withdrawableAt, transaction: undefined }
  }
  const { refunded, hash } = await withdraw(wallet, parameters)
  return { status: 'done', refunded, transaction: hash }
}
