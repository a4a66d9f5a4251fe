import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A chain in a process of its own, reached over JSON-RPC like any other. */
export type LocalNode = {
  /** Such as `http://127.0.0.1:49152`. WebSocket connections go to the same place. */
  readonly url: string
  /** Ends the process and waits until it is gone. */
  readonly stop: () => Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const hardhat = fileURLToPath(
  new URL('dist/src/cli.js', `file://${createRequire(import.meta.url).resolve('hardhat/package.json')}`),
)

/** Starts a Hardhat node on a free port of the loopback interface. Its accounts are Hardhat's own, with 10,000 coins. */
export async function startNode(): Promise<LocalNode> {
  const port = await freePort()
  const options = ['node', '--hostname', '127.0.0.1', '--port', String(port)]
  const child = spawn(process.execPath, [hardhat, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await started(child)
  return {
    url: `http://127.0.0.1:${String(port)}`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
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
