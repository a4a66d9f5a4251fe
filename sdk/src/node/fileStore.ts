/// <reference types="node" />
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../errors.js'
import type { PayerRecord, PayerStore } from '../session/ports.js'
import { keepHighest } from '../store/keepHighest.js'
import type { Hex } from '../types.js'
import { guardDisk, orMissing, readEach, replaceFile, warnOfDamage, type OnDamaged } from './durableFile.js'

export type FileStoreOptions = {
  /** Where the files go, one a channel; made with mode 0700 when missing. */
  readonly directory: string
  /** Told of each damaged file that `list` leaves out; `get` throws for it. Default: a warning of the process. */
  readonly onDamaged?: OnDamaged
}

/**
 * A payer's store in files. A file is replaced as a whole or not at all and is on the disk when `put` resolves.
 *
 * @param options where
 * @returns a store whose functions throw `store-failed` when the disk fails or the file asked for is damaged
 */
export function createFileStore(options: FileStoreOptions): PayerStore {
  const { directory, onDamaged = warnOfDamage } = options
  const what = 'The record of this stream'
  let writes: Promise<unknown> = Promise.resolve()

  function inOrder(work: () => Promise<void>): Promise<void> {
    const done = writes.then(() => guardDisk(what, directory, work))
    writes = done.catch(() => undefined)
    return done
  }

  return {
    put: (record) =>
      inOrder(async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        const path = pathOf(directory, record.channelId)
        // A damaged file is replaced: what is put is at least readable.
        const stored = await read(path).catch(() => undefined)
        await replaceFile(directory, path, encode(keepHighest(stored, record)))
      }),
    get: (channelId) => guardDisk(what, directory, () => read(pathOf(directory, channelId))),
    list: () =>
      guardDisk(what, directory, () => readEach(directory, /^0x[0-9a-f]{64}\.json$/, read, onDamaged)),
    delete: (channelId) =>
      inOrder(async () => {
        await rm(pathOf(directory, channelId), { force: true })
      }),
  }
}

function pathOf(directory: string, channelId: Hex): string {
  const name = channelId.toLowerCase()
  if (/^0x[0-9a-f]{64}$/.test(name)) return join(directory, `${name}.json`)
  throw new SluiceError({
    code: 'invalid-argument',
    message: 'This is not the id of a channel.',
    details: `expected 32 bytes of hex, found ${channelId}`,
  })
}

/** Amounts stand in the file as `{"bigint":"5"}`, since JSON has no integers of that size. */
function encode(record: PayerRecord): string {
  const amounts = (_: string, value: unknown): unknown =>
    typeof value === 'bigint' ? { bigint: value.toString() } : value
  return `${JSON.stringify(record, amounts, 2)}\n`
}

async function read(path: string): Promise<PayerRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(orMissing(undefined))
  if (text === undefined) return undefined
  const value = decode(text)
  if (isRecord(value)) return value
  throw new SluiceError({
    code: 'store-failed',
    message: 'The record of this stream is damaged.',
    details: `${path} holds no channel; the chain and the payee still know it`,
    action: 'resync',
  })
}

/** Undefined when it is no JSON, or has an amount that is none. */
function decode(text: string): unknown {
  try {
    return JSON.parse(text, (_, part: unknown) => (isAmount(part) ? BigInt(part.bigint) : part))
  } catch {
    return undefined
  }
}

function isAmount(value: unknown): value is { readonly bigint: string } {
  return typeof value === 'object' && value !== null && 'bigint' in value && typeof value.bigint === 'string'
}

function isRecord(value: unknown): value is PayerRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'channelId' in value &&
    'channel' in value &&
    'offer' in value &&
    'signed' in value &&
    typeof value.signed === 'bigint' &&
    'units' in value &&
    typeof value.units === 'bigint'
  )
}
