import { erc20Abi } from '../abi/erc20.js'
import { contractCall, type ContractCall } from '../chain/call.js'
import { contextOf, type ChainClient } from '../chain/context.js'
import { toSluiceError } from '../chain/toSluiceError.js'
import { awaitMined, transact, type Mined, type WaitParameters } from '../chain/transact.js'
import { TransactionUnknownError } from '../chain/transactionUnknown.js'
import { isUnreachable } from '../chain/walletErrors.js'
import { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import type { FundingStep } from './choose.js'
import type { Payable } from './payable.js'
import { chainTime, permitExpired, type PaymentParameters, type PreparedPayment } from './prepare.js'

/**
 * Carries out a prepared payment, prompt by prompt.
 *
 * @param client a wallet client
 * @param payable what is paid
 * @param prepared how
 * @param parameters how to pay, and how the end is awaited
 */
export async function executePayment(
  client: ChainClient,
  payable: Payable,
  prepared: PreparedPayment,
  parameters: PaymentParameters & WaitParameters,
): Promise<Mined> {
  const { plain, product } = payable
  const { account, method, token } = prepared
  const announce = announcer(parameters, prepared.steps)
  const approve = (amount: bigint) => approval(token.address, payable.deployment.contract, amount)

  switch (method) {
    case 'native':
    case 'allowance':
      announce('deposit')
      return await transact(client, account, plain, product, parameters)
    case 'batch': {
      announce('batch')
      const reset = prepared.resetFirst ? [approve(0n)] : []
      const { sendBatch } = await import('./sendBatch.js')
      const calls = [...reset, approve(payable.amount), plain]
      return await sendBatch(client, account, calls, product, parameters)
    }
    case 'approve': {
      // A hash is worth keeping only for the payment: an approval moves no money.
      const { timeoutMs } = parameters
      if (prepared.resetFirst) {
        announce('approve-reset')
        await transact(client, account, approve(0n), product, { timeoutMs })
      }
      announce('approve')
      await transact(client, account, approve(payable.amount), product, { timeoutMs })
      announce('deposit')
      return await transact(client, account, plain, product, parameters)
    }
    case 'authorization':
    case 'permit':
    case 'permit2': {
      announce('sign')
      // Only one way of signing is ever needed, and often none: it is loaded with the prompt that it is for.
      const { signPayment } = await import('./sign.js')
      const { random } = parameters
      const signed = await signPayment(client, payable, { ...prepared, method, random })
      await requireNotExpired(client, prepared.deadline)
      const request = await payable.signed(signed)
      if (prepared.relayed && parameters.relay !== undefined) {
        return await submitThroughRelay(client, payable, parameters.relay, request, parameters)
      }
      announce('deposit')
      return await transact(client, account, request, product, parameters)
    }
  }
}

/** Announces the steps in the order in which they were planned. */
function announcer({ onStep }: PaymentParameters, steps: readonly FundingStep[]) {
  return (kind: FundingStep['kind']) => {
    const index = steps.findIndex((step) => step.kind === kind)
    const step = steps[index]
    if (step !== undefined) onStep?.({ ...step, index: index + 1, of: steps.length })
  }
}

function approval(token: Hex, spender: Hex, amount: bigint): ContractCall {
  return contractCall(erc20Abi, token, 'approve', [spender, amount])
}

/** The person may have taken longer to sign than the signature lives. */
async function requireNotExpired(client: ChainClient, deadline: bigint): Promise<void> {
  const now = await chainTime(client)
  if (now >= deadline) throw permitExpired(deadline, now)
}

async function submitThroughRelay(
  client: ChainClient,
  { product }: Payable,
  relay: (request: ContractCall) => Promise<Hex>,
  request: ContractCall,
  wait: WaitParameters,
): Promise<Mined> {
  const hash = await relay(request).catch(async (error: unknown) => {
    if (isUnreachable(error)) throw new TransactionUnknownError(undefined, error)
    if (error instanceof SluiceError) throw error
    throw await toSluiceError(error, contextOf(client, product))
  })
  await wait.onSubmitted?.({ kind: 'transaction', hash })
  return await awaitMined(client, hash, wait)
}
