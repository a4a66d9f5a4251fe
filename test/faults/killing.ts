import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { StoredTip } from '@sluice/sdk/session'
import { createSpawner } from './processes.js'

/** Whether to kill thousands of times. */
export const deep = process.env['SLUICE_DEEP'] === '1'

/** How much faster than real the clocks of all sides are. */
export const speed = 20

/** How long a process may run until it reaches its point, milliseconds of real time: the network and the disk are. */
const patienceMs = 60_000

/** For Mocha: how long a test of kills may take, milliseconds. */
export const timeoutMs = deep ? 5_400_000 : 600_000

/** Runs in a folder of its own, which is gone afterwards. */
async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-faults-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export type Spawner = ReturnType<typeof createSpawner>

/** One channel whose process is killed at every point up to the last; answers with how often it was. */
export type KillAtEveryPoint = (
  path: string,
  directory: string,
  spawner: Spawner,
  lastPoint: number,
) => Promise<number>

/**
 * Kills a process at every point of several channels, one after the other, each with a database and a folder of its own.
 *
 * @param script of the process
 * @param plan how many channels, up to which point, and how many kills that has to come to
 * @param killAtEveryPoint does it for one channel
 */
export function killInChannels(
  script: string,
  plan: { readonly channels: number; readonly lastPoint: number; readonly atLeast: number },
  killAtEveryPoint: KillAtEveryPoint,
): Promise<void> {
  return inFolder(async (folder) => {
    const spawner = createSpawner(script, join(folder, 'cache'))
    let kills = 0
    try {
      for (let channel = 0; channel < plan.channels; channel += 1) {
        const [path, directory] = [join(folder, `${channel}.db`), join(folder, `${channel}`)]
        kills += await killAtEveryPoint(path, directory, spawner, plan.lastPoint)
      }
    } finally {
      spawner.stop()
    }
    console.log(`      ${kills} kills`)
    expect(kills).to.be.at.least(plan.atLeast)
  })
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
