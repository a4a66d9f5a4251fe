import { SluiceError, type ChannelState, type Hex } from '@sluice/sdk'
import type { Clock, PayeeHub, PayeeRecord } from '@sluice/sdk/session'
import type { WatchListener } from '../chain/watcher.js'
import type { Settler } from '../settlement/settler.js'

export type SettlingParameters = {
  readonly hub: () => PayeeHub
  readonly settler: Settler
  /** Whether anything is settled by itself. */
  readonly automatic: boolean
  readonly clock: Clock
  readonly onFault: (error: unknown) => void
  readonly onClosed: (record: PayeeRecord) => void
  /** Whoever waits for a channel should look again. */
  readonly onChange: (channelId: Hex) => void
}

/** What passes between sessions, the chain and the settlement of one payee. */
export type Settling = {
  readonly listener: WatchListener
  readonly onSettle: () => void
  readonly onClose: (record: PayeeRecord) => void
  /** Hands an agreed close to the chain; undefined: that is left to the payer. */
  readonly close: (channelId: Hex) => Promise<Hex | undefined>
  /** Goes on with closes that a former process agreed to. */
  readonly resume: (records: readonly PayeeRecord[]) => void
  readonly stop: () => void
}

/** How long a close that could not be handed in waits, milliseconds. */
const retryMs = 15_000

/** Connects sessions, watcher and settler. */
export function createSettling(parameters: SettlingParameters): Settling {
  const { hub, settler, automatic, clock, onFault } = parameters

  const again = new Map<Hex, () => void>()

  const told = async (channelId: Hex, state: ChannelState): Promise<void> => {
    const channel = await hub()
      .channel(channelId)
      .catch((error: unknown) => {
        settler.noteState(channelId, state)
        throw error
      })
    const release = channel === undefined ? undefined : hub().retain(channel)
    const before = channel?.record()
    channel?.chain(state)
    // The channel first: once it sells nothing more, what was spent is what an end on the chain captures.
    settler.noteState(channelId, state)
    if (channel === undefined || before === undefined) return
    if (channel.record().closed && !before.closed) parameters.onClosed(channel.record())
    parameters.onChange(channelId)
    release?.()
  }

  async function close(channelId: Hex): Promise<Hex | undefined> {
    const channel = await hub().channel(channelId)
    const record = channel?.record()
    if (!automatic || channel === undefined || record === undefined || !isWorthClosing(record))
      return undefined
    const { hash } = await settler.closeChannel(record)
    channel.submitted(hash)
    return hash
  }

  /** Closes, and tries again while the chain cannot be reached. */
  function closeSoon(channelId: Hex): void {
    again.get(channelId)?.()
    again.delete(channelId)
    close(channelId).catch((error: unknown) => {
      onFault(error)
      if (!(error instanceof SluiceError)) return
      // The payer may be about to take its deposit back: what can be claimed is claimed now.
      if (error.code === 'transaction-reverted') settler.tick().catch(onFault)
      if (error.retryable) {
        again.set(
          channelId,
          clock.schedule(retryMs, () => {
            closeSoon(channelId)
          }),
        )
      }
    })
  }

  return {
    listener: { onDeposited: told, onCloseRequested: told, onClaimed: told, onClosed: told },
    onSettle: () => {
      // Whether it is worth its gas is the settler's to say.
      if (automatic) settler.tick().catch(onFault)
    },
    onClose: (record) => {
      closeSoon(record.channelId)
    },
    close,
    resume: (records) => {
      for (const record of records) if (record.consent !== undefined) closeSoon(record.channelId)
    },
    stop: () => {
      for (const cancel of again.values()) cancel()
      again.clear()
    },
  }
}

/**
 * A channel that earned nothing is closed by its payer: otherwise strangers could have this payee's gas burned by opening
 * and closing channels.
 */
function isWorthClosing({ consent }: PayeeRecord): boolean {
  return consent !== undefined && consent.capturedAmount > 0n
}
