import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import type { WriteParameters } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { Payable } from '../payment/payable.js'
import { isSame, preparePayment, type PaymentParameters, type PreparedPayment } from '../payment/prepare.js'
import type { Address, Channel, ChannelState, Deployment, Hex } from '../types.js'
import { channelId } from './channelId.js'
import { checkAmount, checkTerms } from './checkTerms.js'
import { readState } from './getChannel.js'
import { maximumAmount } from './limits.js'
import { plainDeposit } from './plainDeposit.js'
import { streamChannels } from './product.js'

/** What `deposit`, `topUp` and `planDeposit` take. */
export type FundingParameters = WriteParameters &
  PaymentParameters & {
    /** The terms. */
    readonly channel: Channel
    /** Base units. */
    readonly amount: bigint
  }

/** Something the person should know before the first prompt; no reason to stop. */
export type FundingWarning = {
  /** `refund-to-other`: not the account, but the channel's payer gets refunds; `no-rate-bound`: another key can sign
   * away the whole deposit at once. */
  readonly code: 'refund-to-other' | 'no-rate-bound'
  readonly message: string
}

/** A deposit that was checked and can be carried out. */
export type PreparedDeposit = {
  readonly channelId: Hex
  readonly state: ChannelState
  readonly payable: Payable
  readonly payment: PreparedPayment
  readonly warnings: readonly FundingWarning[]
}

/**
 * Checks everything that can be checked without asking the person and chooses the best way to pay.
 *
 * @param client a wallet client
 * @param parameters the deposit
 * @throws SluiceError for whatever would make the deposit fail
 */
export async function prepareDeposit(
  client: ChainClient,
  parameters: FundingParameters,
): Promise<PreparedDeposit> {
  const { channel, amount } = parameters
  const account = resolveAccount(client, parameters)
  checkTerms(channel)
  checkAmount(amount)
  const deployment = await resolveDeployment(client, parameters, streamChannels)
  const id = channelId({ ...deployment, channel })
  const state = await readState(client, deployment, id)
  checkState(id, channel, state, amount)
  const payable = payableOf(deployment, id, channel, amount)
  const payment = await preparePayment(client, account, payable, parameters)
  return { channelId: id, state, payable, payment, warnings: warningsFor(channel, account.address) }
}

function payableOf(deployment: Deployment, id: Hex, channel: Channel, amount: bigint): Payable {
  return {
    product: streamChannels,
    deployment,
    token: channel.token,
    amount,
    payer: channel.payer,
    purpose: id,
    witness: { type: 'ChannelWitness', field: 'channelId' },
    verb: 'deposit',
    plain: plainDeposit(deployment.contract, channel, amount),
    signed: async (payment) =>
      (await import('./signedDeposit.js')).signedDeposit(deployment.contract, channel, amount, payment),
  }
}

function checkState(id: Hex, { grace }: Channel, state: ChannelState, amount: bigint): void {
  if (state.closed) {
    throw new SluiceError({
      code: 'channel-closed',
      message: 'This channel is closed.',
      details: `channel ${id} has ended; the same terms can never be opened again, so use another salt`,
    })
  }
  if (state.closeRequestedAt !== 0) {
    throw new SluiceError({
      code: 'close-pending',
      message: 'This channel is being closed.',
      details: `channel ${id}: asked at ${state.closeRequestedAt}, withdrawable at ${state.closeRequestedAt + grace}`,
      action: 'wait',
    })
  }
  if (state.deposited + amount > maximumAmount) {
    throw new SluiceError({
      code: 'invalid-argument',
      message: 'The amount is more than a channel can hold.',
      details: `channel ${id}: ${state.deposited} deposited and ${amount} more, at most ${maximumAmount}`,
    })
  }
}

function warningsFor(channel: Channel, account: Address): readonly FundingWarning[] {
  const warnings: FundingWarning[] = []
  if (!isSame(account, channel.payer)) {
    const message = `What is left will go to ${channel.payer}, not to you.`
    warnings.push({ code: 'refund-to-other', message })
  }
  if (channel.rate === 0n && !isSame(channel.signer, channel.payer)) {
    const message = 'Whoever gets hold of the session key could spend the whole deposit at once.'
    warnings.push({ code: 'no-rate-bound', message })
  }
  return warnings
}
