import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { DeploymentRecord } from '../../server/dist/deploy/record.js'

/** The record of a chain, when there is one. Whoever uses it compares it with the chain. */
export function readRecord(directory: string, chainId: number): DeploymentRecord | undefined {
  const file = fileOf(directory, chainId)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DeploymentRecord) : undefined
}

/** Writes a record and returns where. */
export function writeRecord(directory: string, record: DeploymentRecord): string {
  const file = fileOf(directory, record.chainId)
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
  return file
}

function fileOf(directory: string, chainId: number): string {
  return path.join(directory, `${chainId}.json`)
}
