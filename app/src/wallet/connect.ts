import { createWalletClient, custom, http, type EIP1193Provider, type WalletClient } from 'viem'
import { createConfig, injected } from 'wagmi'
import { connect, disconnect, reconnect, watchConnection } from 'wagmi/actions'
import { localChainId, type PageConfig } from '../config/config.ts'
import { chainOf } from './chain.ts'
import type { FoundWallet } from './discovery.ts'

/** A wallet that agreed to speak with this page. */
export type ConnectedWallet = {
  readonly client: WalletClient
  readonly address: `0x${string}`
  readonly name: string
  readonly disconnect: () => Promise<void>
}

export type ConnectParameters = {
  readonly config: PageConfig
  readonly wallet: FoundWallet
  /** `silent`: only if the wallet agreed before; never a prompt. */
  readonly how: 'ask' | 'silent'
  /** Called once when the wallet goes away or changes its account. */
  readonly changed: () => void
}

/** How often the chain is asked whether a transaction is mined, milliseconds. */
const pollMs = { local: 250, public: 2_000 }

/**
 * Connects a wallet.
 *
 * @returns undefined when it was to be silent and the wallet has not agreed
 * @throws the wallet's error
 */
export async function connectWallet(parameters: ConnectParameters): Promise<ConnectedWallet | undefined> {
  const { config, wallet, how, changed } = parameters
  const chain = chainOf(config)
  const { rdns, name } = wallet.info
  const provider = wallet.provider as EIP1193Provider
  const wagmi = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(config.rpcUrl) },
    // The wallet was chosen by its announcement; a second discovery would only find it again.
    multiInjectedProviderDiscovery: false,
    connectors: [injected({ target: { id: rdns, name, provider }, shimDisconnect: false })],
    // Which wallet was used is remembered by the page.
    storage: null,
  })
  const [connector] = wagmi.connectors
  const accounts: readonly `0x${string}`[] =
    how === 'ask'
      ? (await connect(wagmi, { connector })).accounts
      : (await reconnect(wagmi, { connectors: [connector] })).flatMap((connection) => connection.accounts)
  const [address] = accounts
  if (address === undefined) return undefined
  const stop = watchConnection(wagmi, {
    onChange: (connection) => {
      if (connection.address === address) return
      stop()
      changed()
    },
  })
  const client = createWalletClient({
    account: address,
    chain,
    transport: custom(provider, { retryCount: 0 }),
    pollingInterval: chain.id === localChainId ? pollMs.local : pollMs.public,
  })
  return {
    client,
    address,
    name,
    disconnect: async () => {
      stop()
      await disconnect(wagmi)
    },
  }
}
