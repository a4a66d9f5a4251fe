#!/usr/bin/env node
// Packs a package as `npm publish` would and has two tools look at what its users would get.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { quietly, root, run, StepFailed } from './run/process.mjs'

const directory = path.join(root, process.argv[2] ?? '')
const temporary = mkdtempSync(path.join(tmpdir(), 'sluice-pack-'))
try {
  await quietly('publint', ['run', directory, '--strict'])
  const { code, output } = await run('npm', ['pack', '--silent', '--pack-destination', temporary], {
    cwd: directory,
  })
  if (code !== 0) throw new StepFailed(output)
  const tarball = output.trim().split('\n').at(-1) ?? ''
  await quietly('attw', [path.join(temporary, tarball), '--profile', 'esm-only', '--no-emoji'])
} catch (error) {
  if (!(error instanceof StepFailed)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(temporary, { recursive: true })
}
