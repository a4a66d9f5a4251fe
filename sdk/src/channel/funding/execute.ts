import { encodeFunctionData } from 'viem'
import { erc20Abi } from '../../abi/erc20.js'
import { SluiceError } from '../../errors.js'
import type { Hex } from '../../types.js'
import type { ContractCall } from '../call.js'
import { chainNameOf, type ChainClient } from '../context.js'
import { awaitMined, transact, type Mined } from '../transact.js'
import { TransactionUnknownError } from '../transactionUnknown.js'
import { isUnreachable } from '../walletErrors.js'
import { toSluiceError } from '../toSluiceError.js'
import type { FundingStep } from './choose.js'
import { plainDeposit } from './plainDeposit.js'
import { chainTime, permitExpired, type FundingParameters, type PreparedDeposit } from './prepare.js'

/**
 * Carries out a prepared deposit, prompt by prompt.
 *
 * @param client a wallet client
 * @param parameters the deposit
 * @param prepared how it is paid for
 */
export async function executeDeposit(
  client: ChainClient,
  parameters: FundingParameters,
  prepared: PreparedDeposit,
): Promise<Mined> {
  const { account, method, token, deployment } = prepared
  const announce = announcer(parameters, prepared.steps)
  const plain = plainDeposit(deployment.contract, parameters.channel, parameters.amount)
  const approve = (amount: bigint) => approval(token.address, deployment.contract, amount)

  switch (method) {
    case 'native':
    case 'allowance':
      announce('deposit')
      return await transact(client, account, plain, parameters)
    case 'batch': {
      announce('batch')
      const reset = prepared.resetFirst ? [approve(0n)] : []
      const { sendBatch } = await import('./sendBatch.js')
      return await sendBatch(client, account, [...reset, approve(parameters.amount), plain], parameters)
    }
    case 'approve': {
      // A hash is worth keeping only for the deposit: an approval moves no money.
      const { timeoutMs } = parameters
      if (prepared.resetFirst) {
        announce('approve-reset')
        await transact(client, account, approve(0n), { timeoutMs })
      }
      announce('approve')
      await transact(client, account, approve(parameters.amount), { timeoutMs })
      announce('deposit')
      return await transact(client, account, plain, parameters)
    }
    case 'authorization':
    case 'permit':
    case 'permit2': {
      announce('sign')
      // Only one way of signing is ever needed, and often none: it is loaded with the prompt that it is for.
      const { signedDeposit } = await import('./signedDeposit.js')
      const request = await signedDeposit(client, parameters, prepared)
      await requireNotExpired(client, prepared.deadline)
      if (prepared.relayed && parameters.relay !== undefined) {
        return await submitThroughRelay(client, parameters, parameters.relay, request)
      }
      announce('deposit')
      return await transact(client, account, request, parameters)
    }
  }
}

/** Announces the steps in the order in which they were planned. */
function announcer({ onStep }: FundingParameters, steps: readonly FundingStep[]) {
  return (kind: FundingStep['kind']) => {
    const index = steps.findIndex((step) => step.kind === kind)
    const step = steps[index]
    if (step !== undefined) onStep?.({ ...step, index: index + 1, of: steps.length })
  }
}

function approval(token: Hex, spender: Hex, amount: bigint): ContractCall {
  const args = [spender, amount] as const
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args })
  return { to: token, data, value: 0n, abi: erc20Abi, functionName: 'approve', args }
}

/** The person may have taken longer to sign than the signature lives. */
async function requireNotExpired(client: ChainClient, deadline: bigint): Promise<void> {
  const now = await chainTime(client)
  if (now >= deadline) throw permitExpired(deadline, now)
}

async function submitThroughRelay(
  client: ChainClient,
  parameters: FundingParameters,
  relay: (request: ContractCall) => Promise<Hex>,
  request: ContractCall,
): Promise<Mined> {
  const hash = await relay(request).catch(async (error: unknown) => {
    if (isUnreachable(error)) throw new TransactionUnknownError(undefined, error)
    if (error instanceof SluiceError) throw error
    throw await toSluiceError(error, { chainName: chainNameOf(client) })
  })
  await parameters.onSubmitted?.({ kind: 'transaction', hash })
  return await awaitMined(client, hash, parameters)
}
