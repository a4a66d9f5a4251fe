/** Deploys `StreamChannels` to any network: `npm run deploy -- --network NAME` or `--rpc URL`. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { NetworkConnection } from 'hardhat/types/network'
import { type Address, createPublicClient, createWalletClient, custom } from 'viem'
import * as chains from 'viem/chains'
import { isLocalChain } from '../server/dist/deploy/chains.js'
import { deployStreamChannels } from '../server/dist/deploy/deploy.js'
import { describePlan } from '../server/dist/deploy/describe.js'
import type { DeploymentPlan } from '../server/dist/deploy/plan.js'
import { agreed, type Ask } from './deploy/consent.ts'
import { type Options, readOptions, usage } from './deploy/options.ts'
import { readRecord, writeRecord } from './deploy/records.ts'

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
    const names = namesOf(chainId, options.rpc === undefined ? options.network : String(chainId))
    const ask = process.stdin.isTTY && process.stdout.isTTY ? askOnTerminal : undefined
    // A local chain may have started anew since the record was written.
    const known = isLocalChain(chainId) ? undefined : readRecord(options.deployments, chainId)
    const result = await deployStreamChannels({
      client,
      wallet,
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
        else console.log(event.step === 'creator' ? 'Putting the deployment proxy there ...' : 'Creating ...')
      },
      create: () => createWithIgnition(connection, account, chainId),
    })
    if (!('record' in result)) {
      console.log('Dry run: nothing was sent.')
      return result.status === 'declined' && ask !== undefined ? 1 : 0
    }
    const file = path.relative(root, writeRecord(options.deployments, result.record))
    console.log(`${result.status === 'found' ? 'Found' : 'Deployed'} and verified. Recorded in ${file}`)
    return 0
  } finally {
    await connection.close()
  }
}

type Connection = NetworkConnection

/** Ignition keeps a journal, so that a run that was cut off goes on where it stopped. */
async function createWithIgnition(connection: Connection, sender: Address, chainId: number): Promise<void> {
  const { default: module } = await import('../ignition/modules/StreamChannels.ts')
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

let options: Options | undefined
try {
  options = readOptions(process.argv.slice(2), path.join(root, 'deployments'))
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  process.exitCode = 64
}
if (options !== undefined) {
  try {
    process.exitCode = await main(options)
  } catch (error) {
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
