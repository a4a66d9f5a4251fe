/**
 * The sequence numbers of one track towards one viewer. A gate leaves no hole in them: a receiver would take it for loss
 * and ask for what was never meant for it (RFC 3550, 5.1).
 */
export type SequenceRewriter = {
  /**
   * The number a packet goes out under; undefined when it belongs before the last opening.
   *
   * @param incoming the publisher's 16-bit number
   */
  readonly next: (incoming: number) => number | undefined
  /** What comes next continues where the last packet ended, whatever its number. */
  readonly reopen: () => void
}

const modulus = 0x1_0000

/** @param first number of the first packet */
export function createSequenceRewriter(first: number): SequenceRewriter {
  let last = (first - 1 + modulus) % modulus
  let opening: { readonly incoming: number; readonly outgoing: number } | undefined

  return {
    next(incoming) {
      opening ??= { incoming, outgoing: (last + 1) % modulus }
      const since = distance(opening.incoming, incoming)
      if (since < 0) return undefined
      const outgoing = (opening.outgoing + since) % modulus
      if (distance(last, outgoing) > 0) last = outgoing
      // The origin moves along, so that half the circle is never exceeded in a long run.
      if (since > modulus / 4) opening = { incoming, outgoing }
      return outgoing
    },
    reopen() {
      opening = undefined
    },
  }
}

/** How far `to` lies after `from` on the circle of 16-bit numbers; negative: before. */
export function distance(from: number, to: number): number {
  const forward = (to - from + modulus) % modulus
  return forward < modulus / 2 ? forward : forward - modulus
}
