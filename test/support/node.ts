import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createPublicClient, createTestClient, createWalletClient, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { endChild, endWithUs } from '../../scripts/start/child.ts'

/** A chain in a process of its own, reached over JSON-RPC like any other. */
export type Node = Awaited<ReturnType<typeof startNode>>

const root = fileURLToPath(new URL('../..', import.meta.url))
const hardhat = fileURLToPath(
  new URL('dist/src/cli.js', `file://${createRequire(import.meta.url).resolve('hardhat/package.json')}`),
)

/**
 * Starts a Hardhat node on a free port of the loopback interface. Its accounts are Hardhat's own, with 10,000 coins.
 *
 * @param chainId what it says it is; default: Hardhat's own
 */
export async function startNode(chainId = 31337) {
  const port = await freePort()
  const options = ['node', '--hostname', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)]
  const child = spawn(process.execPath, [hardhat, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  await started(child)
  const url = `http://127.0.0.1:${String(port)}`
  const transport = http(url)
  const test = createTestClient({ mode: 'hardhat', transport })
  return {
    /** Such as `http://127.0.0.1:49152`. WebSocket connections go to the same place. */
    url,
    client: createPublicClient({ transport, pollingInterval: 50 }),
    test,
    /** A wallet whose key only this test has, with as much of the native coin as is asked for. */
    async wallet(key: Hex, balance: bigint) {
      const account = privateKeyToAccount(key)
      await test.setBalance({ address: account.address, value: balance })
      return createWalletClient({ account, transport, pollingInterval: 50 })
    },
    /** Ends the process and waits until it is gone. */
    stop: () => endChild(child, 'SIGKILL'),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits for the line that a node prints once it listens; fails with its output when it ends before. */
async function started(child: ChildProcess): Promise<void> {
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('Started HTTP and WebSocket JSON-RPC server')) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => {
      reject(new Error(`the node ended with ${String(code)}: ${output}`))
    })
  })
  // A pipe that nobody empties would stop the node.
  for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume()
}
