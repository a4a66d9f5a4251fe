import { decodeEventLog, encodeEventTopics, type Log } from 'viem'
import { escrowEvents } from '../abi/escrowEvents.js'
import { placeOfLog, type EventPlace } from '../chain/eventWindow.js'
import type { Mined } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'
import { orderId, type Order } from './order.js'

type Split = { readonly toReceiver: bigint; readonly toPayer: bigint }

/** What happened to an order on the chain. Amounts in base units, times in seconds, rates in ten-thousandths. */
export type OrderEvent = EventPlace & { readonly orderId: Hex } & (
    | { readonly type: 'authorized'; readonly order: Order; readonly amount: bigint }
    | {
        readonly type: 'captured'
        readonly amount: bigint
        readonly feeBps: number
        readonly releasableAt: number
      }
    | { readonly type: 'released'; readonly amount: bigint; readonly fee: bigint }
    | {
        readonly type: 'milestone-released'
        readonly milestone: number
        readonly amount: bigint
        /** What of it had not been captured. */
        readonly authorized: bigint
      }
    | {
        readonly type: 'refunded'
        readonly amount: bigint
        /** What of it had been pending. */
        readonly pending: bigint
      }
    | { readonly type: 'voided'; readonly amount: bigint }
    | { readonly type: 'reclaimed'; readonly amount: bigint }
    | { readonly type: 'disputed'; readonly disputed: bigint; readonly rulableUntil: number }
    | (Split & { readonly type: 'ruled' })
    | (Split & { readonly type: 'timed-out' })
    | (Split & { readonly type: 'settled' })
  )

const names = [
  'OrderAuthorized',
  'OrderCaptured',
  'OrderReleased',
  'MilestoneReleased',
  'OrderRefunded',
  'OrderVoided',
  'OrderReclaimed',
  'OrderDisputed',
  'OrderRuled',
  'OrderTimedOut',
  'OrderSettled',
] as const

/** The first topics of all events about orders. */
export const orderEventTopics: readonly Hex[] = names.map(
  (eventName) => encodeEventTopics({ abi: escrowEvents, eventName })[0],
)

/** The first topic of `OrderAuthorized`. */
export const authorizedTopic: Hex = encodeEventTopics({ abi: escrowEvents, eventName: 'OrderAuthorized' })[0]

/**
 * Reads one log. Undefined when it is no event of an order, is another contract's, is still pending, or names terms
 * whose hash is not its id, which only a node that lies can produce.
 *
 * @param log of any contract
 * @param deployment where the contract lives
 */
export function readEvent(log: Log, deployment: Deployment): OrderEvent | undefined {
  if (log.address.toLowerCase() !== deployment.contract.toLowerCase()) return undefined
  const place = placeOfLog(log)
  if (place === undefined) return undefined
  const event = decode(log)
  switch (event?.eventName) {
    case 'OrderAuthorized': {
      const { orderId: id, order, amount } = event.args
      if (orderId({ ...deployment, order }) !== id) return undefined
      return { ...place, type: 'authorized', orderId: id, order, amount }
    }
    case 'OrderCaptured':
      return { ...place, ...event.args, type: 'captured', releasableAt: Number(event.args.releasableAt) }
    case 'OrderReleased':
      return { ...place, ...event.args, type: 'released' }
    case 'MilestoneReleased':
      return { ...place, ...event.args, type: 'milestone-released', milestone: Number(event.args.milestone) }
    case 'OrderRefunded':
      return { ...place, ...event.args, type: 'refunded' }
    case 'OrderVoided':
      return { ...place, ...event.args, type: 'voided' }
    case 'OrderReclaimed':
      return { ...place, ...event.args, type: 'reclaimed' }
    case 'OrderDisputed':
      return { ...place, ...event.args, type: 'disputed', rulableUntil: Number(event.args.rulableUntil) }
    case 'OrderRuled':
      return { ...place, ...event.args, type: 'ruled' }
    case 'OrderTimedOut':
      return { ...place, ...event.args, type: 'timed-out' }
    case 'OrderSettled':
      return { ...place, ...event.args, type: 'settled' }
    default:
      return undefined
  }
}

function decode({ data, topics }: Log) {
  try {
    return decodeEventLog({ abi: escrowEvents, data, topics })
  } catch {
    return undefined
  }
}

/**
 * The events of one order in a mined transaction.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the order's
 */
export function eventsOf({ logs }: Mined, deployment: Deployment, id: Hex): readonly OrderEvent[] {
  return logs
    .map((log) => readEvent(log, deployment))
    .filter((event) => event !== undefined)
    .filter((event) => event.orderId === id)
}

/**
 * The event that a mined transaction must have of an order.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the order's
 * @param type which event
 * @throws SluiceError `internal` when it is not there, which only a node that lies can cause
 */
export function requireEvent<type extends OrderEvent['type']>(
  mined: Mined,
  deployment: Deployment,
  id: Hex,
  type: type,
): Extract<OrderEvent, { type: type }> {
  const found = eventsOf(mined, deployment, id).find(
    (event): event is Extract<OrderEvent, { type: type }> => event.type === type,
  )
  if (found !== undefined) return found
  throw new SluiceError({
    code: 'internal',
    message: 'The transaction was mined, but the order does not show it.',
    details: `transaction ${mined.hash} has no event "${type}" of order ${id} from ${deployment.contract}`,
  })
}
