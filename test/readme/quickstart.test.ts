import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { Hono } from 'hono'
import { getRequestListener } from '@hono/node-server'
import { network } from 'hardhat'
import {
  createPublicClient,
  createWalletClient,
  custom,
  encodeFunctionData,
  numberToHex,
  type Chain,
  type Hex,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { base } from 'viem/chains'
import { type FinalReceipt } from '@sluice/sdk'
import { deployContracts, type Payee } from '@sluice/server'
import { createTestWallet, type ChainProvider } from '../support/wallet.js'
import { linesOfCode, readmeSnippets, typeErrors, writeSnippet } from './snippets.ts'

/** Circle's USDC on Base, which `createPayee` chooses there. */
const usdc = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const fortune = 100_000_000n

describe('the quick starts of the README', () => {
  const [viewerSnippet = '', payeeSnippet = ''] = readmeSnippets()

  it('are no longer than promised', () => {
    expect(linesOfCode(viewerSnippet)).to.be.greaterThan(5).and.at.most(15)
    expect(linesOfCode(payeeSnippet)).to.be.greaterThan(2).and.at.most(5)
  })

  it('compile as they stand', () => {
    const files = [
      writeSnippet('viewer', viewerSnippet, 'receipt'),
      writeSnippet('payee', payeeSnippet, 'payee'),
    ]
    expect(typeErrors(files)).to.deep.equal([])
  }).timeout(60_000)

  it('pay a streamer on Base, as they stand', async () => {
    const world = await createInternet()
    try {
      const { payee } = (await import(writeSnippet('payee', payeeSnippet, 'payee'))) as {
        readonly payee: Payee
      }
      world.onEnd(() => payee.close())
      world.video.play()
      const { receipt } = (await import(writeSnippet('viewer', viewerSnippet, 'receipt'))) as {
        readonly receipt: FinalReceipt
      }
      expect(receipt.captured).to.equal(500_000n)
      expect(receipt.refunded).to.equal(4_500_000n)
      expect(await world.balanceOf(world.viewer)).to.equal(fortune - 500_000n)
      expect(await world.balanceOf(world.streamer)).to.equal(fortune + 500_000n)
      expect(world.prompts()).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
      expect(world.shown).to.not.be.empty
      expect(world.toasts).to.deep.equal([])
    } finally {
      await world.end()
    }
  }).timeout(60_000)
})

/**
 * What stands behind the names in the README: Base is a development chain with Base's id, `live.example` a server on
 * this machine, and the page's globals are set. Everything else is real.
 */
async function createInternet() {
  const ends: (() => unknown)[] = []
  const chain = await network.create({ override: { chainId: base.id } })
  const provider: ChainProvider = {
    request: ({ method, params }) => chain.provider.request({ method, params: params as unknown[] }),
  }
  const likeBase: Chain = base
  const client = createPublicClient({ chain: likeBase, transport: custom(provider) })
  // Fresh keys: the well-known ones are refused on a chain that says it is Base.
  const streamer = privateKeyToAccount(generatePrivateKey())
  const wallet = createTestWallet(provider, generatePrivateKey())
  for (const { address } of [streamer, wallet.account]) {
    await provider.request({ method: 'hardhat_setBalance', params: [address, '0xde0b6b3a7640000'] })
  }
  await deployContracts({
    client,
    contracts: ['streamChannels'],
    wallet: createWalletClient({ account: streamer, chain: likeBase, transport: custom(provider) }),
    consent: () => Promise.resolve(true),
  })
  await putUsdc(provider, [wallet.account.address, streamer.address])

  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-readme-'))
  const before = process.cwd()
  process.chdir(directory)
  ends.push(() => {
    process.chdir(before)
    rmSync(directory, { recursive: true, force: true })
  })

  const app = new Hono()
  const listen = getRequestListener((request) => app.fetch(request))
  const server = createServer((request, response) => void listen(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  ends.push(routeNames({ 'live.example': hostOf(server), [rpcHost()]: provider }))

  const shown: bigint[] = []
  const toasts: string[] = []
  const video = createVideo()
  ends.push(() => video.stop())
  ends.push(
    setGlobals({
      provider: wallet,
      videoElement: video,
      show: (spent: bigint) => shown.push(spent),
      toast: (message: string) => toasts.push(message),
      account: streamer,
      base,
      app,
      server,
    }),
  )

  return {
    viewer: wallet.account.address,
    streamer: streamer.address,
    video,
    shown,
    toasts,
    prompts: () => wallet.prompts,
    balanceOf: (holder: Hex) =>
      client.readContract({ address: usdc, abi: balanceAbi, functionName: 'balanceOf', args: [holder] }),
    onEnd: (end: () => unknown) => ends.push(end),
    end: async () => {
      for (const end of ends.reverse()) await end()
      await chain.close()
    },
  }
}

const balanceAbi = [
  {
    type: 'function',
    name: 'balanceOf',
    stateMutability: 'view',
    inputs: [{ name: 'holder', type: 'address' }],
    outputs: [{ name: '', type: 'uint256' }],
  },
  {
    type: 'function',
    name: 'mint',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [],
  },
] as const

/** Puts a token that behaves like USDC where USDC is on Base, and gives everyone some. */
async function putUsdc(provider: ChainProvider, holders: readonly Hex[]): Promise<void> {
  const file = path.resolve(
    import.meta.dirname,
    '../../artifacts/contracts/mocks/UsdcLikeToken.sol/UsdcLikeToken.json',
  )
  const { bytecode } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly bytecode: Hex
  }
  const [from] = (await provider.request({ method: 'eth_accounts' })) as readonly Hex[]
  const hash = await provider.request({ method: 'eth_sendTransaction', params: [{ from, data: bytecode }] })
  const mined = (await provider.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as {
    readonly contractAddress: Hex
  }
  const code = await provider.request({ method: 'eth_getCode', params: [mined.contractAddress, 'latest'] })
  await provider.request({ method: 'hardhat_setCode', params: [usdc, code] })
  // The constructor's part of the state: name and symbol.
  for (let index = 0; index < 8; index += 1) {
    const slot = numberToHex(index, { size: 32 })
    const word = await provider.request({
      method: 'eth_getStorageAt',
      params: [mined.contractAddress, slot, 'latest'],
    })
    await provider.request({ method: 'hardhat_setStorageAt', params: [usdc, slot, word] })
  }
  for (const holder of holders) {
    const data = encodeFunctionData({ abi: balanceAbi, functionName: 'mint', args: [holder, fortune] })
    await provider.request({ method: 'eth_sendTransaction', params: [{ from, to: usdc, data }] })
  }
}

/** A stand-in for a `<video>`: its time moves while it plays. */
function createVideo() {
  const events = new EventTarget()
  let timer: NodeJS.Timeout | undefined
  return Object.assign(events, {
    currentTime: 0,
    paused: true,
    play() {
      this.paused = false
      timer = setInterval(() => {
        this.currentTime += 0.1
        events.dispatchEvent(new Event('timeupdate'))
      }, 100)
      events.dispatchEvent(new Event('playing'))
    },
    stop() {
      clearInterval(timer)
    },
  })
}

function hostOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return `127.0.0.1:${address.port}`
}

function rpcHost(): string {
  return new URL(base.rpcUrls.default.http[0]).host
}

/** Sends requests for some names elsewhere: to a host of this machine, or as JSON-RPC to a provider. */
function routeNames(routes: Readonly<Record<string, string | ChainProvider>>): () => void {
  const { fetch: realFetch, WebSocket: RealWebSocket } = globalThis
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const route = routes[url.host]
    if (route === undefined) return realFetch(input, init)
    if (typeof route === 'string') return realFetch(toLocal(url, route), init)
    const text = input instanceof Request ? await input.text() : (init?.body as string)
    return Response.json(await answerRpc(route, JSON.parse(text) as RpcCall))
  }
  globalThis.WebSocket = class extends RealWebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const url = new URL(address)
      const route = routes[url.host]
      super(typeof route === 'string' ? toLocal(url, route) : url, protocols)
    }
  }
  return () => {
    globalThis.fetch = realFetch
    globalThis.WebSocket = RealWebSocket
  }
}

function toLocal(url: URL, host: string): string {
  const protocol = url.protocol.replace('s:', ':')
  return `${protocol}//${host}${url.pathname}${url.search}`
}

type RpcCall = { readonly id: number; readonly method: string; readonly params?: unknown }

async function answerRpc(provider: ChainProvider, calls: RpcCall | readonly RpcCall[]): Promise<unknown> {
  if (Array.isArray(calls))
    return Promise.all((calls as readonly RpcCall[]).map((call) => answerRpc(provider, call)))
  const { id, method, params } = calls as RpcCall
  try {
    return { jsonrpc: '2.0', id, result: await provider.request({ method, params }) }
  } catch (error) {
    const {
      code = -32603,
      message = String(error),
      data,
    } = error as { code?: number; message?: string; data?: unknown }
    return { jsonrpc: '2.0', id, error: { code, message, data } }
  }
}

function setGlobals(values: Readonly<Record<string, unknown>>): () => void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  return () => {
    for (const name of Object.keys(values)) Reflect.deleteProperty(globalThis, name)
  }
}
