import type { Readable, Writable } from 'node:stream'
import { exitCodes } from './exit.js'

/** Where a person is asked: its keys, and what it sees. */
export type Terminal = { readonly keys: Readable; readonly screen: Writable }

/** What a command may touch of the process it runs in. The one place that knows `process`. */
export type Io = {
  /** Results, for whoever reads the output. */
  readonly out: (text: string) => void
  /** Progress, warnings and errors. */
  readonly err: (text: string) => void
  /** Whether a person sees `out` on a terminal. */
  readonly outIsTerminal: boolean
  /** Where a person can be asked; undefined when nobody is there. */
  readonly terminal: Terminal | undefined
  /** Text on the terminal as it is, without a new line. */
  readonly draw: (text: string) => void
  /** Calls the listener for each key pressed, until the returned function is called; nothing without a terminal. */
  readonly onKey: (listener: (key: string) => void) => () => void
  readonly columns: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly directory: string
  readonly home: string
  /**
   * Calls the listener when the process is asked to end (Ctrl-C, SIGTERM); until the returned function is called, the
   * process does not end by itself. Without a listener it ends with code 130.
   */
  readonly onStop: (listener: () => void) => () => void
}

/**
 * The real thing.
 *
 * @param process this process
 * @param home the person's own directory
 */
export function processIo(process: NodeJS.Process, home: string): Io {
  const stopListeners = new Set<() => void>()
  const stop = (): void => {
    if (stopListeners.size === 0) process.exit(exitCodes.interrupted)
    for (const listener of [...stopListeners]) listener()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    outIsTerminal: process.stdout.isTTY,
    // Questions are no results: stdout stays for those.
    terminal: process.stdin.isTTY && process.stderr.isTTY ? terminalOf(process) : undefined,
    draw: (text) => process.stdout.write(text),
    onKey: (listener) => {
      const { stdin } = process
      if (!stdin.isTTY) return () => undefined
      const read = (chunk: Buffer): void => {
        for (const key of chunk.toString()) {
          // In raw mode Ctrl-C is a key like any other.
          if (key === String.fromCharCode(3)) stop()
          else listener(key)
        }
      }
      stdin.setRawMode(true)
      stdin.on('data', read)
      stdin.resume()
      return () => {
        stdin.off('data', read)
        stdin.setRawMode(false)
        stdin.pause()
      }
    },
    // Some terminals do not know their width and say zero.
    columns: () => (process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : 80),
    env: process.env,
    directory: process.cwd(),
    home,
    onStop: (listener) => {
      stopListeners.add(listener)
      return () => stopListeners.delete(listener)
    },
  }
}

/** Some terminals do not know their size and say zero, where a question would be drawn a letter a line. */
function terminalOf({ stdin: keys, stderr: screen }: NodeJS.Process): Terminal {
  if (screen.columns === 0) Object.assign(screen, { columns: 80, rows: 24 })
  return { keys, screen }
}
