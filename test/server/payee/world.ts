import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { network } from 'hardhat'
import type { Hono } from 'hono'
import { custom, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import {
  computeChannelId,
  createSignatureVerifier,
  createVoucherSigner,
  type Address,
  type Channel,
  type ChannelState,
  type Deployment,
  type Hex,
  type VoucherSigner,
} from '@sluice/sdk'
import { createChannel } from '@sluice/sdk/channel'
import { loadNodeCrypto } from '@sluice/sdk/node'
import {
  connectWebSocket,
  createMemoryStore,
  createPayerSession,
  type PayerEvent,
  type PayerRecord,
  type PayerSession,
  type StandingOffer,
  type Transport as SessionTransport,
} from '@sluice/sdk/session'
import { createPayee, type Payee, type PayeeEvents, type PayeeOptions } from '@sluice/server'
import { streamChannels } from '../../../server/dist/artifacts/streamChannels.js'
import { systemClock } from '../../../server/dist/edge/system.js'

const crypto = await loadNodeCrypto()

/** Base units every channel is opened with unless said otherwise. */
export const deposit = 1_000_000n

/** What a request to the chain looks like. */
export type ChainRequest = { readonly method: string; readonly params?: unknown }

/** A real chain in this process, a real database file, and payees on real sockets. */
export type World = Awaited<ReturnType<typeof createWorld>>

/** Starts the chain and deploys. Close it with `end`. */
export async function createWorld() {
  const connection = await network.create()
  const { ethers, provider } = connection
  const [payer] = await ethers.getSigners()
  if (payer === undefined) throw new Error('the network has no accounts')
  // The code that is shipped, which the payee checks byte for byte.
  const created = await new ethers.ContractFactory([], streamChannels.bytecode, payer).deploy()
  const channels = await ethers.getContractAt('StreamChannels', await created.getAddress())
  const token = await ethers.deployContract('PlainToken')
  const contract = (await channels.getAddress()).toLowerCase() as Address
  const tokenAddress = (await token.getAddress()).toLowerCase() as Address
  await token.mint(payer.address, 10n ** 30n)
  await token.approve(contract, 2n ** 255n)
  const deployment: Deployment = { chainId: hardhat.id, contract }
  const privateKey = generatePrivateKey()
  const operator = privateKeyToAccount(privateKey)
  const payeeAddress = privateKeyToAccount(generatePrivateKey()).address.toLowerCase() as Address
  const send = (method: string, params: unknown[] = []) => provider.request({ method, params })
  await send('hardhat_setBalance', [operator.address, `0x${parseEther('10').toString(16)}`])

  const folder = mkdtempSync(join(tmpdir(), 'sluice-payee-'))
  const verifier = createSignatureVerifier(crypto, deployment)
  let intercept: ((request: ChainRequest) => Promise<unknown> | undefined) | undefined
  const started = new Set<Running>()
  const viewers = new Set<Viewer>()
  let salt = 0n

  const request = async (given: ChainRequest): Promise<unknown> => {
    const answered = await intercept?.(given)
    return answered ?? (await provider.request({ ...given, params: given.params as unknown[] }))
  }

  function options(changes: Partial<PayeeOptions> = {}): PayeeOptions {
    return {
      account: operator,
      privateKey,
      payee: payeeAddress,
      chain: hardhat,
      transport: custom({ request }, { retryCount: 0 }),
      token: tokenAddress,
      contract,
      price: { amount: 10n, unit: 'byte', per: 1n },
      window: 1_000,
      credit: 100,
      store: join(folder, 'sluice.db'),
      title: 'A test card',
      fromBlock: 0n,
      pollMs: 20,
      settlement: { confirmations: 1, everyMs: 50 },
      ...changes,
    }
  }

  /** A payee on a port of its own, with routes if there are any. */
  async function start(
    changes: Partial<PayeeOptions> = {},
    routes?: (payee: Payee) => Hono,
    port = 0,
  ): Promise<Running> {
    const payee = await createPayee(options(changes))
    const answer = getRequestListener((routes?.(payee) ?? payee.app).fetch, { overrideGlobalObjects: false })
    const server = createServer(
      { maxHeaderSize: 32_768 },
      (incoming, outgoing) => void answer(incoming, outgoing),
    )
    payee.attach(server)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const bound = (server.address() as AddressInfo).port
    const running: Running = {
      payee,
      server,
      port: bound,
      url: `http://127.0.0.1:${String(bound)}`,
      ws: `ws://127.0.0.1:${String(bound)}/sluice`,
      stop: async () => {
        started.delete(running)
        const closed = new Promise((resolve) => server.close(resolve))
        await payee.close('test ends')
        server.closeAllConnections()
        await closed
      },
    }
    started.add(running)
    return running
  }

  /** A key and terms for an offer, funded on the chain unless `amount` is zero. */
  async function open(
    offer: StandingOffer,
    changes: Partial<Channel> = {},
    amount = deposit,
  ): Promise<OpenChannel> {
    salt += 1n
    const signer = createVoucherSigner(crypto, deployment, {
      kind: 'secp256k1',
      privateKey: generatePrivateKey(),
    })
    const channel: Channel = {
      ...createChannel({
        payer: payer?.address.toLowerCase() as Address,
        signer: signer.address,
        offer,
        rate: 0n,
        burst: 0n,
        salt: `0x${salt.toString(16).padStart(64, '0')}`,
      }),
      ...changes,
    }
    if (amount > 0n) await channels.deposit(channel, amount)
    return { channel, channelId: computeChannelId(crypto, deployment, channel), signer, amount }
  }

  async function stateOf(channelId: Hex): Promise<ChannelState> {
    const state = await channels.channelState(channelId)
    return {
      deposited: state.deposited,
      claimed: state.claimed,
      openedAt: Number(state.openedAt),
      closeRequestedAt: Number(state.closeRequestedAt),
      closed: state.closed,
    }
  }

  return {
    provider,
    channels,
    token,
    tokenAddress,
    contract,
    deployment,
    operator,
    payeeAddress,
    payer,
    verifier,
    file: (name: string) => join(folder, name),
    send,
    options,
    start,
    open,
    stateOf,
    /** Sees each request to the chain first and may answer it or throw. */
    intercept: (seen: typeof intercept) => {
      intercept = seen
    },
    otherToken: async () =>
      (await (await ethers.deployContract('PlainToken')).getAddress()).toLowerCase() as Address,
    /** A contract wallet that accepts what `owner` signs. */
    contractWallet: async (owner: Address) =>
      (await (await ethers.deployContract('RotatingWallet', [owner])).getAddress()).toLowerCase() as Address,
    balance: async (address: string): Promise<bigint> => await token.balanceOf(address),
    /** A viewer of an open channel. */
    viewer: (
      opened: OpenChannel,
      offer: StandingOffer,
      url: () => string,
      { record, reach, budget }: ViewerOptions = {},
    ): Viewer => {
      const viewer = createViewer({ opened, offer, url, verifier, deployment, record, reach, budget })
      viewers.add(viewer)
      return viewer
    },
    /** Stops what a test left running. */
    reset: async () => {
      intercept = undefined
      for (const viewer of viewers) viewer.session.leave()
      viewers.clear()
      await Promise.all([...started].map((running) => running.stop()))
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
    },
    end: async () => {
      rmSync(folder, { recursive: true, force: true })
      await connection.close()
    },
  }
}

export type Running = {
  readonly payee: Payee
  readonly server: Server
  readonly port: number
  readonly url: string
  readonly ws: string
  readonly stop: () => Promise<void>
}

export type OpenChannel = {
  readonly channel: Channel
  readonly channelId: Hex
  readonly signer: VoucherSigner
  readonly amount: bigint
}

/** A payer session of the SDK over a real WebSocket, with everything it said. */
export type Viewer = {
  readonly session: PayerSession
  readonly events: PayerEvent[]
  /** Resolves with the first event from now, or already said, that matches. */
  readonly until: <Type extends PayerEvent['type']>(
    type: Type,
    matches?: (event: Extract<PayerEvent, { type: Type }>) => boolean,
  ) => Promise<Extract<PayerEvent, { type: Type }>>
  /** Ends the current connection as a cut cable does. */
  readonly cut: () => void
}

export type ViewerOptions = {
  readonly record?: PayerRecord
  /** Default: by WebSocket. */
  readonly reach?: (url: string) => Promise<SessionTransport>
  /** Base units; default: the deposit. */
  readonly budget?: bigint
}

function createViewer(parameters: {
  readonly opened: OpenChannel
  readonly offer: StandingOffer
  readonly url: () => string
  readonly verifier: ReturnType<typeof createSignatureVerifier>
  readonly deployment: Deployment
  readonly record: PayerRecord | undefined
  readonly reach: ViewerOptions['reach']
  readonly budget: bigint | undefined
}): Viewer {
  const { offer, url, verifier, deployment, record, reach = connectWebSocket } = parameters
  const { channel, channelId, signer, amount } = parameters.opened
  const events: PayerEvent[] = []
  let current: SessionTransport | undefined
  const session = createPayerSession({
    record: record ?? {
      channelId,
      channel,
      chainId: deployment.chainId,
      contract: deployment.contract,
      url: url(),
      offer: { type: 'offer', ...offer, challenge: `0x${'00'.repeat(32)}` },
      deposited: amount,
      budget: parameters.budget ?? amount,
      signed: 0n,
      signature: '0x',
      units: 0n,
      tipped: 0n,
      pendingTips: [],
      receipt: undefined,
      closed: false,
    },
    signer,
    verifier,
    store: createMemoryStore(),
    clock: systemClock,
    connect: async () => {
      current = await reach(url())
      return current
    },
  })
  session.on((event) => events.push(event))
  return {
    session,
    events,
    until: (type, matches = () => true) => {
      const isIt = (event: PayerEvent): event is Extract<PayerEvent, { type: typeof type }> =>
        event.type === type && matches(event as Extract<PayerEvent, { type: typeof type }>)
      const found = events.find(isIt)
      if (found !== undefined) return Promise.resolve(found)
      return new Promise((resolve) => {
        const off = session.on((event) => {
          if (!isIt(event)) return
          off()
          resolve(event)
        })
      })
    },
    cut: () => current?.close('cut'),
  }
}

/** Resolves with the next event of a payee. */
export function next<Name extends keyof PayeeEvents>(
  payee: Payee,
  name: Name,
  matches: (event: PayeeEvents[Name]) => boolean = () => true,
): Promise<PayeeEvents[Name]> {
  return new Promise((resolve) => {
    const off = payee.on(name, (event) => {
      if (!matches(event)) return
      off()
      resolve(event)
    })
  })
}
