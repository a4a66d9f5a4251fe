import { boundTo } from '../chain/bound.js'
import type { ChainClient } from '../chain/context.js'
import type { PaymentPlan, SignedProductPayment } from '../payment/productPayment.js'
import type { Address, Hex } from '../types.js'
import { authorize, planAuthorize, signAuthorize } from './authorize.js'
import { capture } from './capture.js'
import { charge, planCharge } from './charge.js'
import { dispute } from './dispute.js'
import { findOrders } from './findOrders.js'
import { getOrder } from './getOrder.js'
import { getOwed } from './getOwed.js'
import { reclaim } from './reclaim.js'
import { planRefund, refund, signRefund, type RefundPlan } from './refund.js'
import { release } from './release.js'
import { releaseMilestone } from './releaseMilestone.js'
import { resolveByTimeout } from './resolveByTimeout.js'
import { rule } from './rule.js'
import { settle } from './settle.js'
import { signSettlement } from './signSettlement.js'
import { voidOrder } from './voidOrder.js'
import { watchOrder } from './watchOrder.js'
import { withdrawOwed } from './withdrawOwed.js'

/** Every action of an order, bound to a client. */
export type EscrowActions = {
  readonly planAuthorize: (parameters: authorize.Parameters) => Promise<PaymentPlan>
  readonly authorize: (parameters: authorize.Parameters) => Promise<authorize.ReturnType>
  readonly signAuthorize: (parameters: authorize.Parameters) => Promise<SignedProductPayment>
  readonly planCharge: (parameters: charge.Parameters) => Promise<PaymentPlan>
  readonly charge: (parameters: charge.Parameters) => Promise<charge.ReturnType>
  readonly capture: (parameters: capture.Parameters) => Promise<capture.ReturnType>
  readonly voidOrder: (parameters: voidOrder.Parameters) => Promise<voidOrder.ReturnType>
  readonly reclaim: (parameters: reclaim.Parameters) => Promise<reclaim.ReturnType>
  readonly planRefund: (parameters: refund.Parameters) => Promise<RefundPlan>
  readonly refund: (parameters: refund.Parameters) => Promise<refund.ReturnType>
  readonly signRefund: (parameters: refund.Parameters) => Promise<SignedProductPayment>
  readonly release: (parameters: release.Parameters) => Promise<release.ReturnType>
  readonly releaseMilestone: (parameters: releaseMilestone.Parameters) => Promise<releaseMilestone.ReturnType>
  readonly dispute: (parameters: dispute.Parameters) => Promise<dispute.ReturnType>
  readonly rule: (parameters: rule.Parameters) => Promise<rule.ReturnType>
  readonly resolveByTimeout: (parameters: resolveByTimeout.Parameters) => Promise<resolveByTimeout.ReturnType>
  readonly signSettlement: (parameters: signSettlement.Parameters) => Promise<Hex>
  readonly settle: (parameters: settle.Parameters) => Promise<settle.ReturnType>
  readonly withdrawOwed: (parameters: withdrawOwed.Parameters) => Promise<withdrawOwed.ReturnType>
  readonly getOwed: (parameters: getOwed.Parameters) => Promise<bigint>
  readonly getOrder: (parameters: getOrder.Parameters) => Promise<getOrder.ReturnType>
  readonly findOrders: (parameters: findOrders.Parameters) => Promise<findOrders.ReturnType>
  readonly watchOrder: (parameters: watchOrder.Parameters) => watchOrder.ReturnType
}

/**
 * Adds every action of an order to a viem client, as `client.escrow`: several products have a `charge` or a `refund`.
 *
 * @param options `contract`: address of `Escrow`; default: the known deployment on the client's chain
 *
 * @example
 * ```ts
 * import { createWalletClient, http, type LocalAccount } from 'viem'
 * import { base } from 'viem/chains'
 * import { sluiceActions } from '@sluice/sdk'
 * import { escrowActions, type Order } from '@sluice/sdk/escrow'
 *
 * async function buy(account: LocalAccount, order: Order) {
 *   const wallet = createWalletClient({ account, chain: base, transport: http() })
 *     .extend(sluiceActions())
 *     .extend(escrowActions())
 *   return await wallet.escrow.authorize({ order })
 * }
 * ```
 */
export function escrowActions(options: { readonly contract?: Address | undefined } = {}) {
  return (client: ChainClient): { readonly escrow: EscrowActions } => {
    const bound = boundTo(client, options)
    return {
      escrow: {
        planAuthorize: bound(planAuthorize),
        authorize: bound(authorize),
        signAuthorize: bound(signAuthorize),
        planCharge: bound(planCharge),
        charge: bound(charge),
        capture: bound(capture),
        voidOrder: bound(voidOrder),
        reclaim: bound(reclaim),
        planRefund: bound(planRefund),
        refund: bound(refund),
        signRefund: bound(signRefund),
        release: bound(release),
        releaseMilestone: bound(releaseMilestone),
        dispute: bound(dispute),
        rule: bound(rule),
        resolveByTimeout: bound(resolveByTimeout),
        signSettlement: bound(signSettlement),
        settle: bound(settle),
        withdrawOwed: bound(withdrawOwed),
        getOwed: bound(getOwed),
        getOrder: bound(getOrder),
        findOrders: bound(findOrders),
        watchOrder: bound(watchOrder),
      },
    }
  }
}
