import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The command, as it is run. */
export const program = fileURLToPath(new URL('../../../server/dist/cli/main.js', import.meta.url))

/** What one run of the command left behind. */
export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Surroundings = {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** One event of a command that runs on, as it prints it with `--json`. */
export type Event = Readonly<Record<string, unknown>> & { readonly event?: string }

/** A command that runs on. */
export type Running = {
  /** Every event so far. */
  readonly events: readonly Event[]
  /** Resolves with the first event, past or future, that fits; rejects when the command ends before. */
  readonly until: (fits: (event: Event) => boolean) => Promise<Event>
  readonly signal: (signal: NodeJS.Signals) => void
  /** Resolves when it has ended. */
  readonly ended: Promise<Run>
}

/** Runs a command to its end. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<Run> {
  return collect(start(args, surroundings))
}

/** Runs a command with `--json` to its end and reads what it says. */
export async function runJson(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<Run & { readonly value: Record<string, unknown> }> {
  const result = await run([...args, '--json'], surroundings)
  return { ...result, value: parse(result.stdout) }
}

/** Starts a command that runs on, with `--json`. */
export function launch(args: readonly string[], surroundings: Surroundings): Running {
  const child = start([...args, '--json'], surroundings)
  const events: Event[] = []
  const waiting = new Set<() => void>()
  if (child.stdout === null) throw new Error('no stdout')
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(parse(line))
    for (const look of [...waiting]) look()
  })
  const ended = collect(child)
  return {
    events,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(fits)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
        void ended.then(({ code, stderr }) => {
          look()
          reject(
            new Error(`it ended with ${String(code)} before: ${JSON.stringify(events.at(-1))} ${stderr}`),
          )
        })
      }),
    signal: (signal) => child.kill(signal),
    ended,
  }
}

/** An empty folder, gone after the work. */
export async function temporaryFolder(): Promise<{
  readonly path: string
  readonly remove: () => Promise<void>
}> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-cli-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

function start(args: readonly string[], { cwd, env = {} }: Surroundings): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('SLUICE_') && name !== 'NODE_OPTIONS',
  )
  return spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), HOME: cwd, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function collect(child: ChildProcess): Promise<Run> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}
