import type { ChainClient } from '../chain/context.js'
import type { Mined, WaitParameters } from '../chain/transact.js'
import { BatchRefused } from './batching.js'
import type { FundingMethod } from './choose.js'
import type { Payable } from './payable.js'
import { preparePayment, type PaymentParameters, type PreparedPayment } from './prepare.js'

/** A payment that was mined, and how it was paid in the end. */
export type Paid = Mined & { readonly method: FundingMethod }

/**
 * Carries out a prepared payment. A wallet that refuses a batch after all is asked for the same thing step by step.
 *
 * @param client a wallet client
 * @param payable what is paid
 * @param prepared how
 * @param parameters how to pay, and how the end is awaited
 */
export async function pay(
  client: ChainClient,
  payable: Payable,
  prepared: PreparedPayment,
  parameters: PaymentParameters & WaitParameters,
): Promise<Paid> {
  // Whoever only asks what a payment would take, or goes on with a channel, need not load what sends one.
  const { executePayment } = await import('./execute.js')
  try {
    const mined = await executePayment(client, payable, prepared, parameters)
    return { ...mined, method: prepared.method }
  } catch (error) {
    if (!(error instanceof BatchRefused)) throw error
    const methods = (parameters.methods ?? oneByOne).filter((each) => each !== 'batch')
    const withoutBatch = { ...parameters, methods }
    const again = await preparePayment(client, prepared.account, payable, withoutBatch)
    const mined = await executePayment(client, payable, again, withoutBatch)
    return { ...mined, method: again.method }
  }
}

const oneByOne: readonly FundingMethod[] = ['allowance', 'authorization', 'permit', 'permit2', 'approve']
