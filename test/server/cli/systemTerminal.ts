import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { program, type Surroundings } from './support.js'
import type { Typed } from './terminal.js'

/** How long a conversation may take, milliseconds. */
const patienceMs = 60_000

/**
 * Runs the command at a terminal of the operating system, with a person who waits for what it is asked, and for each key to
 * be shown, before it types the next. `script` makes the terminal; it is part of every Debian and of macOS.
 *
 * @param args of the command line
 * @param surroundings of the run
 * @param conversation in its order
 * @returns the exit code, and what the person saw
 */
export async function runAtSystemTerminal(
  args: readonly string[],
  { cwd, env = {} }: Surroundings,
  conversation: readonly Typed[],
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const command = [process.execPath, program, ...args]
  const child = spawn('script', scriptArguments(command), {
    cwd,
    env: { ...process.env, ...env, HOME: cwd, TERM: 'xterm', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: patienceMs,
  })
  const waiting = [...conversation]
  let keys = ''
  let screen = ''
  let since = 0
  child.stdout.on('data', (chunk: Buffer) => {
    screen += stripVTControlCharacters(chunk.toString())
    const [next] = waiting
    if (keys === '' && next !== undefined && screen.includes(next.sees, since)) {
      waiting.shift()
      since = screen.length
      keys = next.types
    }
    child.stdin.write(keys.slice(0, 1))
    keys = keys.slice(1)
  })
  // A terminal that is gone takes no more keys.
  child.stdin.on('error', () => undefined)
  const [code] = (await once(child, 'close').catch((cause: unknown) => {
    throw new Error('There is no "script", which makes terminals: install bsdutils (Debian).', { cause })
  })) as [number | null]
  if (waiting[0] !== undefined) throw new Error(`still to be asked: ${waiting[0].sees}; seen: ${screen}`)
  return { code, screen }
}

function scriptArguments(command: readonly string[]): readonly string[] {
  if (process.platform === 'darwin') return ['-q', '/dev/null', ...command]
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
  return ['--quiet', '--return', '--command', quoted.join(' '), '/dev/null']
}
