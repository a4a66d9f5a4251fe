import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { endChild, endWithUs } from './child.ts'
import type { PayeeOrders } from './payeeProcess.ts'

/** A payee in a process of its own, so that it can be killed. */
export type PayeeChild = {
  readonly url: string
  /** SIGKILL: no farewell, no chance to write anything. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startPayee(orders: PayeeOrders): Promise<PayeeChild> {
  const child = fork(path.join(import.meta.dirname, 'payeeProcess.ts'), [JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  endWithUs(child)
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const url = await Promise.race([
    once(child, 'message').then(([message]) => (message as { readonly url: string }).url),
    once(child, 'exit').then(() => {
      throw new Error(`the payee did not start: ${complaint}`)
    }),
  ])
  return { url, kill: () => endChild(child, 'SIGKILL'), stop: () => endChild(child, 'SIGTERM') }
}
