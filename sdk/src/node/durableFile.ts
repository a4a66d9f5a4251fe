/// <reference types="node" />
import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../errors.js'

/**
 * Replaces a file as a whole or not at all, readable by this user only; on the disk when the promise resolves.
 *
 * @param directory that holds the file
 * @param path of the file
 * @param text its new content
 */
export async function replaceFile(directory: string, path: string, text: string): Promise<void> {
  const draft = `${path}.${String(process.pid)}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncDirectory(directory)
}

/** Makes the rename itself durable. Windows has no such call and needs none. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Turns "no such file" into `fallback` and lets every other error through. */
export function orMissing<fallback>(fallback: fallback) {
  return (error: unknown): fallback => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return fallback
    throw error
  }
}

/**
 * Says what failed and where when the disk does.
 *
 * @param what could not be read or written, for the person
 * @param directory for the developer
 * @param work that may fail
 * @throws SluiceError `store-failed`
 */
export async function guardDisk<result>(
  what: string,
  directory: string,
  work: () => Promise<result>,
): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError({
      code: 'store-failed',
      message: `${what} could not be read or written.`,
      details: `${directory}: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'retry',
      retryable: true,
      cause,
    })
  }
}

/** Told of a damaged file that a list leaves out. */
export type OnDamaged = (error: SluiceError) => void

/** What becomes of a damaged file that nobody asked to be told of: Node prints the warning. */
export const warnOfDamage: OnDamaged = ({ message, details }) => {
  process.emitWarning(`${message} ${details ?? ''}`, { code: 'SLUICE_DAMAGED_FILE' })
}

/**
 * Reads every file of a directory whose name matches. One that is damaged keeps the others from nothing: it stays where
 * it is and is told.
 *
 * @param directory may be missing, which counts as empty
 * @param name of the files
 * @param read throws `store-failed` for a damaged file, answers undefined for one that is gone
 * @param onDamaged is told what `read` threw
 */
export async function readEach<value>(
  directory: string,
  name: RegExp,
  read: (path: string) => Promise<value | undefined>,
  onDamaged: OnDamaged,
): Promise<value[]> {
  const names = await readdir(directory).catch(orMissing<string[]>([]))
  const found = await Promise.all(
    names
      .filter((each) => name.test(each))
      .map((each) =>
        read(join(directory, each)).catch((error: unknown) => {
          if (!(error instanceof SluiceError) || error.code !== 'store-failed') throw error
          onDamaged(error)
          return undefined
        }),
      ),
  )
  return found.filter((each) => each !== undefined)
}
