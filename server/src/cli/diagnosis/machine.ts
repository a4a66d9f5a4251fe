import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { SluiceError } from '@sluice/sdk'
import { loadNodeCrypto } from '@sluice/sdk/node'
import { systemClock } from '@sluice/sdk/session'
import { isLocalChain, isPublicTestAccount } from '../../deploy/chains.js'
import { openSqliteStore } from '../../store/sqlite.js'
import type { LoadedConfig } from '../config.js'
import type { Io } from '../io.js'
import { inspectKeyFile, keyVariable, loadKeyFile, passphraseVariable } from '../privateKey.js'
import { reportOf } from '../report.js'
import { fail, ok, warn, type Finding } from './finding.js'

/** Whether Node is new enough. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const recent = major > 22 || (major === 22 && minor >= 13)
  return recent ? ok('node', version) : fail('node', `${version} is too old`, 'Install Node 22.13 or newer.')
}

/** Whether signatures are checked by compiled code. */
export async function checkCrypto(): Promise<Finding> {
  const { engine, hasTables } = await loadNodeCrypto()
  if (engine === 'native') {
    return ok('crypto', hasTables ? 'native, with tables' : 'native, without tables: no C compiler was here')
  }
  return warn(
    'crypto',
    'portable: about a third of the speed',
    'Install a compiler and run "npm rebuild secp256k1" for the native library.',
  )
}

/** The operator's key: there, private, its own, and openable. */
export async function checkKey(io: Io, config: LoadedConfig): Promise<readonly Finding[]> {
  const path = config.keyFilePath
  if (io.env[keyVariable] !== undefined) return [ok('key', `from $${keyVariable}`)]
  if (!existsSync(path))
    return [fail('key', `there is no file ${path}`, 'Run "sluice init --force", or put it back.')]
  const { address, encrypted, isPrivate } = await inspectKeyFile(path)
  if (!isPrivate) return [fail('key', `others can read ${path}`, `Run: chmod 600 ${path}`)]
  const local = isLocalChain(config.chainId)
  if (address !== undefined && !local && isPublicTestAccount(address)) {
    return [fail('key', `${address} is a test account whose key everybody has`, 'Make a key of your own.')]
  }
  if (!encrypted && !local) {
    return [
      warn(
        'key',
        `${path} is not encrypted`,
        `Set $${passphraseVariable} and make a new one with "sluice init".`,
      ),
    ]
  }
  if (encrypted && io.env[passphraseVariable] === undefined) {
    return [
      warn(
        'key',
        `${path} is encrypted`,
        `"sluice serve" asks for the passphrase, or takes $${passphraseVariable}.`,
      ),
    ]
  }
  try {
    return [
      ok('key', `${(await loadKeyFile(io, path)).address}, ${encrypted ? 'encrypted' : 'in plain text'}`),
    ]
  } catch (error) {
    const { message, advice } = reportOf(error)
    return [fail('key', message, advice ?? 'Check the file.')]
  }
}

/** Whether the database is sound. */
export async function checkStore(config: LoadedConfig): Promise<Finding> {
  const path = config.storePath
  if (!existsSync(path)) return ok('store', `${path} is made by the first "sluice serve"`)
  try {
    const store = openSqliteStore({ path, clock: systemClock, readOnly: true })
    const channels = await store.listAll()
    await store.close()
    return ok('store', `${path}: sound, ${channels.length} channels`)
  } catch (error) {
    const details = error instanceof SluiceError ? (error.details ?? error.message) : reportOf(error).message
    return fail('store', details, 'Restore the last backup: sluice restore <file>')
  }
}

/** Whether the server could listen, or already does. */
export async function checkPort(config: LoadedConfig): Promise<Finding> {
  const { host, port } = config
  if (port === 0) return ok('port', 'any free one')
  const problem = await tryListening(host, port)
  if (problem === undefined) return ok('port', `${host}:${port} is free`)
  if (problem === 'EADDRINUSE' && (await isPayee(host, port)))
    return ok('port', `${host}:${port} is served by sluice`)
  if (problem === 'EADDRINUSE') {
    return fail(
      'port',
      `${host}:${port} is used by another program`,
      'Stop it, or choose another "port" in the settings.',
    )
  }
  return fail(
    'port',
    `${host}:${port} cannot be listened on (${problem})`,
    'Choose another "host" or "port" in the settings.',
  )
}

function tryListening(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

async function isPayee(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  try {
    const response = await fetch(`http://${name}:${port}/.well-known/sluice`, {
      signal: AbortSignal.timeout(2000),
    })
    return response.ok
  } catch {
    return false
  }
}
