import { PassThrough, Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { runCommandLine } from '../../../server/dist/cli/program.js'
import type { Run, Surroundings } from './support.js'

/** What a person types when it sees a text: keys as a terminal sends them. */
export type Typed = { readonly sees: string; readonly types: string }

export const enter = '\r'
export const backspace = '\u007f'
export const ctrlC = '\u0003'

/**
 * Runs a command with a person at its terminal, who waits for what it is asked before it types. Everything but the
 * process's own streams is the real thing.
 *
 * @param args of the command line
 * @param surroundings of the run
 * @param conversation in its order
 * @returns what it left behind; `screen` is what the person saw
 */
export async function runAtTerminal(
  args: readonly string[],
  { cwd, env = {} }: Surroundings,
  conversation: readonly Typed[],
): Promise<Run & { readonly screen: string }> {
  const person = personWith(conversation)
  let stdout = ''
  let stderr = ''
  const running = runCommandLine(args, {
    out: (text) => (stdout += `${text}\n`),
    err: (text) => (stderr += `${text}\n`),
    outIsTerminal: false,
    terminal: person,
    draw: () => undefined,
    onKey: () => () => undefined,
    columns: () => 80,
    env: { ...env, NO_COLOR: '1' },
    directory: cwd,
    home: cwd,
    onStop: () => () => undefined,
  })
  const code = await Promise.race([running, setTimeout(60_000, 'waiting' as const, { ref: false })])
  const [left] = person.untyped()
  if (code === 'waiting' || left !== undefined) {
    throw new Error(`still to be asked: ${left?.sees ?? 'nothing'}; seen: ${person.seen()}${stderr}`)
  }
  return { code, stdout, stderr, screen: person.seen() }
}

function personWith(conversation: readonly Typed[]) {
  const keys = new PassThrough()
  const waiting = [...conversation]
  let seen = ''
  let since = 0
  const screen = new Writable({
    write(chunk: Buffer, _, done) {
      seen += stripVTControlCharacters(chunk.toString())
      const [next] = waiting
      if (next !== undefined && seen.includes(next.sees, since)) {
        waiting.shift()
        since = seen.length
        // Only once the question is drawn in full is anybody listening.
        setImmediate(() => type(next.types))
      }
      done()
    },
  })
  /** A key at a time, as a person does: a terminal that gets several at once takes them for pasted text. */
  const type = (rest: string) => {
    const [key, ...others] = rest
    if (key === undefined) return
    keys.write(key)
    setImmediate(() => {
      type(others.join(''))
    })
  }
  return { keys, screen, seen: () => seen, untyped: () => waiting }
}
