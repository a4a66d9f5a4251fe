import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { describePlan } from '../../deploy/describe.js'
import { deployStreamChannels } from '../../deploy/deploy.js'
import { connectChain, writerFor } from '../chain.js'
import { contextOf, verb, withRpc, type CommonOptions, type Context } from '../command.js'
import { configPath, loadConfig, rememberContract } from '../config.js'
import { refused, usageError } from '../exit.js'
import { writeNewFile } from '../files.js'
import type { Io } from '../io.js'
import { loadAccount } from '../privateKey.js'
import { requireYes } from '../prompts.js'
import { refusePublicKey } from '../safety.js'

type DeployOptions = CommonOptions & {
  readonly keyFile?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly record?: string
}

/** `sluice deploy` */
export function deployCommand(io: Io): Command {
  return withRpc(
    verb({
      name: 'deploy',
      summary: 'put the contract onto a chain that lacks it',
      description:
        'Puts StreamChannels onto the chain of the settings (or of --rpc), at the address it has on every chain, and ' +
        'checks its code. Doing it again changes nothing. On a public chain it shows the cost and asks first.',
      examples: [
        ['sluice deploy --dry-run', 'only show what it would cost'],
        ['sluice deploy --yes', 'without asking'],
        ['SLUICE_PRIVATE_KEY=0x… sluice deploy --rpc $RPC', 'without settings'],
      ],
    }),
  )
    .option('--key-file <file>', "the key that pays (default: $SLUICE_PRIVATE_KEY, else the operator's)")
    .option('--dry-run', 'send nothing')
    .option('--yes', 'do not ask')
    .option('--record <folder>', 'write <folder>/<chain id>.json')
    .action(async (options: DeployOptions) => {
      await deploy(contextOf(io, options))
    })
}

async function deploy({ io, output, options }: Context<DeployOptions>): Promise<void> {
  const hasConfig = existsSync(configPath(io, options.config))
  const config = hasConfig ? await loadConfig(io, options) : undefined
  const rpc = options.rpc ?? io.env['SLUICE_RPC'] ?? config?.rpc
  if (rpc === undefined)
    throw usageError('There is no chain to deploy to.', 'Run "sluice init", or add --rpc.')
  const connection = await connectChain(rpc, config?.chainId)
  const { chain, client } = connection
  const account = await loadAccount(io, {
    keyFile: options.keyFile === undefined ? config?.keyFilePath : resolve(io.directory, options.keyFile),
    advice: 'Set SLUICE_PRIVATE_KEY, add --key-file, or run "sluice init".',
  })
  refusePublicKey(account.address, chain.id)
  const result = await deployStreamChannels({
    client,
    wallet: writerFor(connection, account),
    dryRun: options.dryRun === true,
    consent: async () => {
      await requireYes(io, `Deploy to ${chain.name}?`, options.yes === true)
      return true
    },
    progress: (event) => {
      if (event.step === 'planned') {
        const names = { chain: chain.name, coin: chain.nativeCurrency.symbol }
        for (const line of describePlan(event.plan, names)) output.progress(line)
      } else {
        output.progress(
          event.step === 'creator' ? 'putting the deployment proxy there' : 'creating the contract',
        )
      }
    },
  })
  if (!('record' in result)) {
    if (result.status === 'declined') throw refused('Nothing was sent.', 'Add --yes to go ahead.')
    output.result(
      { status: 'planned', plan: result.plan },
      () => 'Nothing was sent. Run it without --dry-run to go ahead.',
    )
    return
  }
  const { record, status } = result
  if (options.record !== undefined) await writeRecord(resolve(io.directory, options.record), record)
  if (config !== undefined) await rememberContract(config.path, record.address)
  output.result({ status, record }, () =>
    status === 'found'
      ? `StreamChannels is on ${chain.name} already: ${record.address}, since block ${record.block}`
      : `StreamChannels is on ${chain.name}: ${record.address}, block ${record.block}`,
  )
}

async function writeRecord(folder: string, record: { readonly chainId: number }): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${record.chainId}.json`)
  await writeNewFile(path, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o644, force: true })
}
