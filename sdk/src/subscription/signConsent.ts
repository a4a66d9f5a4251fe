import {
  resolveAccount,
  resolveDeployment,
  type AccountParameters,
  type ChainClient,
  type ReadParameters,
} from '../chain/context.js'
import { signTyped } from '../chain/signTyped.js'
import type { SluiceError } from '../errors.js'
import { chainTime } from '../payment/prepare.js'
import { consentTypedData, type ConsentAction } from './consent.js'
import { getSubscription } from './getSubscription.js'
import { subscriptions } from './product.js'
import type { Consent, Plan } from './types.js'

/**
 * Agrees to an action that somebody else submits: one prompt and no gas. Serves once.
 *
 * @param client a wallet client of the subscriber
 * @param parameters the plan, the action, and how long the signature is good
 * @returns what the action takes as `consent`
 * @throws SluiceError `rpc-unreachable`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { cancel, signConsent, type Plan } from '@sluice/sdk/subscription'
 *
 * async function leave(subscriber: WalletClient, relayer: WalletClient, plan: Plan) {
 *   const consent = await signConsent(subscriber, { plan, action: { type: 'cancel' } })
 *   return await cancel(relayer, { plan, subscriber: subscriber.account?.address, consent })
 * }
 * ```
 */
export async function signConsent(
  client: ChainClient,
  parameters: signConsent.Parameters,
): Promise<signConsent.ReturnType> {
  const { plan, action, validForSeconds = 3600 } = parameters
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, subscriptions)
  const { contract } = deployment
  const [{ nonce }, now] = await Promise.all([
    getSubscription(client, { contract, plan, subscriber: account.address }),
    parameters.now ?? chainTime(client),
  ])
  const deadline = now + BigInt(validForSeconds)
  const about = { ...deployment, plan, subscriber: account.address, nonce, deadline, action }
  const signature = await signTyped(client, account, consentTypedData(about), subscriptions)
  return { deadline, signature }
}

export declare namespace signConsent {
  type Parameters = ReadParameters &
    AccountParameters & {
      readonly plan: Plan
      readonly action: ConsentAction
      /** Seconds from `now`; default 3,600. */
      readonly validForSeconds?: number | undefined
      /** The present second; default: the latest block's. */
      readonly now?: bigint | undefined
    }
  type ReturnType = Consent
  type ErrorType = SluiceError
}
