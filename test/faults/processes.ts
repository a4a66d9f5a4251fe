import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process of these tests: started ahead, told what to do, expected to kill itself. */
export type Started = {
  /** Tells it what to do. */
  readonly order: (orders: object) => void
  /** Its next line of output; undefined when it ended without one. */
  readonly line: () => Promise<string | undefined>
  /** The signal that ended it, or its exit code. */
  readonly ended: Promise<string | number | null>
  readonly kill: () => void
}

/** Keeps one process loaded ahead, so that loading does not count as downtime. */
export function createSpawner(
  script: string,
  /** Where compiled code is kept between the processes. */
  cache: string,
): {
  readonly next: () => Started
  readonly stop: () => void
} {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const running = new Set<Started>()
  const start = (): Started => {
    const env = { ...process.env, NODE_COMPILE_CACHE: cache }
    const started = supervise(spawn(process.execPath, [path], { env, stdio: ['pipe', 'pipe', 'inherit'] }))
    running.add(started)
    void started.ended.then(() => running.delete(started))
    return started
  }
  let ahead = start()
  return {
    next: () => {
      const ready = ahead
      ahead = start()
      return ready
    },
    stop: () => {
      for (const started of running) started.kill()
    },
  }
}

function supervise(child: ChildProcess): Started {
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('no pipes')
  // A process that kills itself may do so while it is still being told things.
  stdin.on('error', () => undefined)
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  return {
    order: (orders) => stdin.write(`${JSON.stringify(orders)}\n`),
    line: async () => {
      const next = await lines.next()
      return next.done === true ? undefined : next.value
    },
    ended: new Promise((resolve) => {
      child.on('close', (code, signal) => {
        resolve(signal ?? code)
      })
    }),
    kill: () => child.kill('SIGKILL'),
  }
}
