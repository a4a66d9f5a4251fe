import type { Clock, PayeeSession } from '@sluice/sdk/session'

/** What is sold: a piece of 100 ms every 100 ms, offered again while the gate is closed, until `isOver`. */
export async function feed(session: PayeeSession, clock: Clock, isOver: () => boolean): Promise<void> {
  for (let piece = 0; !isOver(); piece += 1) {
    await session.sendData(100n, piece)
    await new Promise<void>((resolve) => {
      clock.schedule(100, resolve)
    })
  }
}
