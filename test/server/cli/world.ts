import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPublicClient, createTestClient, erc20Abi, http, type Address, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { startNode, type Node } from '../../support/node.js'
import { launch, run, runJson, temporaryFolder, type Event, type Run, type Running } from './support.js'

/** The first of the accounts that everybody knows; rich on every local chain. */
export const richKey: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

/** A chain with the contract, and a folder of an operator with money for gas. */
export type World = {
  readonly node: Node
  readonly folder: string
  readonly payee: Address
  /** Runs a command in the operator's folder. */
  readonly sluice: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>
  readonly sluiceJson: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Run & { readonly value: Record<string, unknown> }>
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running
  /** Starts the server on any free port. */
  readonly serve: () => Promise<{ readonly server: Running; readonly url: string }>
  /** A new payer with this many wei, and a folder of its own. */
  readonly payer: (wei: bigint) => Promise<Payer>
  readonly balance: (account: Address) => Promise<bigint>
  /** Wei that an account has paid for gas so far. */
  readonly gasPaidBy: (account: Address) => Promise<bigint>
  readonly later: (seconds: number) => Promise<void>
  /** Notes a transaction as sent, as a command does that is then stopped while it waits. */
  readonly noteSent: (terms: string, sent: Sent) => Promise<void>
  readonly stop: () => Promise<void>
}

/** What a command notes beside the file of some terms. */
export type Sent = {
  /** Id of the terms. */
  readonly about: unknown
  readonly purpose: string
  readonly hash: unknown
}

export type Payer = {
  readonly address: Address
  readonly env: Readonly<Record<string, string>>
  readonly home: string
}

export { erc20Abi }

/**
 * @param initArgs further flags of `sluice init`
 * @param passphrase of the operator's key
 */
export async function createWorld(initArgs: readonly string[] = [], passphrase?: string): Promise<World> {
  const node = await startNode()
  const { path: folder, remove } = await temporaryFolder()
  const client = createPublicClient({ chain: hardhat, transport: http(node.url) })
  const chain = createTestClient({ mode: 'hardhat', chain: hardhat, transport: http(node.url) })
  const secret: Readonly<Record<string, string>> =
    passphrase === undefined ? {} : { SLUICE_PASSPHRASE: passphrase }
  const running: Running[] = []
  const payee = privateKeyToAccount(generatePrivateKey()).address
  const surroundings = (env: Readonly<Record<string, string>> = {}) => ({
    cwd: folder,
    env: { ...secret, ...env },
  })

  const world: World = {
    node,
    folder,
    payee,
    sluice: (args, env) => run(args, surroundings(env)),
    sluiceJson: (args, env) => runJson(args, surroundings(env)),
    start: (args, env) => {
      const started = launch(args, surroundings(env))
      running.push(started)
      return started
    },
    serve: async () => {
      const server = world.start(['serve', '--port', '0'])
      const { url } = await server.until(({ event }) => event === 'listening')
      return { server, url: String(url) }
    },
    payer: async (wei) => {
      const key = generatePrivateKey()
      const { address } = privateKeyToAccount(key)
      await chain.setBalance({ address, value: wei })
      const home = join(folder, `home-${address}`)
      return { address, home, env: { SLUICE_PRIVATE_KEY: key, SLUICE_HOME: home, SLUICE_RPC: node.url } }
    },
    balance: (address) => client.getBalance({ address }),
    gasPaidBy: async (account) => {
      let paid = 0n
      const head = await client.getBlockNumber({ cacheTime: 0 })
      for (let blockNumber = 1n; blockNumber <= head; blockNumber += 1n) {
        const { transactions } = await client.getBlock({ blockNumber, includeTransactions: true })
        for (const { from, hash } of transactions) {
          if (from !== account.toLowerCase()) continue
          const { gasUsed, effectiveGasPrice } = await client.getTransactionReceipt({ hash })
          paid += gasUsed * effectiveGasPrice
        }
      }
      return paid
    },
    later: async (seconds) => {
      await chain.increaseTime({ seconds })
      await chain.mine({ blocks: 1 })
    },
    noteSent: async (terms, sent) => {
      const path = join(folder, terms.replace('.json', '.sent.jsonl'))
      await appendFile(path, `${JSON.stringify(sent)}\n`)
    },
    stop: async () => {
      for (const each of running) each.signal('SIGKILL')
      await Promise.all(running.map(({ ended }) => ended))
      await node.stop()
      await remove()
    },
  }
  try {
    const args = ['--rpc', node.url, '--price', '0.0001/s', '--payee', payee, ...initArgs]
    const init = await world.sluiceJson(['init', ...args])
    if (init.code !== 0) throw new Error(`init failed: ${init.stdout} ${init.stderr}`)
    await chain.setBalance({ address: String(init.value['operator']) as Address, value: 10n ** 18n })
    const deploy = await world.sluice(['deploy'], { SLUICE_PRIVATE_KEY: richKey })
    if (deploy.code !== 0) throw new Error(`deploy failed: ${deploy.stderr}`)
    return world
  } catch (error) {
    await world.stop()
    throw error
  }
}

/** Base units of an amount as the command prints it. */
export function base(amount: unknown): bigint {
  return BigInt((amount as { readonly base: string }).base)
}

/** The one event of a name. */
export function only(events: readonly Event[], name: string): Event {
  const found = events.filter(({ event }) => event === name)
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} events ${name}`)
  return found[0]
}
