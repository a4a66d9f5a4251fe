/// <reference types="node" />
import { open, rename } from 'node:fs/promises'
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
