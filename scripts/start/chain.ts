import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { readFileSync } from 'node:fs'
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  http,
  type Abi,
  type Address,
  type Chain,
  type Hex,
  type PublicClient,
} from 'viem'
import { hardhat } from 'viem/chains'
import { streamChannelsAddress } from '@sluice/sdk'
import { deployContracts, type ContractName } from '@sluice/server'
import { deployer } from './accounts.ts'
import { endChild, endWithUs } from './child.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** How long a chain may take to answer on a busy machine, milliseconds. */
const startPatienceMs = 120_000

export type LocalChain = {
  readonly url: string
  readonly chain: Chain
  readonly client: PublicClient
  readonly stop: () => Promise<void>
}

/** Starts a development chain of its own on a free port of this machine. */
export async function startChain(): Promise<LocalChain> {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const hardhatCli = path.join(root, 'node_modules/hardhat/dist/src/cli.js')
  const node = spawn(
    process.execPath,
    [hardhatCli, 'node', '--port', String(port), '--hostname', '127.0.0.1'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  endWithUs(node)
  let complaint = ''
  node.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const chain = defineChain({ ...hardhat, name: 'this machine', rpcUrls: { default: { http: [url] } } })
  const client = createPublicClient({ chain, transport: http(url), pollingInterval: 200 })
  const giveUpMs = performance.now() + startPatienceMs
  while ((await client.getChainId().catch(() => undefined)) === undefined) {
    if (node.exitCode !== null || performance.now() > giveUpMs) {
      await endChild(node, 'SIGKILL')
      throw new Error(`the chain did not start: ${complaint}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { url, chain, client, stop: () => endChild(node, 'SIGTERM') }
}

export type Contracts = { readonly channels: Address; readonly token: Address }

/**
 * Puts contracts at their addresses and makes a token with six decimals that wallets can pay with by signature.
 *
 * @param contracts which of them; default: the one of the channels
 */
export async function putContracts(
  local: LocalChain,
  contracts: readonly ContractName[] = ['streamChannels'],
): Promise<Contracts> {
  const wallet = createWalletClient({ account: deployer, chain: local.chain, transport: http(local.url) })
  await deployContracts({
    client: local.client,
    wallet,
    contracts,
    consent: () => Promise.resolve(true),
  })
  const { abi, bytecode } = artifact('mocks/UsdcLikeToken.sol/UsdcLikeToken.json')
  const hash = await wallet.deployContract({ abi, bytecode })
  const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('the token was not created')
  return { channels: streamChannelsAddress, token: contractAddress }
}

/** Gives `amount` base units of the token to each account. */
export async function mint(
  local: LocalChain,
  token: Address,
  accounts: readonly Address[],
  amount: bigint,
): Promise<void> {
  const wallet = createWalletClient({ account: deployer, chain: local.chain, transport: http(local.url) })
  for (const account of accounts) {
    const { abi } = artifact('mocks/UsdcLikeToken.sol/UsdcLikeToken.json')
    const hash = await wallet.writeContract({
      address: token,
      abi,
      functionName: 'mint',
      args: [account, amount],
    })
    await local.client.waitForTransactionReceipt({ hash })
  }
}

function artifact(file: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const text = readFileSync(path.join(root, 'artifacts/contracts', file), 'utf8')
  return JSON.parse(text) as { readonly abi: Abi; readonly bytecode: Hex }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
