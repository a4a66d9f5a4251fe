import { resolve } from 'node:path'
import type { Command } from 'commander'
import { describePlan } from '../../deploy/describe.js'
import { type ContractName, contractNames, readContractNames } from '../../deploy/artifact.js'
import { isLocalChain } from '../../deploy/chains.js'
import { deployContracts } from '../../deploy/deploy.js'
import { connectChain, writerFor } from '../chain.js'
import { contextOf, verb, withRpc, type CommonOptions, type Context } from '../command.js'
import { findConfig, rememberContract } from '../config.js'
import { readRecord, writeRecord } from '../deployments.js'
import { refused, usageError } from '../exit.js'
import type { Io } from '../io.js'
import { loadAccount } from '../privateKey.js'
import { requireYes } from '../prompts.js'
import { refusePublicKey } from '../safety.js'

type DeployOptions = CommonOptions & {
  readonly contract?: string
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
      summary: 'put the contracts onto a chain that lacks them',
      description:
        'Puts contracts onto the chain of the settings (or of --rpc), each at the address it has on every chain, and ' +
        'checks their code. Doing it again changes nothing. On a public chain it shows the cost and asks first.',
      examples: [
        ['sluice deploy --contract streamChannels --dry-run', 'only show what it would cost'],
        ['sluice deploy --contract all --yes', 'without asking'],
        ['SLUICE_PRIVATE_KEY=0x… sluice deploy --rpc $RPC', 'without settings, everything on a local chain'],
      ],
    }),
  )
    .option(
      '--contract <names>',
      `with commas between them, or all: ${contractNames.join(', ')} (default on a local chain: all)`,
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
  const config = await findConfig(io, options)
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
  const contracts = chosenContracts(options.contract, chain.id)
  const folder = options.record === undefined ? undefined : resolve(io.directory, options.record)
  // A local chain may have started anew since the record was written.
  const known =
    folder === undefined || isLocalChain(chain.id) ? undefined : await readRecord(folder, chain.id)
  const result = await deployContracts({
    client,
    wallet: writerFor(connection, account),
    contracts,
    ...(known === undefined ? {} : { known }),
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
          event.step === 'creator' ? 'putting the deployment proxy there' : `creating ${event.contract}`,
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
  if (folder !== undefined) await writeRecord(folder, record)
  const channels = record.contracts['StreamChannels']
  if (config !== undefined && channels !== undefined) await rememberContract(config.path, channels.address)
  output.result({ status, record }, () =>
    Object.entries(record.contracts)
      .map(([name, { address, block }]) =>
        status === 'found'
          ? `${name} is on ${chain.name} already: ${address}, since block ${block}`
          : `${name} is on ${chain.name}: ${address}, block ${block}`,
      )
      .join('\n'),
  )
}

function chosenContracts(text: string | undefined, chainId: number): readonly ContractName[] {
  const choice = `Choose from ${contractNames.join(', ')}, or all.`
  if (text === undefined && !isLocalChain(chainId))
    throw usageError('On a public chain the contracts have to be named.', `Add --contract. ${choice}`)
  const chosen = readContractNames(text ?? 'all')
  if (chosen === undefined) throw usageError(`--contract ${text ?? ''} names no contract.`, choice)
  return chosen
}
