import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { failure } from './exit.js'
import { writeNewFile } from './files.js'
import type { Io } from './io.js'

/** Where the stream key comes from when it shall lie in no file. */
export const streamKeyVariable = 'SLUICE_STREAM_KEY'

/**
 * The stream key: from the environment, or from a file that only this user can read.
 *
 * @param io the environment
 * @param path of the file
 * @throws CommandError exit code 1 when there is none, or others can read the file
 */
export async function loadStreamKey(io: Io, path: string): Promise<string> {
  const given = io.env[streamKeyVariable]
  if (given !== undefined && given !== '') return given
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(
      `There is no stream key at ${path}.`,
      `Run "sluice init --stage", or set ${streamKeyVariable}.`,
      { cause },
    )
  })
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw failure(`Others can read the stream key in ${path}.`, `Run: chmod 600 ${path}`)
  }
  return text.trim()
}

/**
 * Writes a new stream key, readable by this user only.
 *
 * @param path of the file
 * @returns the key, which is shown once; undefined when there is a file already, which is kept
 */
export async function createStreamKey(path: string): Promise<string | undefined> {
  if (existsSync(path)) return undefined
  const key = randomBytes(24).toString('base64url')
  await writeNewFile(path, `${key}\n`, { mode: 0o600, force: false })
  return key
}
