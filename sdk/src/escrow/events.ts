import { parseEventLogs, type Log } from 'viem'
import { escrowEvents } from '../abi/escrowEvents.js'
import type { Mined } from '../chain/transact.js'
import { SluiceError } from '../errors.js'
import type { Deployment, Hex } from '../types.js'

/** An event of `Escrow` as viem reads it. */
export type EscrowEvent = ReturnType<typeof parseEventLogs<typeof escrowEvents>>[number]

/**
 * The contract's own events among logs, in their order.
 *
 * @param logs of any contract
 * @param deployment where the contract is
 */
export function readEvents(logs: readonly Log[], { contract }: Deployment): readonly EscrowEvent[] {
  const own = logs.filter(({ address }) => address.toLowerCase() === contract.toLowerCase())
  return parseEventLogs({ abi: escrowEvents, logs: own })
}

/**
 * The event that a mined transaction must have of an order.
 *
 * @param mined the transaction
 * @param deployment where the contract is
 * @param id the order's
 * @param eventName which event
 * @throws SluiceError `internal` when it is not there, which only a node that lies can cause
 */
export function requireEvent<name extends EscrowEvent['eventName']>(
  { hash, logs }: Mined,
  deployment: Deployment,
  id: Hex,
  eventName: name,
): Extract<EscrowEvent, { eventName: name }> {
  const found = readEvents(logs, deployment).find(
    (event): event is Extract<EscrowEvent, { eventName: name }> =>
      event.eventName === eventName && 'orderId' in event.args && event.args.orderId === id,
  )
  if (found !== undefined) return found
  throw new SluiceError({
    code: 'internal',
    message: 'The transaction was mined, but the order does not show it.',
    details: `transaction ${hash} has no ${eventName} event of order ${id} from ${deployment.contract}`,
  })
}
