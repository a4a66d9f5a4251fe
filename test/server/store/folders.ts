import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of its own for each test of the suite it is called in. */
export function useFolder(): { readonly file: (name: string) => string } {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-store-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  return { file: (name) => join(folder, name) }
}
