import type { Account } from 'viem'
import type { ContractCall } from '../chain/call.js'
import type { ChainClient } from '../chain/context.js'
import { transact, type Mined, type WriteParameters } from '../chain/transact.js'
import { zeroAddress, type Hex } from '../types.js'
import type { FundingMethod, FundingStep } from './choose.js'
import { encodePayment } from './encode.js'
import { pay } from './pay.js'
import type { Payable } from './payable.js'
import { preparePayment, type PaymentParameters } from './prepare.js'
import { paymentWitness } from './typedData.js'

/** What an action of `Escrow`, `Tournaments` or `Subscriptions` takes that takes money in. */
export type ProductPaymentParameters = WriteParameters &
  PaymentParameters & {
    /** What the payer signed before, as bytes; whoever sends it pays only for gas. Default: the account pays. */
    readonly payment?: Hex | undefined
  }

/** How an action was paid for; `given`: with the payment that was passed. */
export type ProductPaymentMethod = FundingMethod | 'given'

/** What a payment will ask of the person, before the first prompt. */
export type PaymentPlan = {
  readonly method: FundingMethod
  /** How many times the wallet will ask; an account that signs by itself does not. */
  readonly prompts: number
  readonly steps: readonly FundingStep[]
}

/** What is to be paid into one of these contracts. */
export type ProductPayable = Omit<Payable, 'witness' | 'plain' | 'signed'> & {
  /**
   * The call that takes the money.
   *
   * @param payment the contract's `bytes payment`
   * @param value native coin to send, in wei
   */
  readonly call: (payment: Hex, value: bigint) => ContractCall
}

/**
 * Says how something would be paid for. Fails for the same reasons as the payment itself, without a prompt.
 *
 * @param client a wallet client
 * @param account who pays
 * @param payable what is to be paid
 * @param parameters how
 */
export async function planProductPayment(
  client: ChainClient,
  account: Account,
  payable: ProductPayable,
  parameters: PaymentParameters,
): Promise<PaymentPlan> {
  const { method, steps } = await preparePayment(client, account, asPayable(payable), parameters)
  return { method, prompts: steps.length, steps }
}

/**
 * Pays for an action in the way that costs the fewest prompts, or sends it with what was signed before.
 *
 * @param client a wallet client
 * @param account who pays, or only sends
 * @param payable what is to be paid
 * @param parameters how
 */
export async function payProduct(
  client: ChainClient,
  account: Account,
  payable: ProductPayable,
  parameters: ProductPaymentParameters,
): Promise<Mined & { readonly method: ProductPaymentMethod }> {
  const { payment } = parameters
  if (payment !== undefined) {
    const request = payable.call(payment, 0n)
    return { ...(await transact(client, account, request, payable.product, parameters)), method: 'given' }
  }
  const prepared = await preparePayment(client, account, asPayable(payable), parameters)
  return await pay(client, asPayable(payable), prepared, parameters)
}

/** A payment that anyone can submit. */
export type SignedProductPayment = {
  /** What the action takes as `payment`. */
  readonly payment: Hex
  readonly method: 'authorization' | 'permit2'
  /** Second at which it expires. */
  readonly deadline: bigint
}

/**
 * Signs a payment for somebody else to submit: one prompt and no gas.
 *
 * @param client a wallet client
 * @param account who pays
 * @param payable what is to be paid
 * @param parameters how
 * @throws SluiceError `wrong-token` when neither the token (EIP-3009) nor an allowance of Permit2 lets it
 */
export async function signProductPayment(
  client: ChainClient,
  account: Account,
  payable: ProductPayable,
  parameters: PaymentParameters,
): Promise<SignedProductPayment> {
  const { methods = relayable, random } = parameters
  const prepared = await preparePayment(client, account, asPayable(payable), {
    ...parameters,
    methods: methods.filter((each) => relayable.includes(each)),
    relay: true,
  })
  const method = prepared.method === 'authorization' ? 'authorization' : 'permit2'
  const { signPayment } = await import('./sign.js')
  const signed = await signPayment(client, asPayable(payable), { ...prepared, method, random })
  return { payment: encodePayment(signed), method, deadline: prepared.deadline }
}

const relayable: readonly FundingMethod[] = ['authorization', 'permit2']

/**
 * What is paid, with the calls that take it by every way.
 *
 * @param payable what is to be paid
 */
export function asPayable({ call, ...payable }: ProductPayable): Payable {
  return {
    ...payable,
    witness: paymentWitness,
    plain: call('0x', payable.token === zeroAddress ? payable.amount : 0n),
    signed: (payment) => call(encodePayment(payment), 0n),
  }
}
