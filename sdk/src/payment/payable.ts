import type { ContractCall } from '../chain/call.js'
import type { Product } from '../chain/product.js'
import type { Address, Deployment, Hex } from '../types.js'
import type { SignedPayment } from './signedPayment.js'
import type { Witness } from './typedData.js'

/** What is to be paid into a contract, and the calls that take it. */
export type Payable = {
  readonly product: Product
  readonly deployment: Deployment
  /** Zero: the native coin. */
  readonly token: Address
  /** Base units. */
  readonly amount: bigint
  /** Base units the account must hold for it; default the amount. An allowance may be for more than is taken now. */
  readonly held?: bigint | undefined
  /** Whose signature moves the money by EIP-3009 or Permit2. */
  readonly payer: Address
  /** The hash that such a signature is bound to. */
  readonly purpose: Hex
  /** How Permit2 is told the purpose. */
  readonly witness: Witness
  /** What the payment does, for a prompt's title, such as `deposit`. */
  readonly verb: string
  /** Gas that is surely enough for what the call does beyond a deposit; default none. */
  readonly extraGas?: bigint | undefined
  /** Takes the sender's allowance or the native coin. */
  readonly plain: ContractCall
  /** Takes what was signed. */
  readonly signed: (payment: SignedPayment) => ContractCall | Promise<ContractCall>
}
