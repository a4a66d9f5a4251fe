import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'

/** A raw client: frames as they come, and how it ended. */
export type RawConnection = {
  readonly socket: WebSocket
  readonly frames: Record<string, unknown>[]
  /** The next frame of a type, or one that came already and was not asked for. */
  readonly frame: (type: string) => Promise<Record<string, unknown>>
  readonly send: (frame: string | Buffer | object) => void
  /** Resolves when the connection is over. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** Connects; resolves when the connection is open. */
export async function connectRaw(url: string, options: ClientOptions = {}): Promise<RawConnection> {
  const socket = new WebSocket(url, options)
  const frames: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as Record<string, unknown>)
    for (const look of [...waiting]) look()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
    })
  })
  socket.on('error', () => undefined)
  await Promise.race([once(socket, 'open'), closed])
  return {
    socket,
    frames,
    closed,
    frame: (type) =>
      new Promise((resolve) => {
        const look = (): void => {
          const at = frames.findIndex((frame) => frame['type'] === type)
          const [found] = at < 0 ? [] : frames.splice(at, 1)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    send: (frame) => {
      const raw = typeof frame === 'string' || Buffer.isBuffer(frame)
      socket.send(raw ? frame : JSON.stringify({ v: 1, ...frame }))
    },
  }
}

/** The status a server refuses an upgrade with. */
export function refusedStatus(url: string, options: ClientOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options)
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (_, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('the connection was taken'))
    })
  })
}
