/** Longest server-sent event that is taken from a source, bytes. */
const longestEvent = 1_048_576

const empty = new Uint8Array(0)

/**
 * Cuts a stream of server-sent events between events, so that the payment's own events can be put in between.
 *
 * @returns a function that takes a chunk and gives the whole events there are by now, and what is left at the end
 */
export function createEventCutter(): {
  readonly push: (chunk: Uint8Array) => Uint8Array
  readonly rest: () => Uint8Array
} {
  let held: Uint8Array = empty
  return {
    push: (chunk) => {
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const end = endOfLastEvent(all)
      held = all.subarray(end)
      if (held.length > longestEvent) throw new RangeError(`an event of more than ${longestEvent} bytes`)
      return all.subarray(0, end)
    },
    rest: () => {
      const last = held
      held = empty
      return last
    },
  }
}

/** The position after the last blank line; 0 when there is none. Lines end in LF or CRLF. */
function endOfLastEvent(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at > 0; at -= 1) {
    if (bytes[at] !== 0x0a) continue
    const before = bytes[at - 1] === 0x0d ? at - 2 : at - 1
    if (before >= 0 && bytes[before] === 0x0a) return at + 1
  }
  return 0
}

/**
 * One server-sent event. The data is on one line, as readers of the scheme expect.
 *
 * @param name of the event
 * @param data anything JSON can hold
 */
export function serverSentEvent(name: string, data: object): Uint8Array {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
}
