import type { Account } from 'viem'
import { call, getBlock } from 'viem/actions'
import { encodeFunctionData } from 'viem'
import { erc20Abi } from '../../abi/erc20.js'
import { SluiceError } from '../../errors.js'
import {
  zeroAddress,
  type Address,
  type Channel,
  type ChannelState,
  type Deployment,
  type Hex,
} from '../../types.js'
import type { ContractCall } from '../call.js'
import { channelId } from '../channelId.js'
import { checkAmount, checkTerms } from '../checkTerms.js'
import { chainNameOf, resolveAccount, resolveDeployment, type ChainClient } from '../context.js'
import { formatTokenAmount } from '../format.js'
import { readState } from '../getChannel.js'
import { maximumAmount } from '../limits.js'
import { requireBalance, requireGas } from '../preflight.js'
import { askOnce } from '../read.js'
import type { RandomBytes } from '../../crypto/crypto.js'
import type { WriteParameters } from '../transact.js'
import { isUnreachable, walletError } from '../walletErrors.js'
import { readBatchSupport } from './batching.js'
import { fundingSteps, gasCeilings, possibleFunding, type FundingMethod, type FundingStep } from './choose.js'
import { readSignatureSupport, type SignatureSupport } from './support.js'
import { readToken, type TokenFacts } from './token.js'

/** What `deposit`, `topUp` and `planDeposit` take. */
export type FundingParameters = WriteParameters & {
  /** The terms. */
  readonly channel: Channel
  /** Base units. */
  readonly amount: bigint
  /** The only methods to consider; default: all that wallet and token support. */
  readonly methods?: readonly FundingMethod[] | undefined
  /**
   * Submits a deposit that the payer signed (EIP-3009, Permit2) and returns the transaction's hash. Then the payer
   * needs one signature and no gas.
   */
  readonly relay?: ((request: ContractCall) => Promise<Hex>) | undefined
  /** How long a signature for the token stays valid, seconds from `now`; default 3,600. */
  readonly validForSeconds?: number | undefined
  /** Second at which a signature for the token expires; overrides `validForSeconds`. */
  readonly deadline?: bigint | undefined
  /** The present second; default: the latest block's. */
  readonly now?: bigint | undefined
  /** For the nonces of EIP-3009 and Permit2; default: the platform's. */
  readonly random?: RandomBytes | undefined
  /** Told each prompt before it appears. */
  readonly onStep?: ((step: NumberedStep) => void) | undefined
}

/** A step with its place: `1 of 2`. */
export type NumberedStep = FundingStep & { readonly index: number; readonly of: number }

/** Something the person should know before the first prompt; no reason to stop. */
export type FundingWarning = {
  /** `refund-to-other`: not the account, but the channel's payer gets refunds; `no-rate-bound`: another key can sign
   * away the whole deposit at once. */
  readonly code: 'refund-to-other' | 'no-rate-bound'
  readonly message: string
}

/** A deposit that was checked and can be carried out. */
export type PreparedDeposit = {
  readonly deployment: Deployment
  readonly account: Account
  readonly channelId: Hex
  readonly state: ChannelState
  readonly token: TokenFacts
  readonly support: SignatureSupport
  readonly method: FundingMethod
  /** Whether the relayer submits. */
  readonly relayed: boolean
  readonly resetFirst: boolean
  readonly steps: readonly FundingStep[]
  readonly warnings: readonly FundingWarning[]
  /** Second at which signatures for the token expire. */
  readonly deadline: bigint
}

const noSignatures: SignatureSupport = { authorization: undefined, permit: undefined, permit2Allowance: 0n }

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
  const deployment = await resolveDeployment(client, parameters)
  const id = channelId({ ...deployment, channel })
  const [state, token, now] = await Promise.all([
    readState(client, deployment, id),
    readToken(client, channel.token, account.address, deployment.contract),
    parameters.now ?? chainTime(client),
  ])
  checkState(id, channel, state, amount)
  const deadline = checkDeadline(parameters, now)
  requireBalance(token.balance, amount, token)

  const native = channel.token === zeroAddress
  const [support, batch] = native
    ? [noSignatures, { atomic: false, sponsored: false }]
    : await Promise.all([
        readSignatureSupport(client, channel.token, account.address, deployment),
        readBatchSupport(client, account, deployment.chainId),
      ])
  const method = choose(parameters, {
    native,
    amount,
    allowance: token.allowance,
    accountIsPayer: isSame(account.address, channel.payer),
    relay: parameters.relay !== undefined,
    batch: batch.atomic,
    authorization: support.authorization !== undefined,
    permit: support.permit !== undefined,
    permit2Allowance: support.permit2Allowance,
  })
  const relayed = parameters.relay !== undefined && (method === 'authorization' || method === 'permit2')
  const resetFirst = await needsReset(client, method, account.address, token, deployment.contract, amount)
  const steps = fundingSteps(method, formatTokenAmount(amount, token, 'up'), { resetFirst, relay: relayed })
  if (steps.length > 1 || (method === 'batch' && !batch.sponsored)) {
    await requireGas(client, account.address, gasCeilings[method], 0n).catch((error: unknown) => {
      throw walletError(error, { chainName: chainNameOf(client) })
    })
  }
  return {
    deployment,
    account,
    channelId: id,
    state,
    token,
    support,
    method,
    relayed,
    resetFirst,
    steps,
    warnings: warningsFor(channel, account.address),
    deadline,
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

function checkDeadline({ deadline, validForSeconds = 3600 }: FundingParameters, now: bigint): bigint {
  const end = deadline ?? now + BigInt(validForSeconds)
  if (end > now) return end
  throw permitExpired(end, now)
}

/**
 * The error for a signature that is of no use any more.
 *
 * @param deadline second of expiry
 * @param now the present second
 */
export function permitExpired(deadline: bigint, now: bigint): SluiceError {
  return new SluiceError({
    code: 'permit-expired',
    message: 'The signature has expired. Please sign again.',
    details: `deadline ${deadline}, now ${now}`,
    action: 'retry',
    retryable: true,
  })
}

/**
 * The latest block's second.
 *
 * @param client any viem client
 * @throws SluiceError `rpc-unreachable`
 */
export async function chainTime(client: ChainClient): Promise<bigint> {
  const block = await getBlock(client).catch((error: unknown) => {
    throw walletError(error, { chainName: chainNameOf(client) })
  })
  return block.timestamp
}

function choose({ methods }: FundingParameters, facts: Parameters<typeof possibleFunding>[0]): FundingMethod {
  const possible = possibleFunding(facts)
  const method = possible.find((each) => methods?.includes(each) ?? true)
  if (method !== undefined) return method
  throw new SluiceError({
    code: 'wrong-token',
    message: 'This token cannot be paid in this way.',
    details: `asked for ${methods?.join(', ') ?? 'any'}; wallet and token support ${possible.join(', ')}`,
  })
}

/** Some tokens (USDT) refuse to change an allowance that is not zero. Asked only where there is one. */
async function needsReset(
  client: ChainClient,
  method: FundingMethod,
  account: Address,
  token: TokenFacts,
  spender: Address,
  amount: bigint,
): Promise<boolean> {
  if ((method !== 'approve' && method !== 'batch') || token.allowance === 0n) return false
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
  try {
    await askOnce(client, (once) => call(once, { account, to: token.address, data }))
    return false
  } catch (error) {
    if (isUnreachable(error)) throw walletError(error, { chainName: chainNameOf(client) })
    return true
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

/** Whether two addresses are the same, in whichever case they are written. */
export function isSame(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
