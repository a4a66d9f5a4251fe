import { SluiceError, type Hex } from '@sluice/sdk'
import type { Clock, PayeeHub } from '@sluice/sdk/session'
import type { OutboxEntry } from '../../settlement/outbox.js'
import type { Settler } from '../../settlement/settler.js'
import type { ServerStore } from '../../store/ports.js'

/** How long the consent may take to be signed and stored, milliseconds. */
const patienceMs = 5_000

/** A number that no connection has. */
const ownSession = -1

/**
 * Closes a channel of a running server on the operator's word: the channel's own machine consents, so that it takes no
 * further voucher and a viewer that is there is told, and the settler hands it to the chain.
 *
 * @param payee the parts of the server
 * @param channelId which
 */
export async function closeServed(
  payee: {
    readonly hub: PayeeHub
    readonly settler: Pick<Settler, 'closeChannel'>
    readonly store: ServerStore
    readonly clock: Clock
  },
  channelId: Hex,
): Promise<OutboxEntry> {
  const { hub, settler, store, clock } = payee
  const channel = await hub.channel(channelId)
  if (channel === undefined) throw unknown(channelId)
  const release = hub.retain(channel)
  try {
    const { session } = channel.state()
    if (session === undefined)
      channel.attach({
        id: ownSession,
        send: () => undefined,
        displace: () => undefined,
        fail: () => undefined,
      })
    channel.receive(session ?? ownSession, { type: 'close' })
    const untilMs = clock.now() + patienceMs
    while (channel.record().consent === undefined && clock.now() < untilMs) await pause(clock, 20)
    await store.flush()
    const { id } = await settler.closeChannel(channel.record())
    const entry = await store.outbox.get(id)
    if (entry === undefined) throw unknown(channelId)
    return entry
  } finally {
    channel.detach(ownSession)
    release()
  }
}

function pause(clock: Clock, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(afterMs, resolve)
  })
}

function unknown(channelId: Hex): SluiceError {
  return new SluiceError({
    code: 'unknown-channel',
    message: 'The server does not know this channel.',
    details: channelId,
  })
}
