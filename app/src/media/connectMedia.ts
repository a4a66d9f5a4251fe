import { connectWebSocket, type Transport } from '@sluice/sdk/session'

/** Reaches a payee's sessions by WebSocket, on which the pieces of a feed travel. */
export function connectMedia(url: string): Promise<Transport> {
  return connectWebSocket(url)
}
