import { zeroAddress } from '@sluice/sdk'
import type { KeptPayment, Order, OrderState } from '@sluice/sdk/escrow'
import { jsonAmount, showAmount, showMoment, type TokenInfo } from '../amounts.js'
import { toJson } from '../output.js'

type Pairs = readonly (readonly [string, string])[]

/** Terms in pairs for people; what an order does not have is left out. */
export function orderPairs(order: Order, token: TokenInfo): Pairs {
  const { operator, arbiter, feeRecipient, minFeeBps, maxFeeBps } = order
  const optional: readonly (readonly [string, string, boolean])[] = [
    ['operator', operator, operator !== zeroAddress],
    ['arbiter', arbiter, arbiter !== zeroAddress],
    ['fee', `${percent(minFeeBps)} to ${percent(maxFeeBps)}, for ${feeRecipient}`, maxFeeBps > 0],
    ['disputable', `${order.disputeWindow} seconds after each capture`, order.disputeWindow > 0],
    [
      'ruling',
      `${order.rulingWindow} seconds, then ${percent(order.defaultShareBps)} to the receiver`,
      order.disputeWindow > 0,
    ],
    ['milestones', order.milestones, !/^0x0*$/.test(order.milestones)],
  ]
  return [
    ['payer', order.payer],
    ['receiver', order.receiver],
    ['at most', showAmount(order.maxAmount, token)],
    ['captured before', showMoment(order.captureDeadline)],
    ['refunded before', showMoment(order.refundDeadline)],
    ...optional.filter(([, , given]) => given).map(([name, text]) => [name, text] as const),
  ]
}

function percent(bps: number): string {
  return `${bps / 100} %`
}

/** Where an order's money is, in pairs for people. */
export function statePairs(state: OrderState & { readonly status: string }, token: TokenInfo): Pairs {
  return [
    ['status', state.status],
    ['authorized', showAmount(state.authorized, token)],
    ['pending', pendingText(state, token)],
    ['disputed', disputedText(state, token)],
    ['released', showAmount(state.released, token)],
  ]
}

function pendingText({ pending, releasableAt }: OrderState, token: TokenInfo): string {
  return pending === 0n
    ? showAmount(pending, token)
    : `${showAmount(pending, token)}, released from ${showMoment(releasableAt)} on`
}

function disputedText({ disputed, rulableUntil }: OrderState, token: TokenInfo): string {
  return disputed === 0n
    ? showAmount(disputed, token)
    : `${showAmount(disputed, token)}, for the arbiter until ${showMoment(rulableUntil)}`
}

/** Where an order's money is, for machines. */
export function stateJson(state: OrderState & { readonly status: string }, token: TokenInfo) {
  const { status, authorized, pending, disputed, released, feeBps, releasableAt, rulableUntil } = state
  return {
    status,
    authorized: jsonAmount(authorized, token),
    pending: jsonAmount(pending, token),
    disputed: jsonAmount(disputed, token),
    released: jsonAmount(released, token),
    feeBps,
    releasableAt,
    rulableUntil,
  }
}

/** Terms for machines. */
export function orderJson(order: Order): unknown {
  return JSON.parse(toJson(order))
}

/** What could not be paid, in words. */
export function keptLine({ account, amount }: KeptPayment, token: TokenInfo): string {
  return `${account} could not be paid ${showAmount(amount, token)}; it is kept, for "sluice escrow withdraw" with its key`
}
