import { RTCPeerConnection, useH264, useOPUS, useVP8, type RTCDataChannel } from 'werift'
import type { Clock, PayeeSession, Price, SessionListener, Transport } from '@sluice/sdk/session'
import { createDataChannelTransport } from './dataChannel.js'
import { createDelivery } from './delivery.js'
import { describe } from './describe.js'
import { watchSilence } from './heartbeat.js'
import type { Network } from './network.js'
import type { Media, Publisher } from './publisher.js'

/** One viewer's connection: its tracks, its gate, and the session that pays for it. */
export type Viewer = {
  readonly id: string
  readonly answer: string
  /** The gate of the viewer's channel opened or closed. */
  readonly gate: () => void
  /** Milliseconds of media that went out to it. */
  readonly delivered: () => number
  readonly close: () => Promise<void>
}

export type ViewerParameters = {
  readonly id: string
  readonly offer: string
  readonly publisher: Publisher
  readonly network: Network
  readonly clock: Clock
  /** Takes the viewer's data channel in. */
  readonly accept: (transport: Transport, listener: SessionListener) => void
  /** Lets a WebSocket session pay instead; the returned function gives it up. */
  readonly tie: (listener: (transport: Transport) => SessionListener) => () => void
  /** What a session that joins now pays. */
  readonly price: () => Price
  /** A session was proven to speak for a channel that pays. */
  readonly onJoined: (session: PayeeSession, viewer: Viewer) => void
  readonly onLeft: (session: PayeeSession, viewer: Viewer) => void
  readonly onEnd: () => void
  readonly onFault: (error: unknown) => void
}

/** The label of the data channel that carries sessions. */
export const sessionLabel = 'sluice'
/** How long a connection may stand without a session that pays, milliseconds. */
const unpaidMs = 30_000

/**
 * Accepts a viewer's offer (WHEP). Nothing is forwarded before a session on its data channel, or the WebSocket session tied
 * to it, pays; audio goes on for as long as the credit lasts, video only while media is paid ahead.
 *
 * @param parameters the viewer's offer and its surroundings
 * @throws SluiceError `malformed-message` when the offer cannot be answered
 */
export async function acceptViewer(parameters: ViewerParameters): Promise<Viewer> {
  const { id, publisher, clock, onFault } = parameters
  const connection = new RTCPeerConnection({
    ...parameters.network,
    // A viewer is sent what the publisher sends: nothing is transcoded.
    codecs: { video: [publisher.video === 'H264' ? useH264() : useVP8()], audio: [useOPUS()] },
  })
  connection.onRemoteTransceiverAdded.subscribe((transceiver) => {
    transceiver.setDirection('sendonly')
  })
  await describe(connection, parameters.offer)

  const transports = new Set<Transport>()
  let payer: Transport | undefined
  let over = false
  const senderOf = (kind: Media['kind']) =>
    connection.getTransceivers().find((transceiver) => transceiver.kind === kind && !transceiver.rejected)
      ?.sender
  const delivery = createDelivery({
    publisher,
    senders: {
      video: publisher.video === undefined ? undefined : senderOf('video'),
      audio: publisher.hasAudio ? senderOf('audio') : undefined,
    },
    // What is sent to nobody's address is delivered to nobody. The connection's own state also waits for the data channel,
    // which need not come.
    isReachable: () => connection.dtlsTransports.every(({ state }) => state === 'connected'),
    price: parameters.price,
    clock,
    onFault,
  })

  const close = async (): Promise<void> => {
    if (over) return
    over = true
    cancelIdle()
    untie()
    delivery.stop()
    for (const transport of transports) transport.close('closed')
    parameters.onEnd()
    await connection.close()
  }
  const closeLater = (): void => {
    close().catch(onFault)
  }
  const viewer: Viewer = {
    id,
    answer: connection.localDescription?.sdp ?? '',
    gate: delivery.retry,
    delivered: delivery.delivered,
    close,
  }
  const listen = (transport: Transport): SessionListener => {
    transports.add(transport)
    return {
      onJoined: (session) => {
        if (payer !== undefined) return transport.close('another session pays')
        payer = transport
        cancelIdle()
        delivery.paidBy(session)
        parameters.onJoined(session, viewer)
      },
      onLeft: (session) => {
        if (payer !== transport) return
        parameters.onLeft(session, viewer)
        // Whose session is gone cannot pay; it comes back on a connection of its own.
        closeLater()
      },
    }
  }

  const cancelIdle = clock.schedule(unpaidMs, closeLater)
  const untie = parameters.tie(listen)
  connection.onDataChannel.subscribe((channel: RTCDataChannel) => {
    if (channel.label !== sessionLabel || over) return
    const transport = watchSilence(createDataChannelTransport(channel, closeLater), clock)
    const accept = (): void => {
      parameters.accept(transport, listen(transport))
    }
    // The payee speaks first, which it can only on an open channel.
    if (channel.readyState === 'open') accept()
    else {
      channel.stateChanged.subscribe((state) => {
        if (state === 'open') accept()
      })
    }
  })
  connection.connectionStateChange.subscribe((state) => {
    if (state === 'failed' || state === 'closed' || state === 'disconnected') closeLater()
  })
  return viewer
}
