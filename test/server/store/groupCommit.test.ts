import { once } from 'node:events'
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

describe('group commit on a disk that is flushed beside', () => {
  /** Writes that say what becomes of them, and flushes of the disk that end when told. */
  function world() {
    const said: string[] = []
    const flushes: { resolve: () => void; reject: (error: Error) => void }[] = []
    let fails = false
    const commits = createGroupCommit({
      flushEveryMs: 10,
      maxBatch: 512,
      clock: createManualClock(),
      transactions: {
        begin: () => {
          if (fails) throw new Error('no space')
        },
        commit: () => said.push('commit'),
        rollback: () => undefined,
        sync: () =>
          new Promise((resolve, reject) => {
            said.push('flush')
            flushes.push({ resolve, reject })
          }),
      },
    })
    const write = (name: string): Promise<void> => {
      commits.enqueue({
        apply: () => said.push(name),
        committed: () => said.push(`${name} is durable`),
        failed: ({ details }) => said.push(`${name} failed: ${details ?? ''}`),
      })
      return commits.flush()
    }
    return {
      commits,
      said,
      write,
      flushes,
      failNext: (value: boolean) => {
        fails = value
      },
    }
  }

  it('calls nothing durable before the disk has it, and one flush serves all that came meanwhile (I16)', async () => {
    const { commits, said, write, flushes } = world()
    const first = write('a')
    const second = write('b')
    const third = write('c')
    expect(said).to.deep.equal(['a', 'commit', 'flush', 'b', 'commit', 'c', 'commit'])
    flushes[0]?.resolve()
    await first
    expect(said.slice(7)).to.deep.equal(['a is durable', 'flush'])
    let isSettled = false
    void commits.settled().then(() => (isSettled = true))
    await new Promise(setImmediate)
    expect(isSettled).to.equal(false)
    flushes[1]?.resolve()
    await Promise.all([second, third, commits.settled()])
    expect(said.slice(9)).to.deep.equal(['b is durable', 'c is durable'])
    expect(flushes).to.have.length(2)
  })

  it('answers in order also when a transaction between fails', async () => {
    const { said, write, flushes, failNext } = world()
    const first = write('a')
    failNext(true)
    const second = write('b')
    failNext(false)
    const third = write('c')
    flushes[0]?.resolve()
    await first
    flushes[1]?.resolve()
    await Promise.all([second, third])
    const answers = said.filter((each) => each.includes(' '))
    expect(answers).to.deep.equal([
      'a is durable',
      'b failed: a transaction of 1 writes failed: no space',
      'c is durable',
    ])
  })

  it('promises nothing any more after a flush that failed: the next would not tell of what was lost (I16)', async () => {
    const { commits, said, write, flushes } = world()
    const first = write('a')
    const second = write('b')
    flushes[0]?.reject(new Error('input/output error'))
    await Promise.all([first, second])
    const third = write('c')
    await third
    const lost = 'the disk did not take a transaction: input/output error'
    expect(said.filter((each) => each.includes('failed'))).to.deep.equal([
      `a failed: ${lost}`,
      `b failed: ${lost}`,
      `c failed: ${lost}`,
    ])
    expect(commits.health()).to.deep.equal({ ok: false, problem: lost })
  })
})

describe('group commit whose writers write again as soon as they are told', () => {
  const folder = useFolder()

  function world() {
    const said: string[] = []
    const commits = createGroupCommit({
      flushEveryMs: 10,
      maxBatch: 1,
      clock: createManualClock(),
      transactions: { begin: () => undefined, commit: () => undefined, rollback: () => undefined },
    })
    const write = (name: string, then: () => void = () => undefined): void => {
      commits.enqueue({
        apply: () => said.push(name),
        committed: () => {
          then()
          said.push(`${name} is durable`)
        },
        failed: () => undefined,
      })
    }
    return { commits, said, write }
  }

  it('tells them after all who wrote before', () => {
    const { said, write } = world()
    write('a', () => {
      write('b', () => {
        write('c')
      })
    })
    expect(said).to.deep.equal(['a', 'b', 'a is durable', 'c', 'b is durable', 'c is durable'])
  })

  /** The fault of a program that nobody catches. */
  async function uncaught(work: () => void | Promise<void>): Promise<Error> {
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    try {
      const thrown = once(process, 'uncaughtException')
      await work()
      const [error] = (await thrown) as [Error]
      return error
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener)
    }
  }

  const fault = (): never => {
    throw new Error('a fault of the program')
  }

  it('goes on telling others when one throws, and lets the program know', async () => {
    const { said, write } = world()
    const error = await uncaught(() => {
      write('a', fault)
      write('b')
    })
    expect(error.message).to.equal('a fault of the program')
    expect(said).to.deep.equal(['a', 'b', 'b is durable'])
  })

  it('goes on telling others of the same channel too', async () => {
    const store = openSqliteStore({ path: folder.file('store.db'), clock: createManualClock() })
    const said: string[] = []
    const error = await uncaught(async () => {
      void store.save(recordOf(1, { accepted: 1n }), undefined, { saved: fault, unsaved: fault })
      void store.save(recordOf(1, { accepted: 0n }), undefined, {
        saved: () => said.push('saved'),
        unsaved: () => said.push('refused'),
      })
      await store.flush()
    })
    expect(error.message).to.equal('a fault of the program')
    expect(said).to.deep.equal(['refused'])
    await store.close()
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
