import { encodeFunctionData, erc20Abi, type Hex, type Log } from 'viem'
import { readContract, sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { SluiceError, zeroAddress } from '@sluice/sdk'
import { toSluiceError } from '@sluice/sdk/channel'
import { revertToSluiceError, type SubscriptionsCall } from '@sluice/sdk/subscription'
import { revertData } from '../../chain/rpc.js'
import type { OpenedForSending } from './open.js'

/** A transaction that succeeded. */
export type Sent = { readonly hash: Hex; readonly logs: readonly Log[] }

/**
 * Sends a call and waits until it succeeded. It was tried before, when it was announced.
 *
 * @param opened who signs
 * @param call of `Subscriptions`, or of a token
 * @throws SluiceError why the contract refuses it, `transaction-unknown` when it was sent and its fate is open
 */
export async function send({ wallet, connection }: OpenedForSending, call: SubscriptionsCall): Promise<Sent> {
  const { to, data, value } = call
  const hash = await orWhy(sendTransaction(wallet, { to, data, value }))
  const receipt = await waitForTransactionReceipt(connection.client, { hash }).catch((cause: unknown) => {
    const message = 'It was sent, and whether it went through is not known yet.'
    throw new SluiceError({ code: 'transaction-unknown', message, details: `transaction ${hash}`, cause })
  })
  if (receipt.status === 'success') return { hash, logs: receipt.logs }
  throw new SluiceError({
    code: 'transaction-reverted',
    message: 'The transaction failed on the chain. Only the network fee was charged.',
    details: `transaction ${hash}`,
  })
}

/**
 * Lets the contract take tokens of the account, when it may not take as much yet.
 *
 * @param opened the plan and who signs
 * @param amount base units in all
 */
export async function allow(opened: OpenedForSending, amount: bigint): Promise<void> {
  const { connection, contract, plan, account } = opened
  if (plan.token === zeroAddress) return
  const allowance = { address: plan.token, abi: erc20Abi, functionName: 'allowance' } as const
  const args = [account.address, contract] as const
  if ((await orWhy(readContract(connection.client, { ...allowance, args }))) >= amount) return
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [contract, amount] })
  await send(opened, { to: plan.token, data, value: 0n })
}

/**
 * What a node answers, or why the contract refuses.
 *
 * @param answer what was asked
 */
export async function orWhy<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    const data = revertData(error)
    throw data === undefined ? await toSluiceError(error) : revertToSluiceError(data, error)
  }
}
