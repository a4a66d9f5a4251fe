/** Deploys the contracts to any network: `npm run deploy -- --network NAME` or `--rpc URL`. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { NetworkConnection } from 'hardhat/types/network'
import { type Address, createPublicClient, createWalletClient, custom } from 'viem'
import * as chains from 'viem/chains'
import { readRecord, writeRecord } from '../server/dist/cli/deployments.js'
import type { Artifact } from '../server/dist/deploy/artifact.js'
import { isLocalChain } from '../server/dist/deploy/chains.js'
import { deployContracts } from '../server/dist/deploy/deploy.js'
import { describePlan } from '../server/dist/deploy/describe.js'
import type { DeploymentPlan } from '../server/dist/deploy/plan.js'
import type { Call } from '../server/dist/deploy/target.js'
import { contractModule } from '../ignition/modules/contract.ts'
import { agreed, type Ask } from './deploy/consent.ts'
import { chooseContracts, type Options, readOptions, usage, UsageError } from './deploy/options.ts'

const root = path.resolve(import.meta.dirname, '..')

async function main(options: Options): Promise<number> {
  // Hardhat reads it when it resolves the network `custom`.
  if (options.rpc !== undefined) process.env['SLUICE_RPC_URL'] = options.rpc
  const { network } = await import('hardhat')
  const connection = await network.create(options.network)
  try {
    const transport = custom(connection.provider, { retryCount: 0 })
    const client = createPublicClient({ transport, pollingInterval: 500 })
    const [account] = await createWalletClient({ transport }).getAddresses()
    if (account === undefined) throw new Error('No account to pay with: set SLUICE_DEPLOYER_KEY.')
    const wallet = createWalletClient({ account, transport })

    const chainId = await client.getChainId()
    const contracts = chooseContracts(options.contract, isLocalChain(chainId))
    const names = namesOf(chainId, options.rpc === undefined ? options.network : String(chainId))
    const ask = process.stdin.isTTY && process.stdout.isTTY ? askOnTerminal : undefined
    // A local chain may have started anew since the record was written.
    const known = isLocalChain(chainId) ? undefined : await readRecord(options.deployments, chainId)
    const result = await deployContracts({
      client,
      wallet,
      contracts,
      dryRun: options.dryRun,
      ...(known === undefined ? {} : { known }),
      consent: () => {
        if (ask === undefined && !options.yes) {
          console.log('Nobody is there to confirm; --yes deploys without.')
        }
        return agreed(names.chain, options.yes, ask)
      },
      progress: (event) => {
        if (event.step === 'planned') show(event.plan, names)
        else if (event.step === 'creator') console.log('Putting the deployment proxy there ...')
        else console.log(`Creating ${event.contract} ...`)
      },
      create: (call, artifact) => createWithIgnition(connection, account, chainId, call, artifact),
    })
    if (!('record' in result)) {
      console.log('Dry run: nothing was sent.')
      return result.status === 'declined' && ask !== undefined ? 1 : 0
    }
    const file = path.relative(root, await writeRecord(options.deployments, result.record))
    console.log(`${result.status === 'found' ? 'Found' : 'Deployed'} and verified. Recorded in ${file}`)
    return 0
  } finally {
    await connection.close()
  }
}

type Connection = NetworkConnection

/** Ignition keeps a journal, so that a run that was cut off goes on where it stopped. */
async function createWithIgnition(
  connection: Connection,
  sender: Address,
  chainId: number,
  call: Call,
  artifact: Artifact,
): Promise<void> {
  const module = contractModule(artifact, call)
  const common = { defaultSender: sender, displayUi: process.stdout.isTTY }
  if (!isLocalChain(chainId)) {
    await connection.ignition.deploy(module, common)
    return
  }
  // A local chain starts anew each time: what a journal says of its predecessor is not true of it.
  const deploymentId = `local-${process.pid}`
  try {
    await connection.ignition.deploy(module, {
      ...common,
      deploymentId,
      config: { requiredConfirmations: 1 },
    })
  } finally {
    rmSync(path.join(root, 'ignition', 'deployments', deploymentId), { recursive: true, force: true })
  }
}

function show(plan: DeploymentPlan, names: Names): void {
  for (const line of describePlan(plan, names)) console.log(line)
}

type Names = { readonly chain: string; readonly coin: string }

function namesOf(chainId: number, fallback: string): Names {
  const chain = Object.values(chains).find(({ id }) => id === chainId)
  return { chain: chain?.name ?? fallback, coin: chain?.nativeCurrency.symbol ?? 'coins' }
}

const askOnTerminal: Ask = async (question) => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}

function isUsageError(error: unknown): error is Error {
  const isOfParser =
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return error instanceof UsageError || isOfParser
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2), path.join(root, 'deployments')))
} catch (error) {
  if (isUsageError(error)) {
    console.error(`${error.message}\n\n${usage}`)
    process.exitCode = 64
  } else {
    console.error(error instanceof Error ? explain(error) : error)
    process.exitCode = 1
  }
}

/** What went wrong, in the words of the error and of its first cause. */
function explain(error: Error): string {
  let root: unknown = error
  while (root instanceof Error && root.cause !== undefined) root = root.cause
  const details = 'details' in error && typeof error.details === 'string' ? error.details : ''
  const messages = [error.message.split('\n')[0], details, root instanceof Error ? root.message : '']
  return [...new Set(messages)].filter((text) => text !== '').join('\n  ')
}
