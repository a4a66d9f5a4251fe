import { expect } from 'chai'
import { subscriptionsAddress } from '@sluice/sdk'
import * as react from '@sluice/sdk/react'
import * as subscription from '@sluice/sdk/subscription'
import { monthly } from '../world.ts'
import type { Row, Stand } from './stand.ts'

/** The hooks that send for subscriptions. */
export function subscriptionSends(stand: Stand): readonly Row[] {
  const { salt, send } = stand
  async function published(change: Partial<subscription.Plan> = {}): Promise<subscription.Plan> {
    const plan = { ...monthly(stand.world().token), salt: salt(), ...change }
    await stand.world().sendAsMerchant(subscription.createPlanCall({ contract: subscriptionsAddress, plan }))
    return plan
  }
  /** The viewer's, with a month paid and another prepaid. */
  async function subscribed() {
    const plan = await published()
    await send(react.useSubscribe, { plan, prepaid: 2n * plan.price }, 'subscriptions.subscribe')
    return { plan }
  }

  return [
    {
      hook: 'useFundSubscription',
      sends: async () => {
        const { plan } = await subscribed()
        const parameters = { plan, amount: 5n }
        expect(await send(react.useFundSubscription, parameters, 'subscriptions.fund')).to.include({
          amount: 5n,
        })
      },
    },
    {
      hook: 'useWithdrawBalance',
      sends: async () => {
        const { plan } = await subscribed()
        const parameters = { plan, amount: 3n }
        const result = await send(react.useWithdrawBalance, parameters, 'subscriptions.withdraw')
        expect(result).to.include({ amount: 3n, to: stand.world().viewer })
      },
    },
    {
      hook: 'useChangePlan',
      sends: async () => {
        const { plan } = await subscribed()
        const newPlan = await published({ price: 2_000_000n })
        const parameters = { plan, newPlan, maxPrice: 2_000_000n }
        const result = await send(react.useChangePlan, parameters, 'subscriptions.changePlan')
        expect(result).to.include({ price: 2_000_000n })
      },
    },
  ]
}
