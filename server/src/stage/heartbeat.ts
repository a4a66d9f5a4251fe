import { timing, type Clock, type Transport } from '@sluice/sdk/session'

/**
 * Ends a connection on which nothing is heard: a viewer that was killed says no goodbye, and the network notices only after
 * half a minute. Payers speak at least every five seconds.
 *
 * @param transport to watch
 * @param clock tells the time
 */
export function watchSilence(transport: Transport, clock: Clock): Transport {
  let heardAtMs = clock.now()
  let cancel: (() => void) | undefined = clock.schedule(timing.silenceMs, look)

  function look(): void {
    const leftMs = heardAtMs + timing.silenceMs - clock.now()
    cancel = leftMs > 0 ? clock.schedule(leftMs, look) : undefined
    if (leftMs <= 0) transport.close('silent')
  }

  return {
    ...transport,
    onFrame: (listener) => {
      transport.onFrame((frame) => {
        heardAtMs = clock.now()
        listener(frame)
      })
    },
    onClose: (listener) => {
      transport.onClose((reason) => {
        cancel?.()
        listener(reason)
      })
    },
  }
}
