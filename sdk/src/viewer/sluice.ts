import type { WalletClient } from 'viem'
import { createChannel } from '../channel/createChannel.js'
import { deposit } from '../channel/deposit.js'
import { getChannel } from '../channel/getChannel.js'
import { planDeposit } from '../channel/planDeposit.js'
import { topUp } from '../channel/topUp.js'
import { verifiesP256 } from '../channel/verifiesP256.js'
import { bytesToHex } from '../crypto/bytes.js'
import { computeChannelId } from '../crypto/channelId.js'
import type { SluiceCrypto } from '../crypto/crypto.js'
import { loadCrypto, platformRandom } from '../crypto/loadCrypto.js'
import { createSignatureVerifier } from '../crypto/verifier.js'
import { genuineContract } from '../contract.js'
import { systemClock } from '../edge/platform.js'
import { SluiceError } from '../errors.js'
import { createIndexedDbKeyStore } from '../keys/indexedDbKeyStore.js'
import { createMemoryKeyStore, type KeyStore } from '../keys/keyStore.js'
import { bindSessionKey, createSessionKey, createSessionSigner } from '../keys/sessionKey.js'
import type { Clock, PayerRecord, PayerStore, Random, Transport } from '../session/ports.js'
import { createPayerSession } from '../session/payer/session.js'
import { costOf, parseAmount } from '../session/price.js'
import { termsOf } from '../session/terms.js'
import { createIndexedDbStore } from '../store/indexedDb.js'
import { createMemoryStore } from '../store/memory.js'
import { connectWebSocket } from '../transport/webSocket.js'
import type { Address, Channel, Hex } from '../types.js'
import type { MoneyBack } from './moneyBack.js'
import { fetchOffer, type Fetch, type FoundOffer } from './offer.js'
import { createStream, type Stream } from './stream.js'

export type SluiceParameters = {
  /** A viem wallet client with an account; `fromEthersSigner` makes one of an ethers signer. */
  readonly wallet: WalletClient
  /**
   * The contract that may hold the deposit; default: the genuine one. An offer that names another is refused, since
   * anything could stand there.
   */
  readonly contract?: Address
  /** Where channels are remembered; default: IndexedDB in a browser, memory elsewhere. */
  readonly store?: PayerStore
  /** Where session keys are kept; default: IndexedDB in a browser, memory elsewhere. */
  readonly keys?: KeyStore
  /**
   * Kind of session key; default `secp256k1`, whose vouchers are the cheapest to settle. `auto`: `p256`, which cannot be
   * taken out of a browser, where the chain verifies it by itself, else `secp256k1`.
   */
  readonly keyKind?: 'secp256k1' | 'p256' | 'auto'
  /** Default: the portable one; `loadNodeCrypto()` is faster in Node. */
  readonly crypto?: SluiceCrypto
  readonly clock?: Clock
  readonly random?: Random
  readonly fetch?: Fetch
  /** Reaches a payee's sessions; default: WebSocket. */
  readonly connect?: (url: string) => Promise<Transport>
  /** How long `stop` waits for the payee to close on the chain before the payer does, milliseconds; default 20,000. */
  readonly patienceMs?: number
}

export type OpenParameters = {
  /** Any page of the payee, such as `https://live.example/alice`. */
  readonly payee: string
  /** What the viewer will spend at most, in whole tokens such as `5.00`; becomes the deposit. */
  readonly budget: string
  /** How much of the budget may go in tips, in whole tokens; default: a quarter. The contract holds this bound. */
  readonly tips?: string
  /** Told each wallet prompt before it appears, as "1 of 2". */
  readonly onStep?: deposit.Parameters['onStep']
}

/** What is sold and what opening would ask of the person. */
export type Quote = FoundOffer & {
  /** Base units. */
  readonly budget: bigint
  /** Seconds the budget pays for; undefined when the price is not by the second. */
  readonly seconds: number | undefined
  readonly plan: planDeposit.ReturnType
}

export type Sluice = {
  /** Asks the payee for its offer and the chain for the cheapest way to pay, without a prompt. */
  readonly quote: (parameters: OpenParameters) => Promise<Quote>
  /**
   * Opens a stream, or goes on with the one this viewer already has at this payee. Paying starts with
   * `stream.follow(video)` or `stream.play()`.
   *
   * @throws SluiceError of the wallet, the chain or the payee; nothing is spent unless the deposit went through
   */
  readonly open: (parameters: OpenParameters) => Promise<Stream>
  /** Goes on with a channel of the store. */
  readonly resume: (channelId: Hex) => Promise<Stream>
  /** Every remembered channel that the chain has not ended. */
  readonly channels: () => Promise<readonly PayerRecord[]>
  /** Gets the rest of a channel back without the payee; call again when the time has come. */
  readonly moneyBack: (channelId: Hex) => Promise<MoneyBack>
}

/**
 * Pays for streams from one wallet. What is needed only at the end is loaded only then.
 *
 * @param parameters the wallet; everything else has a default
 *
 * @example
 * ```ts
 * import { createSluice } from '@sluice/sdk'
 * import type { WalletClient } from 'viem'
 *
 * async function watch(wallet: WalletClient, video: HTMLVideoElement) {
 *   const sluice = createSluice({ wallet })
 *   const stream = await sluice.open({ payee: 'https://live.example/alice', budget: '5.00' })
 *   stream.on('problem', ({ message, action }) => console.warn(message, action))
 *   stream.follow(video)
 *   return stream
 * }
 * ```
 */
export function createSluice(parameters: SluiceParameters): Sluice {
  const { wallet } = parameters
  const browser = typeof indexedDB !== 'undefined'
  const store = parameters.store ?? (browser ? createIndexedDbStore() : createMemoryStore())
  const keys = parameters.keys ?? (browser ? createIndexedDbKeyStore() : createMemoryKeyStore())
  const clock = parameters.clock ?? systemClock
  const random = parameters.random ?? platformRandom
  const fetch = parameters.fetch ?? ((url: string) => globalThis.fetch(url))
  const connect = parameters.connect ?? ((url: string) => connectWebSocket(url))
  let loading: Promise<SluiceCrypto> | undefined

  function crypto(): Promise<SluiceCrypto> {
    loading ??= parameters.crypto === undefined ? loadCrypto({ random }) : Promise.resolve(parameters.crypto)
    return loading
  }

  async function offerOf(payee: string): Promise<FoundOffer> {
    const found = await fetchOffer(payee, fetch)
    const { chainId, contract } = found.offer
    const trusted = parameters.contract ?? genuineContract(chainId)
    if (contract.toLowerCase() === trusted.toLowerCase()) return found
    throw new SluiceError({
      code: 'terms-refused',
      message: 'This streamer wants your deposit in a contract that is not known to be safe.',
      details: `the offer names ${contract} on chain ${chainId}, expected ${trusted}`,
    })
  }

  function payer(): Address {
    const address = wallet.account?.address
    if (address !== undefined) return address
    throw new SluiceError({
      code: 'wallet-disconnected',
      message: 'The wallet is disconnected.',
      details: 'the wallet client has no account',
      action: 'reconnect-wallet',
    })
  }

  function termsFor(found: FoundOffer, open: OpenParameters, signer: Address): Channel {
    const { offer } = found
    const budget = parseAmount(open.budget, offer.decimals)
    const tipAllowance = open.tips === undefined ? budget / 4n : parseAmount(open.tips, offer.decimals)
    return createChannel({ payer: payer(), signer, offer, tipAllowance, freshSigner: true, random })
  }

  async function quote(open: OpenParameters): Promise<Quote> {
    const found = await offerOf(open.payee)
    const { offer } = found
    const budget = parseAmount(open.budget, offer.decimals)
    const channel = termsFor(found, open, payer())
    const plan = await planDeposit(wallet, { contract: offer.contract, channel, amount: budget })
    const perSecond = offer.unit === 'second' ? costOf(termsOf(offer).price, 1000n) : 0n
    const seconds = perSecond === 0n ? undefined : Number(budget / perSecond)
    return { ...found, budget, seconds, plan }
  }

  async function keyKind(): Promise<'secp256k1' | 'p256'> {
    const { keyKind: wanted = 'secp256k1' } = parameters
    if (wanted !== 'auto') return wanted
    return (await verifiesP256(wallet)) ? 'p256' : 'secp256k1'
  }

  async function open(wanted: OpenParameters): Promise<Stream> {
    const found = await offerOf(wanted.payee)
    const running = await existing(found)
    if (running !== undefined) return start(running)
    const loaded = await crypto()
    const kind = await keyKind()
    const sessionKey = await createSessionKey({ kind, crypto: loaded, random })
    const channel = termsFor(found, wanted, sessionKey.address)
    const { chainId, contract, decimals } = found.offer
    const channelId = computeChannelId(loaded, { chainId, contract }, channel)
    const budget = parseAmount(wanted.budget, decimals)
    const record: PayerRecord = {
      channelId,
      channel,
      chainId,
      contract,
      url: found.sessionUrl,
      offer: found.offer,
      deposited: 0n,
      budget,
      signed: 0n,
      signature: '0x',
      units: 0n,
      tipped: 0n,
      pendingTips: [],
      receipt: undefined,
      closed: false,
    }
    // Key and record come first: money in a channel whose key is lost could only be had back after the grace period.
    await keys.put(bindSessionKey(sessionKey, channelId))
    await store.put(record)
    const { onStep } = wanted
    const { deposited } = await deposit(wallet, { contract, channel, amount: budget, random, onStep }).catch(
      async (error: unknown) => {
        await forgetUnfunded(record)
        throw error
      },
    )
    const funded = { ...record, deposited }
    await store.put(funded)
    return start(funded)
  }

  /** Removes what was prepared for a deposit that never happened; keeps it when the chain cannot tell. */
  async function forgetUnfunded(record: PayerRecord): Promise<void> {
    const { contract, channelId, channel } = record
    try {
      const { openedAt } = await getChannel(wallet, { contract, channelId })
      if (openedAt !== 0) return
      await store.delete(channelId)
      await keys.delete(channel.signer)
    } catch {
      return // What cannot be checked is kept: the deposit may still arrive.
    }
  }

  /** The viewer's open channel at this payee, if there is one that can go on. */
  async function existing(found: FoundOffer): Promise<PayerRecord | undefined> {
    const { offer, sessionUrl } = found
    const me = payer().toLowerCase()
    for (const record of await store.list()) {
      const mine = record.channel.payer.toLowerCase() === me && record.url === sessionUrl && !record.closed
      if (
        !mine ||
        record.overcharge !== undefined ||
        record.chainId !== offer.chainId ||
        record.contract !== offer.contract
      )
        continue
      if (record.offer.price !== offer.price || record.offer.token !== offer.token) continue
      const current = await refresh(record)
      if (current !== undefined && current.signed < current.deposited) return current
    }
    return undefined
  }

  /** The record with what the chain knows; undefined when the channel cannot go on. */
  async function refresh(record: PayerRecord): Promise<PayerRecord | undefined> {
    const { contract, channelId } = record
    const state = await getChannel(wallet, { contract, channelId })
    if (state.closed) {
      await store.put({ ...record, closed: true })
      return undefined
    }
    if (state.openedAt === 0 || state.closeRequestedAt !== 0) return undefined
    const current = { ...record, deposited: state.deposited }
    await store.put(current)
    return current
  }

  async function start(record: PayerRecord): Promise<Stream> {
    const loaded = await crypto()
    const deployment = { chainId: record.chainId, contract: record.contract }
    const sessionKey = await keys.get(record.channel.signer)
    if (sessionKey === undefined) {
      throw new SluiceError({
        code: 'session-key-lost',
        message: 'This browser lost its key.',
        details: `no key ${record.channel.signer} for channel ${record.channelId}`,
        action: 'money-back',
      })
    }
    const session = createPayerSession({
      record,
      signer: createSessionSigner(loaded, deployment, sessionKey),
      verifier: createSignatureVerifier(loaded, deployment),
      store,
      clock,
      connect: () => connect(record.url),
    })
    const { contract, channel } = record
    const stream = createStream(session, {
      clock,
      newId: () => bytesToHex(random(16)).slice(2),
      deposit: async (amount) => (await topUp(wallet, { contract, channel, amount, random })).deposited,
      finish: async (consent) => {
        const { finishChannel } = await import('./closing.js')
        const patienceMs = parameters.patienceMs ?? 20_000
        return finishChannel({ wallet, crypto: loaded, clock, record: session.record(), consent, patienceMs })
      },
    })
    session.start()
    return stream
  }

  /** The payee's consent to close is a promise; only the chain ends a channel. */
  async function holdsMoney({ closed, contract, channelId }: PayerRecord): Promise<boolean> {
    return !closed || !(await getChannel(wallet, { contract, channelId })).closed
  }

  async function remembered(channelId: Hex): Promise<PayerRecord> {
    const record = await store.get(channelId)
    if (record !== undefined) return record
    throw new SluiceError({
      code: 'unknown-channel',
      message: 'This browser does not remember that stream.',
      details: `channel ${channelId}; findChannels rebuilds channels from the chain`,
    })
  }

  return {
    quote,
    open,
    resume: async (channelId) => start(await remembered(channelId)),
    channels: async () => {
      const records = await store.list()
      const held = await Promise.all(records.map(holdsMoney))
      return records.filter((_, index) => held[index])
    },
    moneyBack: async (channelId) => {
      const record = await remembered(channelId)
      const { moneyBack } = await import('./moneyBack.js')
      const result = await moneyBack(wallet, { contract: record.contract, channel: record.channel })
      if (result.status === 'done') await store.put({ ...record, closed: true })
      return result
    },
  }
}
