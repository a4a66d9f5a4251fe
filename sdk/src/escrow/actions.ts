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
  return (client: ChainClient): { readonly escrow: EscrowActions } => ({
    escrow: {
      planAuthorize: (parameters) => planAuthorize(client, { ...options, ...parameters }),
      authorize: (parameters) => authorize(client, { ...options, ...parameters }),
      signAuthorize: (parameters) => signAuthorize(client, { ...options, ...parameters }),
      planCharge: (parameters) => planCharge(client, { ...options, ...parameters }),
      charge: (parameters) => charge(client, { ...options, ...parameters }),
      capture: (parameters) => capture(client, { ...options, ...parameters }),
      voidOrder: (parameters) => voidOrder(client, { ...options, ...parameters }),
      reclaim: (parameters) => reclaim(client, { ...options, ...parameters }),
      planRefund: (parameters) => planRefund(client, { ...options, ...parameters }),
      refund: (parameters) => refund(client, { ...options, ...parameters }),
      signRefund: (parameters) => signRefund(client, { ...options, ...parameters }),
      release: (parameters) => release(client, { ...options, ...parameters }),
      releaseMilestone: (parameters) => releaseMilestone(client, { ...options, ...parameters }),
      dispute: (parameters) => dispute(client, { ...options, ...parameters }),
      rule: (parameters) => rule(client, { ...options, ...parameters }),
      resolveByTimeout: (parameters) => resolveByTimeout(client, { ...options, ...parameters }),
      signSettlement: (parameters) => signSettlement(client, { ...options, ...parameters }),
      settle: (parameters) => settle(client, { ...options, ...parameters }),
      withdrawOwed: (parameters) => withdrawOwed(client, { ...options, ...parameters }),
      getOwed: (parameters) => getOwed(client, { ...options, ...parameters }),
      getOrder: (parameters) => getOrder(client, { ...options, ...parameters }),
      findOrders: (parameters) => findOrders(client, { ...options, ...parameters }),
      watchOrder: (parameters) => watchOrder(client, { ...options, ...parameters }),
    },
  })
}
