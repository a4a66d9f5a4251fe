import { expect } from 'chai'
import { createGroupCommit } from '../../../server/dist/store/groupCommit.js'
import { openSqliteStore } from '../../../server/dist/store/sqlite.js'
import { createManualClock } from './clocks.js'
import { useFolder } from './folders.js'
import { idOf, recordOf } from './records.js'

describe('group commit on a slow disk', () => {
  /** Commits take so long; answers after how many milliseconds each batch of one write was due. */
  function pausesOf(commitMs: readonly number[]): number[] {
    let nowMs = 0
    let due: { afterMs: number; action: () => void } | undefined
    const durations = commitMs.values()
    const commits = createGroupCommit({
      flushEveryMs: 10,
      maxBatch: 512,
      clock: {
        now: () => nowMs,
        schedule: (afterMs, action) => {
          due = { afterMs, action }
          return () => (due = undefined)
        },
      },
      transactions: {
        begin: () => undefined,
        commit: () => {
          nowMs += durations.next().value ?? 0
        },
        rollback: () => undefined,
      },
    })
    return commitMs.map(() => {
      commits.enqueue({ apply: () => undefined, committed: () => undefined, failed: () => undefined })
      const { afterMs = -1, action } = due ?? {}
      nowMs += afterMs
      action?.()
      return afterMs
    })
  }

  it('waits no longer than 10 ms between transactions while they are quick', () => {
    expect(pausesOf([0, 0, 0, 0])).to.deep.equal([0, 10, 10, 10])
    expect(Math.max(...pausesOf(Array.from({ length: 40 }, () => 2)))).to.equal(10)
  })

  it('keeps transactions to a fifth of the time, and makes no write wait longer than 100 ms', () => {
    const pauses = pausesOf(Array.from({ length: 60 }, () => 10))
    expect(Math.round(pauses.at(-1) ?? 0)).to.equal(40)
    expect(Math.max(...pausesOf(Array.from({ length: 40 }, () => 50)))).to.equal(100)
  })

  it('is as quick as before once the disk is', () => {
    const pauses = pausesOf([...Array.from({ length: 20 }, () => 12), ...Array.from({ length: 40 }, () => 0)])
    expect(pauses.at(-1)).to.equal(10)
  })
})

describe('group commit under a crowd that comes at once', () => {
  const folder = useFolder()

  it('makes no transaction for the load of a channel that nothing is waiting for', async () => {
    const clock = createManualClock()
    const store = openSqliteStore({ path: folder.file('store.db'), clock })
    const saved = store.save(recordOf(1))
    expect(await store.load(idOf(2))).to.equal(undefined)
    expect(await store.tips(idOf(2))).to.deep.equal([])
    expect(clock.waiting()).to.have.length(1)
    expect(await store.load(idOf(1))).to.deep.equal(recordOf(1))
    expect(clock.waiting()).to.have.length(0)
    await saved
    await store.close()
  })
})
