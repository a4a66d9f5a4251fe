import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { SluiceError } from '@sluice/sdk'

/** A file, by its path below the folder with `/` between the parts. */
export type FolderFile = { readonly name: string; readonly bytes: Buffer }

/**
 * Reads a folder into memory, but for what is hidden and for links, which may lead out of it.
 *
 * @param folder path
 * @param mostBytes that it may hold together
 * @throws SluiceError `invalid-argument` when it cannot be read or is too large
 */
export async function readFolder(folder: string, mostBytes: number): Promise<readonly FolderFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new SluiceError({
      code: 'invalid-argument',
      message: `The folder ${folder} cannot be read.`,
      details: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  })
  const files: FolderFile[] = []
  let total = 0
  for (const entry of entries) {
    const name = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
    if (!entry.isFile() || name.split('/').some((part) => part.startsWith('.'))) continue
    const bytes = await readFile(join(folder, name))
    total += bytes.length
    if (total > mostBytes) {
      throw new SluiceError({
        code: 'invalid-argument',
        message: `The folder ${folder} is too large to be served.`,
        details: `more than ${mostBytes} bytes; is it the folder of the built pages?`,
      })
    }
    files.push({ name, bytes })
  }
  return files
}
