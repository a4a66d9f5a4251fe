import type { Message } from '../messages.js'
import type { PayeeChannel } from './channelPorts.js'

/** A connection that speaks for a channel. */
export type PayeeSession = {
  readonly id: number
  readonly channel: PayeeChannel
  /**
   * Sends a piece of a feed that travels on the session's own connection, once it is paid. False: the gate is closed.
   *
   * @param units metering units the piece counts for
   * @param payload anything JSON can hold
   */
  readonly sendData: (units: bigint, payload: unknown) => Promise<boolean>
  /** Frames that were sent and have not left yet, bytes: who reads slowly should be sent less. */
  readonly bufferedBytes: () => number
}

/** Who brought a connection is told when it speaks for a channel, and when it is gone. */
export type SessionListener = {
  readonly onJoined: (session: PayeeSession) => void
  readonly onLeft: (session: PayeeSession) => void
}

/**
 * A session over one connection.
 *
 * @param id of the connection
 * @param channel it speaks for
 * @param send queues a message on it
 * @param bufferedBytes of it
 */
export function createSession(
  id: number,
  channel: PayeeChannel,
  send: (message: Message) => void,
  bufferedBytes: () => number,
): PayeeSession {
  let sequence = 0
  return {
    id,
    channel,
    bufferedBytes,
    sendData: async (units, payload) => {
      let problem: { readonly error: unknown } | undefined
      const granted = await channel.deliver(units, () => {
        if (channel.state().session !== id) return
        sequence += 1
        try {
          send({ type: 'data', sequence, units, payload })
        } catch (error) {
          problem = { error }
        }
      })
      if (problem !== undefined) throw problem.error
      return granted
    },
  }
}
