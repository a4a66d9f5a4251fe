import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Sees to it that a program does not outlive this one, also when this one ends by `process.exit`. */
export function endWithUs(child: ChildProcess): void {
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

/** Ends a program and waits until it is gone. */
export async function endChild(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
