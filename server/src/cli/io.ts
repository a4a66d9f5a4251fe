import { exitCodes } from './exit.js'

/** What a command may touch of the process it runs in. The one place that knows `process`. */
export type Io = {
  /** Results, for whoever reads the output. */
  readonly out: (text: string) => void
  /** Progress, warnings and errors. */
  readonly err: (text: string) => void
  /** Whether a person sees `out` on a terminal. */
  readonly outIsTerminal: boolean
  /** Whether a person can be asked. */
  readonly canAsk: boolean
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
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    columns: () => (process.stdout.isTTY ? process.stdout.columns : 80),
    env: process.env,
    directory: process.cwd(),
    home,
    onStop: (listener) => {
      stopListeners.add(listener)
      return () => stopListeners.delete(listener)
    },
  }
}
