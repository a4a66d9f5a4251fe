import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { createPublicClient, createTestClient, createWalletClient, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const root = path.resolve(import.meta.dirname, '../../..')

/** A Hardhat node in a process of its own, spoken to over JSON-RPC as any other. */
export async function startNode(chainId: number) {
  const port = await freePort()
  const hardhat = path.join(
    path.dirname(createRequire(import.meta.url).resolve('hardhat/package.json')),
    'dist/src/cli.js',
  )
  const child = spawn(
    process.execPath,
    [hardhat, 'node', '--chain-id', String(chainId), '--port', String(port)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('Started HTTP and WebSocket JSON-RPC server')) resolve()
    })
    child.once('exit', (code) => {
      reject(new Error(`the node ended with ${String(code)}: ${output}`))
    })
  })
  const url = `http://127.0.0.1:${port}`
  const transport = http(url)
  return {
    url,
    client: createPublicClient({ transport, pollingInterval: 50 }),
    test: createTestClient({ mode: 'hardhat', transport }),
    /** A wallet whose key only this test has, with as much of the native coin as is asked for. */
    async wallet(key: Hex, balance: bigint) {
      const account = privateKeyToAccount(key)
      await createTestClient({ mode: 'hardhat', transport }).setBalance({
        address: account.address,
        value: balance,
      })
      return createWalletClient({ account, transport, pollingInterval: 50 })
    },
    async stop() {
      child.removeAllListeners('exit')
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

export type Node = Awaited<ReturnType<typeof startNode>>

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
