import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { restoreBackup } from '../../../server/dist/store/backup.js'
import { openSqliteStore } from '../../../server/dist/store/sqlite.js'
import { systemClock as clock } from './clocks.js'
import { useFolder } from './folders.js'
import { idOf, recordOf } from './records.js'

const writer = fileURLToPath(new URL('./writer.ts', import.meta.url))

async function refusal(promise: Promise<unknown>): Promise<SluiceError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).to.be.instanceOf(SluiceError)
  return error as SluiceError
}

describe('backup and restore', () => {
  const folder = useFolder()

  it('copies a consistent state while the store is written to', async () => {
    const store = openSqliteStore({ path: folder.file('store.db'), clock })
    await Promise.all(Array.from({ length: 2_000 }, (_, number) => store.save(recordOf(number))))
    const state = { running: true }
    const writing = (async () => {
      // Both channels always move together, so a torn copy would show them apart.
      for (let accepted = 1n; state.running; accepted += 1n) {
        await Promise.all([store.save(recordOf(1, { accepted })), store.save(recordOf(2, { accepted }))])
      }
    })()
    const report = await store.backup(folder.file('backup.db'))
    state.running = false
    await writing
    await store.close()
    expect(report.channels).to.equal(2_000)
    const copy = openSqliteStore({ path: folder.file('backup.db'), clock })
    const [one, two] = await Promise.all([copy.load(idOf(1)), copy.load(idOf(2))])
    expect(one?.accepted).to.equal(two?.accepted)
    await copy.close()
  })

  it('copies beside a server in another process that commits every few milliseconds', async () => {
    const path = folder.file('store.db')
    const store = openSqliteStore({ path, clock })
    await Promise.all(Array.from({ length: 5_000 }, (_, number) => store.save(recordOf(number + 10))))
    await store.close()
    const child = spawn(process.execPath, [writer, path, '3'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    let acknowledged = 0
    lines.on('line', (line) => (acknowledged += line.startsWith('acknowledged') ? 1 : 0))
    await once(lines, 'line')
    const reader = openSqliteStore({ path, clock, readOnly: true })
    const before = acknowledged
    const report = await reader.backup(folder.file('backup.db'))
    expect(acknowledged, 'the server went on meanwhile').to.be.greaterThan(before)
    await reader.close()
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(report.channels).to.be.within(5_000, 5_003)
    const copy = openSqliteStore({ path: folder.file('backup.db'), clock })
    expect(await copy.listAll()).to.have.length(report.channels)
    await copy.close()
  })

  it('replaces an older backup only by a complete one', async () => {
    const store = openSqliteStore({ path: folder.file('store.db'), clock })
    await store.save(recordOf(1))
    await store.backup(folder.file('backup.db'))
    await store.save(recordOf(2))
    expect((await store.backup(folder.file('backup.db'))).channels).to.equal(2)
    expect((await refusal(store.backup(folder.file('no/such/folder/backup.db')))).code).to.equal(
      'store-failed',
    )
    expect((await refusal(store.backup(store.path))).message).to.equal('A backup needs a file of its own.')
    expect(store.health().ok).to.equal(true)
    await store.close()
    expect(readdirSync(dirname(folder.file('x'))).filter((name) => name.includes('partial'))).to.deep.equal(
      [],
    )
  })

  it('restores onto an empty place, ready for use', async () => {
    const store = openSqliteStore({ path: folder.file('store.db'), clock })
    await store.save(recordOf(1, { accepted: 9n }))
    await store.backup(folder.file('backup.db'))
    await store.close()
    const report = await restoreBackup({ from: folder.file('backup.db'), to: folder.file('new.db') })
    expect(report).to.deep.include({ replaced: undefined, behind: [] })
    expect(report.restored.channels).to.equal(1)
    const restored = openSqliteStore({ path: folder.file('new.db'), clock })
    expect((await restored.load(idOf(1)))?.accepted).to.equal(9n)
    await restored.close()
  })

  it('refuses to replace a newer database, and tells what is lost when forced (old backup restored)', async () => {
    const path = folder.file('store.db')
    const store = openSqliteStore({ path, clock })
    await store.save(recordOf(1, { accepted: 9n }))
    await store.save(recordOf(2, { accepted: 9n }))
    await store.backup(folder.file('backup.db'))
    await store.save(recordOf(1, { accepted: 10n }))
    await store.save(recordOf(3))
    await store.close()

    const refused = await refusal(restoreBackup({ from: folder.file('backup.db'), to: path }))
    expect(refused.message).to.equal('The database in place is newer than the backup. Nothing was changed.')
    const untouched = openSqliteStore({ path, clock })
    expect((await untouched.load(idOf(1)))?.accepted).to.equal(10n)
    await untouched.close()

    const report = await restoreBackup({ from: folder.file('backup.db'), to: path, force: true })
    expect(report.behind).to.deep.equal([idOf(1), idOf(3)])
    expect(report.warnings.join(' ')).to.contain('hands its highest voucher over again')
    const restored = openSqliteStore({ path, clock })
    expect((await restored.load(idOf(1)))?.accepted).to.equal(9n)
    // The payer comes back with its higher voucher: nothing is lost.
    await restored.save(recordOf(1, { accepted: 10n }))
    await restored.close()
    const kept = openSqliteStore({ path: report.replaced?.keptAt ?? '', clock })
    expect((await kept.load(idOf(1)))?.accepted).to.equal(10n)
    await kept.close()
  })

  it('replaces the same or an older state of the same database without force', async () => {
    const path = folder.file('store.db')
    const store = openSqliteStore({ path, clock })
    await store.save(recordOf(1))
    await store.backup(folder.file('first.db'))
    await store.save(recordOf(2))
    await store.backup(folder.file('second.db'))
    await store.close()
    expect((await restoreBackup({ from: folder.file('second.db'), to: path })).restored.channels).to.equal(2)
    await restoreBackup({ from: folder.file('first.db'), to: path, force: true })
    expect((await restoreBackup({ from: folder.file('second.db'), to: path })).restored.channels).to.equal(2)
  })

  it('refuses the backup of another database, a running server, and what is no backup', async () => {
    const path = folder.file('store.db')
    const other = openSqliteStore({ path: folder.file('other.db'), clock })
    await other.save(recordOf(1))
    await other.backup(folder.file('backup.db'))
    await other.close()
    const store = openSqliteStore({ path, clock })
    expect((await refusal(restoreBackup({ from: folder.file('backup.db'), to: path }))).details).to.contain(
      'in use',
    )
    await store.close()
    const foreign = await refusal(restoreBackup({ from: folder.file('backup.db'), to: path }))
    expect(foreign.message).to.contain('is not the one this backup was made of')
    writeFileSync(folder.file('nonsense.db'), 'x'.repeat(5_000))
    expect((await refusal(restoreBackup({ from: folder.file('nonsense.db'), to: path }))).code).to.equal(
      'store-failed',
    )
    expect((await refusal(restoreBackup({ from: folder.file('missing.db'), to: path }))).details).to.contain(
      'no backup',
    )
    expect(existsSync(path)).to.equal(true)
  })
})
