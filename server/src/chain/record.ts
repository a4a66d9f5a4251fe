import type { ChannelState } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'

/**
 * A record with what the chain says now. `claimed` never falls in a record: when a reorganisation takes a claim back,
 * the settlement transaction is sent again, and nothing else depends on it.
 *
 * @param record as stored
 * @param state from the watcher
 */
export function applyChainState(record: PayeeRecord, state: ChannelState): PayeeRecord {
  return {
    ...record,
    deposited: state.deposited,
    claimed: state.claimed > record.claimed ? state.claimed : record.claimed,
    openedAt: state.openedAt === 0 ? record.openedAt : state.openedAt,
    closeRequestedAt: state.closeRequestedAt,
    closed: state.closed,
  }
}

/** What a record says of the chain. */
export function chainStateOf(record: PayeeRecord): ChannelState {
  const { deposited, claimed, openedAt, closeRequestedAt, closed } = record
  return { deposited, claimed, openedAt, closeRequestedAt, closed }
}

/**
 * The state a payee should act on: money only as deep as it asks for, bad news at once.
 *
 * @param latest of the newest block
 * @param confirmed as many blocks deep as the payee asks for
 */
export function cautious(latest: ChannelState, confirmed: ChannelState): ChannelState {
  return {
    deposited: latest.deposited < confirmed.deposited ? latest.deposited : confirmed.deposited,
    claimed: latest.claimed < confirmed.claimed ? latest.claimed : confirmed.claimed,
    openedAt: confirmed.openedAt,
    closeRequestedAt: latest.closeRequestedAt,
    closed: latest.closed,
  }
}

/** Whether two states say the same. */
export function sameState(a: ChannelState, b: ChannelState): boolean {
  return (
    a.deposited === b.deposited &&
    a.claimed === b.claimed &&
    a.openedAt === b.openedAt &&
    a.closeRequestedAt === b.closeRequestedAt &&
    a.closed === b.closed
  )
}
