/**
 * A process that saves without end and prints what was acknowledged, until it is killed or the disk is full.
 * Arguments: the database, how many channels.
 */
import { writeSync } from 'node:fs'
import { SluiceError } from '@sluice/sdk'
import { openSqliteStore } from '../../../server/dist/store/sqlite.js'
import { systemClock } from './clocks.ts'
import { recordOf, tipOf } from './records.ts'

const [path = '', channels = '1'] = process.argv.slice(2)
const store = openSqliteStore({ path, clock: systemClock, flushEveryMs: 2 })
const print = (line: string) => writeSync(1, `${line}\n`)

async function write(number: number): Promise<void> {
  for (let amount = 1n; ; amount += 1n) {
    const tip = amount % 10n === 0n ? tipOf(number, String(amount)) : undefined
    try {
      await store.save(recordOf(number, { accepted: amount, signature: `0x${'ab'.repeat(64)}` }), tip)
      print(`acknowledged ${number} ${amount}`)
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error
      print(`refused ${number} ${error.code} ${error.retryable} ${store.health().ok}`)
      return
    }
  }
}

print('started 0 0')
await Promise.all(Array.from({ length: Number(channels) }, (_, number) => write(number)))
