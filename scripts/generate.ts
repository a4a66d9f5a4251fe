/**
 * Writes what the packages need from the compiled contracts and the recorded deployments.
 * `node scripts/generate.ts` writes, `node scripts/generate.ts --check` fails when a committed file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { addressesModule } from './generate/addresses.ts'
import { abiModules, bytecodeModule } from './generate/artifact.ts'
import { compileAlone } from './generate/compile.ts'
import { creationAddress, salt } from './generate/creation.ts'

const root = path.resolve(import.meta.dirname, '..')

async function generate(): Promise<Map<string, string>> {
  const streamChannels = await compileAlone(root, 'StreamChannels')
  return new Map([
    ...[...abiModules('streamChannels', streamChannels)].map(
      ([file, text]) => [`sdk/src/abi/${file}`, text] as const,
    ),
    [
      'sdk/src/addresses.ts',
      addressesModule(path.join(root, 'deployments'), creationAddress(streamChannels)),
    ],
    ['server/src/artifacts/streamChannels.ts', bytecodeModule('streamChannels', streamChannels, salt)],
  ])
}

function stale(files: Map<string, string>): string[] {
  return [...files.entries()]
    .filter(([file, text]) => {
      const target = path.join(root, file)
      return !existsSync(target) || readFileSync(target, 'utf8') !== text
    })
    .map(([file]) => file)
}

const files = await generate()
const changed = stale(files)
if (process.argv.includes('--check')) {
  if (changed.length > 0) {
    console.error(`Generated files differ from the contracts: ${changed.join(', ')}. Run: npm run build`)
    process.exitCode = 1
  }
} else {
  // Unchanged files keep their time, so that an incremental build has nothing to do.
  for (const file of changed) {
    const target = path.join(root, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, files.get(file) ?? '')
  }
  if (changed.length > 0) console.log(`Generated ${changed.join(', ')}`)
}
