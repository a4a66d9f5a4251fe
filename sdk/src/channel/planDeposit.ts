import type { SluiceError } from '../errors.js'
import type { Hex } from '../types.js'
import type { ChainClient } from '../chain/context.js'
import type { FundingMethod, FundingStep } from '../payment/choose.js'
import { prepareDeposit, type FundingParameters, type FundingWarning } from './prepareDeposit.js'

/**
 * Says what a deposit will ask of the person before the first prompt: by which method, how many prompts, each with a
 * title. Fails for the same reasons as the deposit itself, without a prompt.
 *
 * @param client a wallet client
 * @param parameters as for `deposit`; pass `methods: [plan.method]` there to hold it to the plan
 * @throws SluiceError see `deposit`
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { planDeposit } from '@sluice/sdk/channel'
 *
 * async function announce(wallet: WalletClient, parameters: planDeposit.Parameters) {
 *   const { prompts, steps } = await planDeposit(wallet, parameters)
 *   return steps.map(({ title }, index) => `${index + 1} of ${prompts}: ${title}`)
 * }
 * ```
 */
export async function planDeposit(
  client: ChainClient,
  parameters: planDeposit.Parameters,
): Promise<planDeposit.ReturnType> {
  const prepared = await prepareDeposit(client, parameters)
  const { channelId, payment, warnings, state } = prepared
  const { method, steps } = payment
  return { channelId, method, prompts: steps.length, steps, warnings, opens: state.openedAt === 0 }
}

export declare namespace planDeposit {
  type Parameters = FundingParameters
  type ReturnType = {
    readonly channelId: Hex
    readonly method: FundingMethod
    /** How many times the wallet will ask; an account that signs by itself does not. */
    readonly prompts: number
    readonly steps: readonly FundingStep[]
    readonly warnings: readonly FundingWarning[]
    /** Whether this deposit opens the channel, as opposed to topping it up. */
    readonly opens: boolean
  }
  type ErrorType = SluiceError
}
