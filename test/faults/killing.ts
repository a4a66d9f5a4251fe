import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoredTip } from '@sluice/sdk/session'

/** Whether to kill thousands of times. */
export const deep = process.env['SLUICE_DEEP'] === '1'

/** How much faster than real the clocks of all sides are. */
export const speed = 20

/** How long a process may run until it reaches its point, milliseconds of real time: the network and the disk are. */
const patienceMs = 60_000

/** For Mocha: how long a test of kills may take, milliseconds. */
export const timeoutMs = deep ? 5_400_000 : 600_000

/** Runs in a folder of its own, which is gone afterwards. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-faults-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Waits for what a process should come to; `what` says what did not happen. */
export function withinPatience<Value>(work: Promise<Value>, what: () => string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(what()))
    }, patienceMs)
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
    })
  })
}

/** What tips are worth together, base units. */
export const sum = (tips: readonly StoredTip[]): bigint =>
  tips.reduce((total, { amount }) => total + amount, 0n)
