/** What the README's code finds in a page or a server. */
import type { Server } from 'node:http'
import type { Hono } from 'hono'
import type { EIP1193Provider, LocalAccount } from 'viem'
import type { base as baseChain } from 'viem/chains'

declare global {
  const provider: EIP1193Provider
  const videoElement: HTMLVideoElement
  function show(spent: bigint, left: bigint, secondsLeft: number | undefined): void
  function toast(message: string, action: string): void
  const account: LocalAccount
  const base: typeof baseChain
  const app: Hono
  const server: Server
}
