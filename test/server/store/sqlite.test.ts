import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { applicationId, migrations } from '../../../server/dist/store/schema.js'
import { openSqliteStore } from '../../../server/dist/store/sqlite.js'
import { createManualClock, systemClock } from './clocks.js'
import { describeStore } from './conformance.js'
import { useFolder } from './folders.js'
import { idOf, recordOf, tipOf } from './records.js'

const writer = fileURLToPath(new URL('./writer.ts', import.meta.url))
const signature = `0x${'ab'.repeat(64)}` as const

function refusal(action: () => unknown): SluiceError {
  try {
    action()
  } catch (error) {
    expect(error).to.be.instanceOf(SluiceError)
    return error as SluiceError
  }
  throw new Error('expected a SluiceError, nothing was thrown')
}

describe('SQLite store', () => {
  const folder = useFolder()

  describeStore('SQLite', (clock) => {
    const path = folder.file('store.db')
    let store = openSqliteStore({ path, clock })
    return Promise.resolve({
      store,
      reopen: async () => {
        await store.close()
        store = openSqliteStore({ path, clock })
        return store
      },
      end: () => store.close(),
    })
  })

  describe('group commit', () => {
    it('resolves no save before the commit that holds it (I16)', async () => {
      const clock = createManualClock()
      const store = openSqliteStore({ path: folder.file('store.db'), clock })
      let acknowledged = 0
      const saved = store.save(recordOf(1)).then(() => (acknowledged += 1))
      await Promise.resolve()
      expect(acknowledged).to.equal(0)
      const beside = openSqliteStore({ path: folder.file('store.db'), clock, readOnly: true })
      expect(await beside.load(idOf(1))).to.equal(undefined)
      clock.advance(0)
      expect(await beside.load(idOf(1))).to.deep.equal(recordOf(1))
      await saved
      expect(acknowledged).to.equal(1)
      await beside.close()
      await store.close()
    })

    it('commits at once after a quiet spell and every 10 ms under load', async () => {
      const clock = createManualClock()
      const store = openSqliteStore({ path: folder.file('store.db'), clock })
      const first = store.save(recordOf(1))
      expect(clock.waiting()).to.deep.equal([0])
      clock.advance(0)
      await first
      clock.advance(3)
      const second = store.save(recordOf(2))
      void store.save(recordOf(3))
      expect(clock.waiting()).to.deep.equal([7])
      clock.advance(7)
      await second
      clock.advance(50)
      void store.save(recordOf(4))
      expect(clock.waiting()).to.deep.equal([0])
      await store.close()
    })

    it('commits without waiting when a batch is full', async () => {
      const clock = createManualClock()
      const store = openSqliteStore({ path: folder.file('store.db'), clock, maxBatch: 3 })
      await Promise.all([1n, 2n, 3n].map((accepted) => store.save(recordOf(1, { accepted }))))
      expect(clock.waiting()).to.deep.equal([])
      await store.close()
    })

    it('flushes what is queued when it is closed', async () => {
      const clock = createManualClock()
      const path = folder.file('store.db')
      const store = openSqliteStore({ path, clock })
      const save = store.save(recordOf(1))
      await store.close()
      await save
      const reopened = openSqliteStore({ path, clock })
      expect(await reopened.load(idOf(1))).to.deep.equal(recordOf(1))
      await reopened.close()
    })
  })

  describe('crashes', () => {
    it('loses nothing acknowledged when the process is killed mid-write (I16)', async () => {
      const path = folder.file('store.db')
      for (const killAfter of [1, 7, 40, 150]) {
        const child = spawn(process.execPath, [writer, path, '5'], { stdio: ['ignore', 'pipe', 'inherit'] })
        const acknowledged = new Map<number, bigint>()
        let count = 0
        for await (const line of createInterface({ input: child.stdout })) {
          const [word, number, amount] = line.split(' ')
          if (word === 'acknowledged') acknowledged.set(Number(number), BigInt(amount ?? '0'))
          if ((count += 1) === killAfter) child.kill('SIGKILL')
        }
        const store = openSqliteStore({ path, clock: systemClock })
        for (const [number, amount] of acknowledged) {
          const record = await store.load(idOf(number))
          expect(
            (record?.accepted ?? 0n) >= amount,
            `channel ${number}: ${record?.accepted} < ${amount}`,
          ).to.equal(true)
          expect((await store.tips(idOf(number))).length >= Number(amount / 10n)).to.equal(true)
        }
        if (killAfter > 7) expect(acknowledged.size).to.equal(5)
        await store.close()
        rmSync(path)
      }
    })

    it('refuses what no longer fits on the disk, says so, and keeps what it acknowledged', async () => {
      const path = folder.file('store.db')
      // The limit on file size is in blocks of 512 or 1,024 bytes; writes beyond it fail as on a full disk.
      const run = spawnSync(
        'sh',
        ['-c', `ulimit -f 300; exec "${process.execPath}" "${writer}" "${path}" 3`],
        {
          encoding: 'utf8',
        },
      )
      const lines = run.stdout.trim().split('\n')
      const acknowledged = lines.filter((line) => line.startsWith('acknowledged'))
      const refused = lines.filter((line) => line.startsWith('refused'))
      expect(run.status, run.stderr).to.equal(0)
      expect(acknowledged).not.to.have.length(0)
      expect(refused).to.have.length(3)
      for (const line of refused) expect(line).to.match(/^refused \d store-failed true false$/)
      const store = openSqliteStore({ path, clock: systemClock })
      for (const line of acknowledged) {
        const [, number, amount] = line.split(' ')
        const accepted = (await store.load(idOf(Number(number))))?.accepted ?? 0n
        expect(accepted >= BigInt(amount ?? '0')).to.equal(true)
      }
      await store.close()
    })
  })

  describe('opening', () => {
    it('keeps a second server out, also one with another name for the file, and lets it in afterwards', async () => {
      const path = folder.file('store.db')
      const store = openSqliteStore({ path, clock: systemClock })
      const error = refusal(() =>
        openSqliteStore({ path: folder.file('./x/../store.db'), clock: systemClock }),
      )
      expect(error.code).to.equal('store-failed')
      expect(error.message).to.equal(
        'Another server is using this database. Stop it first, or use another file.',
      )
      await store.close()
      await openSqliteStore({ path, clock: systemClock }).close()
    })

    it('keeps a second process out, and lets it in once the first was killed', async () => {
      const path = folder.file('store.db')
      const child = spawn(process.execPath, [writer, path, '1'], { stdio: ['ignore', 'pipe', 'inherit'] })
      const lines = createInterface({ input: child.stdout })
      await new Promise((resolve) => lines.once('line', resolve))
      expect(refusal(() => openSqliteStore({ path, clock: systemClock })).details).to.contain('in use')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      await openSqliteStore({ path, clock: systemClock }).close()
    })

    it('may be read beside a running server, and written by nobody but it', async () => {
      const path = folder.file('store.db')
      expect(refusal(() => openSqliteStore({ path, clock: systemClock, readOnly: true })).code).to.equal(
        'store-failed',
      )
      const store = openSqliteStore({ path, clock: systemClock })
      await store.save(recordOf(1), tipOf(1, 'a'))
      const reader = openSqliteStore({ path, clock: systemClock, readOnly: true })
      expect(await reader.list()).to.deep.equal([recordOf(1)])
      const error = await reader.save(recordOf(2)).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'store-failed' })
      await reader.close()
      expect(store.health()).to.deep.equal({ ok: true, problem: undefined })
      await store.close()
    })

    it('brings a database of an older version up to date and loses nothing', async () => {
      const path = folder.file('store.db')
      const raw = new DatabaseSync(path)
      raw.exec(migrations[0] ?? '')
      raw.exec(`PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = 1`)
      raw.exec("INSERT INTO meta VALUES ('deployment', '31337')")
      raw.close()
      const store = openSqliteStore({ path, clock: systemClock })
      await store.documents.put('kind', 'id', 'text')
      expect(await store.documents.get('kind', 'id')).to.equal('text')
      expect(await store.meta.get('deployment')).to.equal('31337')
      await store.close()
    })

    it('refuses a database of a newer version of the program and leaves it alone', async () => {
      const path = folder.file('store.db')
      await openSqliteStore({ path, clock: systemClock }).close()
      const raw = new DatabaseSync(path)
      raw.exec('PRAGMA user_version = 99')
      raw.close()
      const error = refusal(() => openSqliteStore({ path, clock: systemClock }))
      expect(error.details).to.contain('schema version 99')
      expect(error.message).to.equal('The database was written by a newer version. Update this program.')
      const after = new DatabaseSync(path)
      expect(after.prepare('PRAGMA user_version').get()?.['user_version']).to.equal(99)
      after.close()
    })

    it('refuses a database of another program', () => {
      const path = folder.file('store.db')
      const raw = new DatabaseSync(path)
      raw.exec('CREATE TABLE things (id INTEGER)')
      raw.close()
      expect(refusal(() => openSqliteStore({ path, clock: systemClock })).details).to.contain(
        'another program',
      )
    })

    it('refuses what is no database and what is damaged', async () => {
      const nonsense = folder.file('nonsense.db')
      writeFileSync(nonsense, 'x'.repeat(10_000))
      expect(refusal(() => openSqliteStore({ path: nonsense, clock: systemClock })).code).to.equal(
        'store-failed',
      )

      const path = folder.file('store.db')
      const store = openSqliteStore({ path, clock: systemClock })
      const saves = Array.from({ length: 300 }, (_, number) => store.save(recordOf(number, { signature })))
      await Promise.all(saves)
      await store.close()
      const bytes = readFileSync(path)
      bytes.fill(0x5a, 4096 * 12, 4096 * 20)
      writeFileSync(path, bytes)
      const error = refusal(() => openSqliteStore({ path, clock: systemClock }))
      expect(error.message).to.equal('The database is damaged. Restore the last backup.')
    })
  })
})
