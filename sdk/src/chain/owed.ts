import { parseEventLogs } from 'viem'
import { owedAbi } from '../abi/owed.js'
import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import { contractCall, type ContractCall } from './call.js'
import { resolveAccount, resolveDeployment, type ChainClient, type ReadParameters } from './context.js'
import type { Product } from './product.js'
import { transact, type Mined, type WriteParameters } from './transact.js'
import { readView } from './view.js'

/** A payment that could not be made and is kept for its recipient, who can take it out to wherever it likes. */
export type KeptPayment = {
  readonly account: Address
  /** Zero: the native coin. */
  readonly token: Address
  /** Base units. */
  readonly amount: bigint
}

/** What a question about kept money takes. */
export type OwedParameters = ReadParameters & { readonly account: Address; readonly token: Address }

/** What taking kept money out takes. */
export type WithdrawOwedParameters = WriteParameters & {
  /** Zero: the native coin. */
  readonly token: Address
  /** Who gets it; default: the account. */
  readonly to?: Address | undefined
}

/** Kept money that was taken out. */
export type WithdrawnOwed = {
  readonly hash: Hex
  readonly blockNumber: bigint
  readonly to: Address
  /** Base units. */
  readonly amount: bigint
}

/**
 * The payments that a mined transaction could not make.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 */
export function keptPayments({ logs }: Mined, { contract }: Deployment): readonly KeptPayment[] {
  const own = logs.filter(({ address }) => address.toLowerCase() === contract.toLowerCase())
  return parseEventLogs({ abi: owedAbi, eventName: 'PaymentKept', logs: own }).map(({ args }) => args)
}

/**
 * Reads what a contract keeps for an account.
 *
 * @param client any viem client
 * @param parameters whose, in which token
 * @param product which contract
 * @returns base units
 */
export async function readOwed(
  client: ChainClient,
  parameters: OwedParameters,
  product: Product,
): Promise<bigint> {
  const deployment = await resolveDeployment(client, parameters, product)
  const { account, token } = parameters
  return await readView(client, product, deployment, {
    abi: owedAbi,
    functionName: 'owed',
    args: [account, token],
  })
}

/**
 * Takes out what a contract keeps for the account.
 *
 * @param client a wallet client
 * @param parameters in which token, and to whom
 * @param product which contract
 */
export async function takeOwed(
  client: ChainClient,
  parameters: WithdrawOwedParameters,
  product: Product,
): Promise<WithdrawnOwed> {
  const account = resolveAccount(client, parameters)
  const { token, to = account.address } = parameters
  const { contract } = await resolveDeployment(client, parameters, product)
  const request = owedCall({ contract, token, to })
  const { hash, blockNumber, logs } = await transact(client, account, request, product, parameters)
  const own = logs.filter(({ address }) => address.toLowerCase() === contract.toLowerCase())
  const [event] = parseEventLogs({ abi: owedAbi, eventName: 'OwedWithdrawn', logs: own })
  if (event === undefined) {
    throw new SluiceError({
      code: 'internal',
      message: 'The transaction was mined, but it took nothing out.',
      details: `transaction ${hash} has no OwedWithdrawn event of ${contract}`,
    })
  }
  return { hash, blockNumber, to, amount: event.args.amount }
}

/** The call that takes kept money out. */
export type OwedCall = { readonly contract: Address; readonly token: Address; readonly to: Address }

/**
 * Builds the call that takes kept money out.
 *
 * @param parameters the contract, the token, and who gets it
 */
export function owedCall({ contract, token, to }: OwedCall): ContractCall {
  return contractCall(owedAbi, contract, 'withdrawOwed', [token, to])
}
