import type { SessionListener, Transport } from '@sluice/sdk/session'
import type { TiedListener } from './payee.js'

/** Sessions that pay for what is delivered over another connection, by the id that names it. */
export type Ties = {
  readonly tie: (id: string, listener: TiedListener) => () => void
  /** Takes a connection in; one that names what is not there is ended. */
  readonly accept: (transport: Transport, media: string | undefined) => void
}

/** @param accept takes a connection in */
export function createTies(accept: (transport: Transport, listener?: SessionListener) => void): Ties {
  const waiting = new Map<string, TiedListener>()
  return {
    tie: (id, listener) => {
      waiting.set(id, listener)
      return () => {
        if (waiting.get(id) === listener) waiting.delete(id)
      }
    },
    accept: (transport, media) => {
      if (media === undefined) return accept(transport)
      const listener = waiting.get(media)
      if (listener === undefined) return transport.close('no such media connection')
      // One session pays for it, and a second one that learned the id finds nothing.
      waiting.delete(media)
      accept(transport, listener(transport))
    },
  }
}
