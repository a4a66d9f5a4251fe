import { SluiceError } from '@sluice/sdk'
import type { Clock, PayeeSession, Random } from '@sluice/sdk/session'
import type { Payee } from '../payee/payee.js'
import type { Network } from './network.js'
import { acceptPublisher, type Publisher } from './publisher.js'
import { acceptViewer, type Viewer } from './viewer.js'

/** A live stream on this server: one publisher, and viewers who pay for what is forwarded to them. */
export type Stage = {
  /** Takes a publisher in, in place of the one before. */
  readonly publish: (offer: string) => Promise<{ readonly id: string; readonly answer: string }>
  /** @throws SluiceError `payee-offline` while nobody publishes */
  readonly watch: (offer: string) => Promise<{ readonly id: string; readonly answer: string }>
  /** Ends a publisher or viewer; false when there is none of this id, and none has ended lately. */
  readonly end: (id: string) => Promise<boolean>
  /** Ends the publisher, if there is one, and with it what its viewers see. */
  readonly endPublisher: () => Promise<void>
  readonly status: () => StageStatus
  readonly close: () => Promise<void>
}

/** Who ended lately and may still say goodbye: ending the connection itself is often faster than the request to end it. */
const mostRemembered = 1_000

export type StageStatus = { readonly live: boolean; readonly viewers: number }

export type StageParameters = {
  readonly payee: Pick<Payee, 'hub' | 'offer' | 'on' | 'tie'>
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly onFault: (error: unknown) => void
  /** Connections at once. */
  readonly mostViewers: number
}

/** @param parameters the payee that sells the stream, by the second */
export function createStage(parameters: StageParameters): Stage {
  const { payee, network, clock, onFault } = parameters
  const viewers = new Map<string, Viewer>()
  const gone = new Set<string>()
  let publisher: { readonly id: string; readonly publisher: Publisher } | undefined

  function remember(id: string): void {
    gone.add(id)
    for (const oldest of gone) if (gone.size > mostRemembered) gone.delete(oldest)
  }

  const newId = (): string => Buffer.from(parameters.random(16)).toString('hex')
  const byChannel = new Map<string, Viewer>()
  const stopGates = payee.on('gate', ({ record, open }) => {
    if (open) byChannel.get(record.channelId)?.gate()
  })

  async function endAll(): Promise<void> {
    await Promise.all([...viewers.values()].map((viewer) => viewer.close()))
  }

  return {
    async publish(offer) {
      const id = newId()
      const next = await acceptPublisher(offer, network, clock)
      const before = publisher
      publisher = { id, publisher: next }
      next.onEnd(() => {
        remember(id)
        if (publisher?.id !== id) return
        publisher = undefined
        // Their tracks are the publisher's; they come back when somebody publishes again.
        endAll().catch(onFault)
      })
      if (before !== undefined) {
        await before.publisher.close()
        await endAll()
      }
      return { id, answer: next.answer }
    },

    async watch(offer) {
      if (publisher === undefined) {
        throw new SluiceError({
          code: 'payee-offline',
          message: 'The stream has not begun.',
          details: 'nobody publishes',
          action: 'wait',
          retryable: true,
        })
      }
      if (viewers.size >= parameters.mostViewers) {
        throw new SluiceError({
          code: 'rate-limited',
          message: 'The stream is full.',
          details: `${viewers.size} viewers, at most ${parameters.mostViewers}`,
          action: 'wait',
          retryable: true,
        })
      }
      const id = newId()
      const viewer = await acceptViewer({
        id,
        offer,
        publisher: publisher.publisher,
        network,
        clock,
        accept: payee.hub.accept,
        tie: (listener) => payee.tie(id, listener),
        price: () => priceOf(payee.offer),
        onJoined: (session, joining) => {
          byChannel.set(channelOf(session), joining)
        },
        onLeft: (session, leaving) => {
          if (byChannel.get(channelOf(session)) === leaving) byChannel.delete(channelOf(session))
        },
        onEnd: () => {
          viewers.delete(id)
          remember(id)
        },
        onFault,
      })
      viewers.set(id, viewer)
      return { id, answer: viewer.answer }
    },

    async end(id) {
      if (publisher?.id === id) {
        await publisher.publisher.close()
        return true
      }
      const viewer = viewers.get(id)
      await viewer?.close()
      return viewer !== undefined || gone.has(id)
    },

    async endPublisher() {
      await publisher?.publisher.close()
    },

    status: () => ({ live: publisher !== undefined, viewers: viewers.size }),

    async close() {
      stopGates()
      const last = publisher
      publisher = undefined
      await Promise.all([last?.publisher.close(), endAll()])
    },
  }
}

function channelOf(session: PayeeSession): string {
  return session.channel.record().channelId
}

function priceOf({ price: amount, unit, per }: Payee['offer']) {
  return { amount, unit, per }
}
