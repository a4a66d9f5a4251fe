/** Writes what a person sees while the tour runs: numbered steps, and one line that is written over. */
export type Screen = {
  /** Begins a step. */
  readonly step: (title: string) => void
  /** Says something within a step. */
  readonly say: (text: string) => void
  /** Shows a line that the next one replaces; on a plain output, one line every few calls. */
  readonly live: (text: string) => void
  /** Lists names and values below each other; a row without a name is a gap. */
  readonly table: (rows: readonly (readonly [string, string])[]) => void
}

/** Live lines of which one is printed where lines cannot be written over. */
const plainEvery = 4

export function createScreen(output: NodeJS.WriteStream, now: () => number): Screen {
  const terminal = output.isTTY
  const startedMs = now()
  let steps = 0
  let lives = 0
  let liveOpen = false

  function line(text: string): void {
    if (liveOpen) output.write('\n')
    liveOpen = false
    output.write(`${text}\n`)
  }

  return {
    step: (title) => {
      steps += 1
      const seconds = ((now() - startedMs) / 1000).toFixed(1).padStart(5)
      line(`\n${seconds} s  ${String(steps)}. ${title}`)
    },
    say: (text) => {
      line(`         ${text}`)
    },
    live: (text) => {
      lives += 1
      if (terminal) {
        output.write(`\r\u001B[2K         ${text}`)
        liveOpen = true
      } else if (lives % plainEvery === 1) line(`         ${text}`)
    },
    table: (rows) => {
      const width = Math.max(...rows.map(([name]) => name.length))
      for (const [name, value] of rows) line(name === '' ? '' : `         ${name.padEnd(width)}  ${value}`)
    },
  }
}
