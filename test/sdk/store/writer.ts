/**
 * A process that puts records without end and prints each amount that was put, until it is killed.
 * Argument: the directory.
 */
import { writeSync } from 'node:fs'
import { createFileStore } from '../../../sdk/dist/node/index.js'
import { payerRecord } from '../session/parties.ts'

const store = createFileStore({ directory: process.argv[2] ?? '' })
for (let signed = 1n; ; signed += 1n) {
  await store.put(payerRecord({ signed, signature: `0x${signed.toString(16).padStart(64, '0')}` }))
  writeSync(1, `${signed}\n`)
}
