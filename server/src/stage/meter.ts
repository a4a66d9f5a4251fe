/** Buys media in slices ahead of forwarding it, so that nothing goes out that is not paid or within the credit (I15). */
export type MediaMeter = {
  /**
   * Whether media that reaches `milliseconds` further than all before may be forwarded now. When not, nothing of it is
   * counted, and nothing more may be until a further slice was bought: half a picture helps nobody.
   */
  readonly take: (milliseconds: number) => boolean
  /**
   * Whether this much is bought at once, such as for the last group of pictures. When not, it is asked for; ask again with
   * the next packet. Ask only for what is paid: a purchase that is refused closes the gate.
   */
  readonly afford: (milliseconds: number) => boolean
  /** Asks again at once, because the gate opened. */
  readonly retry: () => void
  readonly stop: () => void
}

export type MediaMeterParameters = {
  /** Buys milliseconds; true when they are paid or within the credit, and durably counted. */
  readonly deliver: (milliseconds: bigint) => Promise<boolean>
  readonly schedule: (delayMs: number, work: () => void) => () => void
  readonly onFault: (error: unknown) => void
}

/** What is bought at once. Half of it ahead is enough for a commit of the store, and little to have paid in vain. */
export const sliceMs = 400
const aheadMs = 200
const askAgainMs = 200

/** @param parameters where media is bought and what tells the time */
export function createMediaMeter(parameters: MediaMeterParameters): MediaMeter {
  const { deliver, schedule, onFault } = parameters
  let bought = 0
  /** What is wanted at once, beyond what is bought ahead always. */
  let wanted = 0
  let dry = true
  let asking = false
  let stopped = false
  let cancelRetry: (() => void) | undefined

  function buy(): void {
    if (asking || stopped || bought >= wanted + aheadMs) return
    const slice = Math.max(sliceMs, Math.ceil(wanted - bought))
    cancelRetry?.()
    cancelRetry = undefined
    asking = true
    deliver(BigInt(slice)).then(
      (granted) => {
        asking = false
        if (granted) {
          bought += slice
          dry = false
          buy()
        } else {
          wanted = 0
          wait()
        }
      },
      (error: unknown) => {
        asking = false
        onFault(error)
        wait()
      },
    )
  }

  function wait(): void {
    if (stopped) return
    cancelRetry = schedule(askAgainMs, () => {
      cancelRetry = undefined
      buy()
    })
  }

  return {
    take(milliseconds) {
      dry ||= milliseconds > bought
      if (!dry) bought -= milliseconds
      if (cancelRetry === undefined) buy()
      return !dry && !stopped
    },
    afford(milliseconds) {
      wanted = bought >= milliseconds ? 0 : milliseconds
      if (cancelRetry === undefined) buy()
      return wanted === 0
    },
    retry: buy,
    stop() {
      stopped = true
      cancelRetry?.()
    },
  }
}
