import { loadConfig, type LoadedConfig } from '../config.js'
import type { Io } from '../io.js'
import { reportOf } from '../report.js'
import { checkAuthority } from './authority.js'
import { checkChain } from './chain.js'
import { fail, ok, type Finding } from './finding.js'
import { checkCrypto, checkKey, checkNode, checkPort, checkStore } from './machine.js'

/**
 * Runs every check, as far as the earlier ones allow. Changes nothing.
 *
 * @param io of this process
 * @param flags where the settings are, and which node to ask
 */
export async function diagnose(
  io: Io,
  flags: { readonly config?: string | undefined; readonly rpc?: string | undefined },
): Promise<readonly Finding[]> {
  const machine = [checkNode(process.versions.node), await checkCrypto()]
  const config = await settings(io, flags)
  if ('status' in config) return [...machine, config]
  return [
    ...machine,
    ok('settings', config.path),
    ...(await checkKey(io, config)),
    await checkStore(config),
    ...(await checkAuthority(io, config)),
    await checkPort(config),
    ...(await checkChain(io, config, Date.now())),
  ]
}

async function settings(
  io: Io,
  flags: { readonly config?: string | undefined; readonly rpc?: string | undefined },
): Promise<LoadedConfig | Finding> {
  try {
    return await loadConfig(io, flags)
  } catch (error) {
    const { message, advice } = reportOf(error)
    return fail('settings', message, advice ?? 'Run "sluice init".')
  }
}
