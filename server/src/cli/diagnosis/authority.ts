import { privateKeyToAccount } from 'viem/accounts'
import type { Address } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { beyondAuthority, closerOf } from '../../settlement/authority.js'
import { readRecords } from '../channels/payeeChannels.js'
import type { LoadedConfig } from '../config.js'
import type { Io } from '../io.js'
import { inspectKeyFile, keyVariable, loadPrivateKey } from '../privateKey.js'
import { fail, ok, warn, type Finding } from './finding.js'

/** The account that `sluice serve` would settle with; undefined when that cannot be told without a passphrase. */
export async function operatorOf(io: Io, config: LoadedConfig): Promise<Address | undefined> {
  try {
    const { keyFilePath: keyFile } = config
    if (io.env[keyVariable] === undefined) return (await inspectKeyFile(keyFile)).address
    return privateKeyToAccount(await loadPrivateKey(io, { keyFile, advice: '' })).address
  } catch {
    return undefined
  }
}

/** Whether the operator's key may end the channels that hold money; nothing where the database cannot be read. */
export async function checkAuthority(io: Io, config: LoadedConfig): Promise<readonly Finding[]> {
  const records = await readRecords(config).catch(() => undefined)
  if (records === undefined) return []
  const operator = await operatorOf(io, config)
  if (operator === undefined)
    return [warn('channels', 'unknown: the key file does not name its account', 'Set the passphrase.')]
  return [judge(records, operator)]
}

function judge(records: readonly PayeeRecord[], operator: Address): Finding {
  const beyond = beyondAuthority(records, operator)
  const [first] = beyond
  if (first === undefined) return ok('channels', `${operator} may end those that hold money`)
  const wanted = closerOf(first.channel)
  return fail(
    'channels',
    `${operator} may not end ${beyond.length} channels that hold money; ${wanted} may`,
    `Use the key of ${wanted}, or another "store" in the settings.`,
  )
}
