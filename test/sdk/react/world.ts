import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Plan } from '@sluice/sdk/subscription'
import { createPayee, createStandalone, deployContracts } from '@sluice/server'
import { environmentManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createElement, StrictMode, type ReactNode } from 'react'
import {
  createWalletClient,
  http,
  parseAbi,
  type Address,
  type EIP1193Provider,
  type Hex,
  type LocalAccount,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createConfig, injected, WagmiProvider } from 'wagmi'
import { connect, disconnect } from 'wagmi/actions'
import { deployer, operator, operatorKey, streamer } from '../../../scripts/start/accounts.ts'
import { mint, putContracts, startChain, type LocalChain } from '../../../scripts/start/chain.ts'
import { createTestWallet, type ChainProvider } from '../../support/wallet.js'

/** What the viewer is given, base units. */
export const fortune = 100_000_000n

/** A word of 32 bytes that means nothing. */
export const word: Hex = `0x${'cd'.repeat(32)}`

/** A plan of a whole token a month. */
export const monthly = (token: Address): Plan => ({
  merchant: operator.address,
  token,
  price: 1_000_000n,
  tip: 0n,
  unit: 'month',
  period: 1,
  trial: 0,
  grace: 0,
  salt: word,
})

/** What stands in a component, as `name=value` pairs. */
export const lines = (facts: Readonly<Record<string, unknown>>): ReactNode =>
  Object.entries(facts).map(([name, value]) => createElement('p', { key: name }, `${name}=${String(value)};`))

/** A chain with every contract, a payee that sells a feed, and a viewer whose wallet wagmi speaks to. */
export async function createReactWorld() {
  // It looked for a document as it was loaded, and there was none yet.
  environmentManager.setIsServer(() => false)
  await using parts = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-react-'))
  parts.defer(() => rm(home, { recursive: true, force: true }))
  const local = await startChain()
  parts.defer(local.stop)
  const { channels, token } = await putContracts(local)
  await deployContracts({
    client: local.client,
    wallet: createWalletClient({ account: deployer, chain: local.chain, transport: http(local.url) }),
    contracts: ['tournaments', 'subscriptions', 'escrow'],
    consent: () => Promise.resolve(true),
  })
  const payee = await createPayee({
    account: operator,
    privateKey: operatorKey,
    payee: streamer,
    chain: local.chain,
    transport: http(local.url),
    contract: channels,
    token,
    price: '0.002/s',
    store: path.join(home, 'payee.db'),
    title: 'The lock at Eastgate',
    pollMs: 200,
  })
  parts.defer(() => payee.close('the test is over'))
  const server = await createStandalone(payee, { port: 0 })
  parts.defer(() => server.close('the test is over'))
  payee.feed(async function* (_, signal) {
    while (!signal.aborted) {
      yield { units: 100n, payload: {} }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })

  const key = generatePrivateKey()
  const viewer = privateKeyToAccount(key)
  const giver = createWalletClient({ account: deployer, chain: local.chain, transport: http(local.url) })
  const hash = await giver.sendTransaction({ to: viewer.address, value: 10n ** 18n })
  await local.client.waitForTransactionReceipt({ hash })
  await mint(local, token, [viewer.address], fortune)

  const node: ChainProvider = {
    request: ({ method, params }) =>
      local.client.request({ method, params } as Parameters<typeof local.client.request>[0]),
  }
  const wallet = createTestWallet(node, key)
  const events = { on: () => undefined, removeListener: () => undefined }
  const provider = { ...wallet, ...events } as unknown as EIP1193Provider
  const config = createConfig({
    chains: [local.chain],
    transports: { [local.chain.id]: http(local.url) },
    multiInjectedProviderDiscovery: false,
    connectors: [injected({ target: { id: 'test', name: 'Test', provider }, shimDisconnect: false })],
    pollingInterval: 200,
    storage: null,
  })
  const all = parts.move()
  return {
    local,
    token,
    url: server.url,
    viewer: viewer.address,
    wallet,
    config,
    connect: () => connect(config, { connector: config.connectors[0] }),
    disconnect: () => disconnect(config),
    /** What a page puts around everything. */
    page: (children: ReactNode) => {
      const client = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } })
      return createElement(
        StrictMode,
        null,
        createElement(
          WagmiProvider,
          { config, reconnectOnMount: false },
          createElement(QueryClientProvider, { client }, children),
        ),
      )
    },
    balance: (of: Address): Promise<bigint> =>
      local.client.readContract({
        address: token,
        abi: parseAbi(['function balanceOf(address) view returns (uint256)']),
        functionName: 'balanceOf',
        args: [of],
      }),
    /** Sends without asking, for what a test only needs to be there. */
    send: (call: Call) => send(local, viewer, call),
    /** The same from the account that has something to sell. */
    sendAsMerchant: (call: Call) => send(local, operator, call),
    stop: () => all.disposeAsync(),
  }
}

type Call = { readonly to: Hex; readonly data: Hex; readonly value?: bigint }

async function send(local: LocalChain, account: LocalAccount, call: Call): Promise<void> {
  const sender = createWalletClient({ account, chain: local.chain, transport: http(local.url) })
  const hash = await sender.sendTransaction(call)
  const { status } = await local.client.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error('the call was refused')
}
