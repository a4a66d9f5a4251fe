import { encodeFunctionData, type Account } from 'viem'
import { call, getBlock } from 'viem/actions'
import { erc20Abi } from '../abi/erc20.js'
import type { ContractCall } from '../chain/call.js'
import { contextOf, type ChainClient } from '../chain/context.js'
import { formatTokenAmount } from '../chain/format.js'
import { requireBalance, requireGas } from '../chain/preflight.js'
import { askOnce } from '../chain/read.js'
import { isUnreachable, walletError } from '../chain/walletErrors.js'
import type { RandomBytes } from '../crypto/crypto.js'
import { SluiceError } from '../errors.js'
import { zeroAddress, type Address, type Hex } from '../types.js'
import { readBatchSupport } from './batching.js'
import { fundingSteps, gasCeilings, possibleFunding, type FundingMethod, type FundingStep } from './choose.js'
import type { Payable } from './payable.js'
import type { SignatureSupport } from './support.js'
import { readToken, type TokenFacts } from './token.js'

/** What every action that takes money in accepts on how to pay. */
export type PaymentParameters = {
  /** The only methods to consider; default: all that wallet and token support. */
  readonly methods?: readonly FundingMethod[] | undefined
  /**
   * Submits what the payer signed (EIP-3009, Permit2) and returns the transaction's hash. Then the payer needs one
   * signature and no gas.
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

/** The same where nothing is sent: `relay` may be `true` when somebody will submit what is signed. */
export type PreparationParameters = Omit<PaymentParameters, 'relay'> & {
  readonly relay?: PaymentParameters['relay'] | true
}

/** A step with its place: `1 of 2`. */
export type NumberedStep = FundingStep & { readonly index: number; readonly of: number }

/** A payment that was checked and can be carried out. */
export type PreparedPayment = {
  readonly account: Account
  readonly token: TokenFacts
  readonly support: SignatureSupport
  readonly method: FundingMethod
  /** Whether the relayer submits. */
  readonly relayed: boolean
  readonly resetFirst: boolean
  readonly steps: readonly FundingStep[]
  /** Second at which signatures for the token expire. */
  readonly deadline: bigint
}

const noSignatures: SignatureSupport = { authorization: undefined, permit: undefined, permit2Allowance: 0n }

/**
 * Checks everything about a payment that can be checked without asking the person, and chooses the best way to pay.
 *
 * @param client a wallet client
 * @param account who pays
 * @param payable what is to be paid
 * @param parameters how
 * @throws SluiceError for whatever would make the payment fail
 */
export async function preparePayment(
  client: ChainClient,
  account: Account,
  payable: Payable,
  parameters: PreparationParameters,
): Promise<PreparedPayment> {
  const { amount, deployment } = payable
  const [token, now] = await Promise.all([
    readToken(client, payable.token, account.address, deployment.contract),
    parameters.now ?? chainTime(client),
  ])
  const deadline = checkDeadline(parameters, now)
  requireBalance(token.balance, payable.held ?? amount, token)

  const native = payable.token === zeroAddress
  const [support, batch] = native
    ? [noSignatures, { atomic: false, sponsored: false }]
    : await Promise.all([
        signatureSupport(client, payable, account.address),
        readBatchSupport(client, account, deployment.chainId),
      ])
  const method = choose(parameters, {
    native,
    amount,
    allowance: token.allowance,
    accountIsPayer: isSame(account.address, payable.payer),
    relay: parameters.relay !== undefined,
    batch: batch.atomic,
    authorization: support.authorization !== undefined,
    permit: support.permit !== undefined,
    permit2Allowance: support.permit2Allowance,
  })
  const relayed = parameters.relay !== undefined && (method === 'authorization' || method === 'permit2')
  const resetFirst = await needsReset(client, method, account.address, token, deployment.contract, amount)
  const written = formatTokenAmount(amount, token, 'up')
  const steps = fundingSteps(method, payable.verb, written, { resetFirst, relay: relayed })
  if (steps.length > 1 || (method === 'batch' && !batch.sponsored)) {
    const gas = gasCeilings[method] + (payable.extraGas ?? 0n)
    await requireGas(client, account.address, gas, 0n).catch((error: unknown) => {
      throw walletError(error, contextOf(client, payable.product))
    })
  }
  return { account, token, support, method, relayed, resetFirst, steps, deadline }
}

/** What reads a token's ways of paying is loaded with the first payment in one. */
async function signatureSupport(
  client: ChainClient,
  { token, deployment }: Payable,
  owner: Address,
): Promise<SignatureSupport> {
  const { readSignatureSupport } = await import('./support.js')
  return await readSignatureSupport(client, token, owner, deployment)
}

function checkDeadline({ deadline, validForSeconds = 3600 }: PreparationParameters, now: bigint): bigint {
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
    throw walletError(error, contextOf(client))
  })
  return block.timestamp
}

function choose(
  { methods }: PreparationParameters,
  facts: Parameters<typeof possibleFunding>[0],
): FundingMethod {
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
    if (isUnreachable(error)) throw walletError(error, contextOf(client))
    return true
  }
}

/** Whether two addresses are the same, in whichever case they are written. */
export function isSame(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
