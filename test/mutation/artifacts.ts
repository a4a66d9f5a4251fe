import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Code } from './compile.ts'

/** A copy of the compiled contracts, without what they were compiled from. Remove it in the end. */
export function copyArtifacts(root: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-mutation-'))
  cpSync(path.join(root, 'artifacts/contracts'), path.join(folder, 'contracts'), { recursive: true })
  return folder
}

export function removeArtifacts(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Puts other code in the place of compiled contracts. */
export function putCode(folder: string, code: Code): void {
  for (const [file, bytecode] of code) {
    const artifact = path.join(folder, file, `${path.basename(file, '.sol')}.json`)
    const original = JSON.parse(readFileSync(artifact, 'utf8')) as Record<string, unknown>
    writeFileSync(artifact, JSON.stringify({ ...original, ...bytecode, immutableReferences: {} }))
  }
}
