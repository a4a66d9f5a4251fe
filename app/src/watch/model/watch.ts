import { createSluice, parseAmount, type Sluice, type Stream } from '@sluice/sdk'
import { ensureChain, getChannel } from '@sluice/sdk/channel'
import type { PayerRecord } from '@sluice/sdk/session'
import type { PageConfig } from '../../config/config.ts'
import type { Memory } from '../../edge/browser.ts'
import type { TabLock } from '../../edge/tabLock.ts'
import type { Guard } from '../../limits/guard.ts'
import { createFeedMedia, createLiveMedia } from '../../media/media.ts'
import type { Store } from '../../store.ts'
import { connectWallet, type ConnectedWallet } from '../../wallet/connect.ts'
import { walletMemory, type FoundWallet } from '../../wallet/discovery.ts'
import { followChainTime } from './chainTime.ts'
import { showStream } from './live.ts'
import { problemOf } from './problem.ts'
import { createScreen } from './screen.ts'
import { initialState, type PromptStep, type WatchState } from './state.ts'

export type WatchParameters = {
  readonly state: Store<WatchState>
  readonly config: PageConfig
  readonly video: HTMLVideoElement
  readonly guard: Guard
  readonly lock: TabLock
  readonly memory: Memory
}

/** What a viewer can do. Every function shows its outcome in the state and never throws. */
export type Watch = {
  readonly connect: (wallet: FoundWallet, how: 'ask' | 'silent') => Promise<void>
  readonly disconnect: () => Promise<void>
  /** Asks what a budget buys and costs in prompts. */
  readonly quote: (budget: string) => Promise<void>
  readonly switchChain: () => Promise<void>
  readonly open: (budget: string) => Promise<void>
  readonly takeOver: () => Promise<void>
  readonly play: () => void
  readonly pause: () => void
  readonly tip: (amount: string, message: string) => Promise<void>
  readonly topUp: (amount: string) => Promise<void>
  readonly stop: () => Promise<void>
  readonly moneyBack: () => Promise<void>
  /** Back to choosing a budget. */
  readonly again: () => void
}

/** The watch page without its looks: wallet, session and player, over `createSluice`. */
export function createWatch(parameters: WatchParameters): Watch {
  const { state, config, video, guard, lock, memory } = parameters
  const screen = createScreen(video, (playing) => {
    state.patch({ playing })
  })
  const createMedia = config.stage ? createLiveMedia : createFeedMedia
  const media = createMedia({
    video,
    onMoving: (moving) => {
      state.patch({ moving })
    },
  })
  let wallet: ConnectedWallet | undefined
  let sluice: Sluice | undefined
  let stream: Stream | undefined
  const endings: (() => void)[] = []
  let quotes = 0
  let budgetMeant: string | undefined

  /** Does something; what goes wrong is shown, and `after` says where the page stands then. */
  async function attempt(work: () => Promise<void>, after: Partial<WatchState> = {}): Promise<void> {
    try {
      state.patch({ problem: undefined })
      await work()
    } catch (error) {
      state.patch({ ...after, problem: problemOf(error) })
    }
  }

  function paying(): Sluice {
    if (sluice === undefined) throw new Error('no wallet is connected')
    return sluice
  }

  function connected(): ConnectedWallet {
    if (wallet === undefined) throw new Error('no wallet is connected')
    return wallet
  }

  function running(): Stream {
    if (stream === undefined) throw new Error('no stream runs')
    return stream
  }

  function leave(): void {
    stream?.leave()
    stream = undefined
    screen.pause()
    for (const end of endings.splice(0).reverse()) end()
  }

  function connect(found: FoundWallet, how: 'ask' | 'silent'): Promise<void> {
    if (how === 'ask') state.patch({ phase: 'connecting' })
    const work = async (): Promise<void> => {
      wallet = await connectWallet({ config, wallet: found, how, changed: () => void disconnect() })
      if (wallet === undefined) return
      memory.write(walletMemory, found.info.rdns)
      sluice = createSluice({ wallet: wallet.client, connect: media.connect, keyKind: 'auto' })
      state.patch({ wallet: { name: wallet.name, address: wallet.address } })
      await goOn()
    }
    return attempt(work, { phase: wallet === undefined ? 'visitor' : 'ready' })
  }

  /** Takes up what was left running; else a budget is chosen. */
  async function goOn(): Promise<void> {
    const channel = await remembered()
    state.patch({ channel, phase: 'ready' })
    if (channel === undefined) return
    const { contract, channelId, channel: terms } = channel
    const { withdrawableAt } = await getChannel(connected().client, { contract, channel: terms })
    if (withdrawableAt === undefined) await start(() => paying().resume(channelId), { takeOver: false })
    else {
      state.patch({ phase: 'refund', refund: { status: 'waiting', withdrawableAt, transaction: undefined } })
      endings.push(followChainTime(state, connected().client))
    }
  }

  /** The channel of this wallet at this payee that the chain has not ended. */
  async function remembered(): Promise<PayerRecord | undefined> {
    const { host } = new URL(config.payee)
    const payer = connected().address.toLowerCase()
    const channels = await paying().channels()
    return channels.find(
      ({ url, channel }) => new URL(url).host === host && channel.payer.toLowerCase() === payer,
    )
  }

  async function disconnect(): Promise<void> {
    leave()
    memory.forget(walletMemory)
    await wallet?.disconnect().catch(() => undefined)
    wallet = undefined
    sluice = undefined
    state.set(initialState)
  }

  /** Runs a stream in this tab alone. */
  async function start(begin: () => Promise<Stream>, how: { readonly takeOver: boolean }): Promise<void> {
    const release = await lock.take(how, () => {
      leave()
      state.patch({ phase: 'elsewhere' })
    })
    if (release === undefined) {
      state.patch({ phase: 'elsewhere' })
      return
    }
    endings.push(release)
    try {
      const begun = await begin()
      stream = begun
      endings.push(showStream(state, begun, guard, screen.pause))
      endings.push(media.show(begun))
      state.patch({ phase: 'watching', channel: begun.record(), step: undefined, final: undefined, tips: [] })
      screen.play()
    } catch (error) {
      leave()
      throw error
    }
  }

  async function quote(budget: string): Promise<void> {
    if (state.get().quote?.budget === parseAmount(budget, config.token.decimals)) return
    const asked = (quotes += 1)
    budgetMeant = budget
    state.patch({ quote: undefined })
    await attempt(async () => {
      const found = await paying().quote({ payee: config.payee, budget })
      if (asked === quotes) state.patch({ quote: found })
    })
  }

  async function open(budget: string): Promise<void> {
    const work = async (): Promise<void> => {
      guard.requireBudget({ budget: 0n, left: 0n }, parseAmount(budget, config.token.decimals))
      state.patch({ phase: 'opening', step: undefined, meter: undefined, receipt: undefined })
      const onStep = (step: PromptStep): void => {
        state.patch({ step })
      }
      await start(() => paying().open({ payee: config.payee, budget, onStep }), { takeOver: false })
    }
    await attempt(work, { phase: 'ready', step: undefined })
  }

  async function takeOver(): Promise<void> {
    const work = async (): Promise<void> => {
      const channel = state.get().channel ?? (await remembered())
      if (channel === undefined) state.patch({ phase: 'ready' })
      else await start(() => paying().resume(channel.channelId), { takeOver: true })
    }
    await attempt(work, { phase: 'ready' })
  }

  async function tip(amount: string, message: string): Promise<void> {
    state.patch({ busy: 'tip' })
    await attempt(async () => {
      guard.requireTip(state.get().meter?.spent ?? 0n, parseAmount(amount, config.token.decimals))
      await running().tip(amount, message)
      state.patch({ tips: [...state.get().tips, { amount, message }] })
    })
    state.patch({ busy: undefined })
  }

  async function topUp(amount: string): Promise<void> {
    state.patch({ busy: 'topUp' })
    await attempt(async () => {
      const { budget } = running().record()
      const left = state.get().meter?.left ?? 0n
      guard.requireBudget({ budget, left }, parseAmount(amount, config.token.decimals))
      await running().topUp(amount)
    })
    state.patch({ busy: undefined })
  }

  async function stop(): Promise<void> {
    screen.pause()
    state.patch({ phase: 'stopping' })
    const work = async (): Promise<void> => {
      const final = await running().stop()
      leave()
      state.patch({ phase: 'ended', final })
    }
    await attempt(work, { phase: 'watching' })
  }

  async function moneyBack(): Promise<void> {
    const channel = state.get().channel
    if (channel === undefined) return
    const before = state.get().phase
    leave()
    state.patch({ phase: 'refund' })
    await attempt(
      async () => {
        const refund = await paying().moneyBack(channel.channelId)
        state.patch({ refund })
        if (refund.status === 'waiting') endings.push(followChainTime(state, connected().client))
      },
      { phase: before },
    )
  }

  return {
    connect,
    disconnect,
    quote,
    switchChain: () =>
      attempt(async () => {
        await ensureChain(connected().client)
        if (state.get().phase === 'ready' && budgetMeant !== undefined) await quote(budgetMeant)
      }),
    open,
    takeOver,
    play: screen.play,
    pause: screen.pause,
    tip,
    topUp,
    stop,
    moneyBack,
    again: () => {
      const { wallet: shown } = state.get()
      state.set({ ...initialState, wallet: shown, phase: 'ready' })
    },
  }
}
