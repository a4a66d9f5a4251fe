import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeploymentRecord } from '../deploy/record.js'
import { writeNewFile } from './files.js'

/**
 * The record of a chain, when there is one. Whoever uses it compares it with the chain.
 *
 * @param folder of the records, such as `deployments/`
 * @param chainId the chain
 */
export async function readRecord(folder: string, chainId: number): Promise<DeploymentRecord | undefined> {
  const file = fileOf(folder, chainId)
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as DeploymentRecord) : undefined
}

/**
 * Writes a record.
 *
 * @param folder of the records; made when it is not there
 * @param record replaces the one of its chain
 * @returns the file
 */
export async function writeRecord(folder: string, record: DeploymentRecord): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = fileOf(folder, record.chainId)
  await writeNewFile(file, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o644, force: true })
  return file
}

function fileOf(folder: string, chainId: number): string {
  return join(folder, `${chainId}.json`)
}
