import { SluiceError } from '@sluice/sdk'
import type { PageConfig } from '../../config/config.ts'
import { every, type Memory } from '../../edge/browser.ts'
import { followEvents } from '../../edge/eventStream.ts'
import type { Store } from '../../store.ts'
import type { ConnectedWallet } from '../../wallet/connect.ts'
import type { FoundWallet } from '../../wallet/discovery.ts'
import { walletErrorOf } from '../../wallet/errors.ts'
import { createStudioApi, readSnapshot, studioPath, type Span } from './api.ts'
import { createBroadcast } from './broadcast.ts'
import { initialState, type Source, type StudioState } from './state.ts'

export type StudioParameters = {
  readonly state: Store<StudioState>
  readonly config: PageConfig
  readonly screen: HTMLVideoElement
  /** Of this tab alone. */
  readonly memory: Memory
}

/** What a streamer can do. Every function shows its outcome in the state and never throws. */
export type Studio = {
  /** Connects a wallet and signs in with it. */
  readonly enter: (wallet: FoundWallet) => Promise<void>
  /** Goes on with a sign-in of this tab. */
  readonly resume: () => void
  readonly leave: () => Promise<void>
  readonly setStream: (changes: {
    readonly title: string
    readonly price: string
    readonly token: string
  }) => Promise<void>
  readonly goLive: (source: Source) => Promise<void>
  readonly endLive: () => Promise<void>
  readonly renewKey: () => Promise<void>
  readonly settle: () => Promise<void>
  readonly tip: (verb: 'hide' | 'show' | 'replay', key: string) => Promise<void>
  readonly setGoal: (title: string, target: bigint) => Promise<void>
  readonly endGoal: () => Promise<void>
  readonly makeOverlay: (label: string) => Promise<void>
  readonly revokeOverlay: (id: string) => Promise<void>
  readonly testAlert: () => Promise<void>
  readonly show: (span: Span) => Promise<void>
}

const tokenMemory = 'sluice.studio'
/** How often the chart is drawn anew where nothing comes in, as its span moves on; milliseconds. */
const chartMs = 15_000

/** The studio without its looks. */
export function createStudio(parameters: StudioParameters): Studio {
  const { state, config, memory } = parameters
  const endings: (() => void)[] = []
  let wallet: ConnectedWallet | undefined
  let asksChart = false
  /** What had been earned when the chart was last asked for. */
  let charted: bigint | undefined
  const token = (): string | undefined => memory.read(tokenMemory)
  const api = createStudioApi(token, outside)
  const broadcast = createBroadcast(
    parameters.screen,
    () => state.get().snapshot?.stream.title ?? '',
    (sending) => {
      state.patch({ sending })
    },
  )

  /** Does something; what goes wrong is shown. */
  async function attempt(work: () => Promise<unknown>, after: Partial<StudioState> = {}): Promise<void> {
    try {
      state.patch({ problem: undefined, saved: false })
      await work()
      state.patch({ busy: undefined })
    } catch (error) {
      state.patch({ busy: undefined, ...after, problem: problemOf(error) })
    }
  }

  /** Back before the door. */
  function outside(): void {
    memory.forget(tokenMemory)
    for (const end of endings.splice(0)) end()
    void broadcast.stop()
    state.set(initialState)
  }

  function inside(bearer: string): void {
    state.patch({ phase: 'inside' })
    endings.push(
      followEvents({
        url: `${studioPath}/events`,
        bearer,
        onEvent: (name, data) => {
          if (name !== 'state') return
          const snapshot = readSnapshot(data)
          state.patch({ snapshot })
          void chartUpTo(snapshot.money.earned)
        },
        onState: (now) => {
          if (now === 'refused') outside()
          else state.patch({ connected: now === 'open' })
        },
      }),
      every(chartMs, () => void chart()),
    )
    void attempt(async () => {
      const [streamKey, { overlays }] = await Promise.all([api.key(), api.overlays()])
      state.patch({ streamKey, overlays })
      await chart()
    })
  }

  /** Draws what came in since, one question at a time: the chart tells no less than the figures beside it. */
  async function chartUpTo(earned: bigint): Promise<void> {
    if (asksChart || earned === charted) return
    asksChart = true
    charted = earned
    await chart()
    asksChart = false
  }

  async function chart(): Promise<void> {
    const { span } = state.get()
    const income = await api.income(span).catch(() => undefined)
    if (income !== undefined && state.get().span === span) state.patch({ income })
  }

  async function enter(found: FoundWallet): Promise<void> {
    state.patch({ phase: 'connecting' })
    const work = async (): Promise<void> => {
      const { connectWallet } = await import('../../wallet/connect.ts')
      wallet = await connectWallet({ config, wallet: found, how: 'ask', changed: () => void leave() })
      if (wallet === undefined) throw new Error('the wallet named no account')
      const { address, name, client } = wallet
      state.patch({ phase: 'signing', wallet: { name, address } })
      const { message } = await api.challenge(address)
      const signature = await client.signMessage({ account: address, message })
      const session = await api.session(message, signature)
      memory.write(tokenMemory, session.token)
      inside(session.token)
    }
    await attempt(work, { phase: 'visitor', wallet: undefined })
  }

  async function leave(): Promise<void> {
    await api.signOut().catch(() => undefined)
    outside()
    await wallet?.disconnect().catch(() => undefined)
    wallet = undefined
  }

  async function listOverlays(): Promise<void> {
    state.patch({ overlays: (await api.overlays()).overlays })
  }

  return {
    enter,
    leave,
    resume: () => {
      const bearer = token()
      if (bearer !== undefined) inside(bearer)
    },
    setStream: (changes) => {
      state.patch({ busy: 'stream' })
      return attempt(async () => {
        await api.setStream(changes)
        state.patch({ saved: true })
      })
    },
    goLive: (source) => {
      state.patch({ busy: 'live' })
      return attempt(async () => {
        await broadcast.start(source, await api.key())
      })
    },
    endLive: () => attempt(broadcast.stop),
    renewKey: () =>
      attempt(async () => {
        state.patch({ streamKey: await api.renewKey() })
      }),
    settle: () => {
      state.patch({ busy: 'settle', settled: undefined })
      return attempt(async () => {
        state.patch({ settled: await api.settle() })
      })
    },
    tip: (verb, key) => attempt(() => api.tip(verb, key)),
    setGoal: (title, target) => attempt(() => api.setGoal(title, target)),
    endGoal: () => attempt(api.endGoal),
    makeOverlay: (label) =>
      attempt(async () => {
        const { id, secret } = await api.makeOverlay(label)
        const address = new URL(`/overlay/#${secret}`, location.href).href
        state.patch({ newOverlay: { id, address } })
        await listOverlays()
      }),
    revokeOverlay: (id) =>
      attempt(async () => {
        await api.revokeOverlay(id)
        if (state.get().newOverlay?.id === id) state.patch({ newOverlay: undefined })
        await listOverlays()
      }),
    testAlert: () =>
      attempt(async () => {
        state.patch({ tested: (await api.testAlert()).connected })
      }),
    show: async (span) => {
      state.patch({ span, income: undefined })
      await chart()
    },
  }
}

/** Anything that was thrown, as something the person can read. */
function problemOf(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  if (error instanceof DOMException && error.name === 'NotAllowedError') {
    return new SluiceError({
      code: 'wallet-rejected',
      message: 'You cancelled. Nothing is sent.',
      details: error.message,
    })
  }
  return walletErrorOf(error)
}
