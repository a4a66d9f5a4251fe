/**
 * Writes what the packages need from the compiled contracts and the recorded deployments.
 * `node scripts/generate.ts` writes, `node scripts/generate.ts --check` fails when a committed file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { abiListModule, abiModules } from './generate/abi.ts'
import { addressesModule, recordedDeployments } from './generate/addresses.ts'
import { artifactListModule, artifactModule } from './generate/artifact.ts'
import { descriptorFiles } from './generate/clearSigning/descriptors.ts'
import { compileAlone } from './generate/compile.ts'
import { contracts } from './generate/contracts.ts'
import { creationAddress } from './generate/creation.ts'
import { domainsModule } from './generate/domains.ts'

const root = path.resolve(import.meta.dirname, '..')

async function generate(): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const records = path.join(root, 'deployments')
  const placed = []
  const described = []
  for (const entry of contracts) {
    const compiled = await compileAlone(root, entry.contract)
    placed.push({ entry, everywhere: creationAddress(entry, compiled) })
    described.push({ entry, abi: compiled.abi, deployments: recordedDeployments(records, entry) })
    for (const [file, text] of abiModules(entry, compiled)) files.set(`sdk/src/abi/${file}`, text)
    files.set(`server/src/artifacts/${entry.name}.ts`, artifactModule(entry, compiled))
  }
  files.set('sdk/src/abi/contracts.ts', abiListModule(contracts))
  files.set('sdk/src/addresses.ts', addressesModule(records, placed))
  files.set('sdk/src/domains.ts', domainsModule(contracts))
  files.set('server/src/artifacts/all.ts', artifactListModule(contracts))
  for (const [file, text] of descriptorFiles(described)) files.set(`sdk/erc7730/${file}`, text)
  return files
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
