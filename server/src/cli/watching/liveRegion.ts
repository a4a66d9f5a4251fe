/** Lines at the bottom of a terminal that are drawn over and over, with other lines scrolling above them. */
export type LiveRegion = {
  /** Draws these lines in place of the former ones. */
  readonly update: (lines: readonly string[]) => void
  /** Prints a line above the region, for good. */
  readonly log: (text: string) => void
  /** Leaves the last lines standing and gives the cursor back. */
  readonly end: () => void
}

const escape = String.fromCharCode(27)
const hideCursor = `${escape}[?25l`
const showCursor = `${escape}[?25h`
const clearBelow = `${escape}[0J`

/**
 * @param write puts text on the terminal as it is
 */
export function createLiveRegion(write: (text: string) => void): LiveRegion {
  let drawn: readonly string[] = []
  let isOver = false
  const back = (): string => (drawn.length === 0 ? hideCursor : `${escape}[${drawn.length}F${clearBelow}`)
  return {
    update: (lines) => {
      if (isOver) return
      write(`${back()}${lines.join('\n')}\n`)
      drawn = lines
    },
    log: (text) => {
      write(isOver || drawn.length === 0 ? `${text}\n` : `${back()}${text}\n${drawn.join('\n')}\n`)
    },
    end: () => {
      if (isOver) return
      isOver = true
      if (drawn.length > 0) write(showCursor)
    },
  }
}
