import { open, rename, rm } from 'node:fs/promises'
import { refused, type CommandError } from './exit.js'

/**
 * Writes a file that appears complete or not at all.
 *
 * @param path of the file
 * @param text its content
 * @param options `mode`: who may read it; `force`: replaces a file that is there
 * @throws CommandError exit code 3 when it is there and `force` is false
 */
export async function writeNewFile(
  path: string,
  text: string,
  options: { readonly mode: number; readonly force: boolean },
): Promise<void> {
  // Without force the name itself is taken first, so that two commands at once cannot both win.
  if (!options.force) await reserve(path, options.mode)
  const draft = `${path}.${process.pid}.draft`
  try {
    const file = await open(draft, 'wx', options.mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    if (!options.force) await rm(path, { force: true })
    throw error
  }
}

async function reserve(path: string, mode: number): Promise<void> {
  try {
    const file = await open(path, 'wx', mode)
    await file.close()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw alreadyThere(path)
    }
    throw error
  }
}

/**
 * The error for a file that nobody said may be replaced.
 *
 * @param path of the file
 */
export function alreadyThere(path: string): CommandError {
  return refused(
    `${path} is there already and was left as it is.`,
    'Use another name, or --force to replace it.',
  )
}
