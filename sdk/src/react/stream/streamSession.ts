import type { NumberedStep } from '../../payment/prepare.js'
import { SluiceError } from '../../errors.js'
import type { MediaReason } from '../../session/messages.js'
import type { Meter } from '../../session/payer/state.js'
import type { Hex } from '../../types.js'
import type { MoneyBack } from '../../viewer/moneyBack.js'
import type { Player } from '../../viewer/player.js'
import type { OpenParameters, Sluice } from '../../viewer/sluice.js'
import type { FinalReceipt, Stream } from '../../viewer/stream.js'
import { noWallet, problemOf } from '../problemOf.js'

/**
 * - `no-wallet`: nothing can be opened yet
 * - `ready`: a stream can be opened or resumed
 * - `opening`: the wallet or the chain is awaited
 * - `open`: money flows while the player plays
 * - `stopping`: the channel is being settled
 * - `ended`: settled; `final` proves it, unless the payee ended it
 * - `returning`: the rest is coming back without the payee; `moneyBack` says when
 */
export type StreamSessionStatus =
  'no-wallet' | 'ready' | 'opening' | 'open' | 'stopping' | 'ended' | 'returning'

/** Everything that a page shows of a stream. Amounts are base units; `stream.format` writes them for people. */
export type StreamSessionState = {
  readonly status: StreamSessionStatus
  readonly stream: Stream | undefined
  /** The wallet prompt that is open, as 1 of 2. */
  readonly step: NumberedStep | undefined
  readonly meter: Meter | undefined
  /** Whether the payee delivers, and why not. */
  readonly media: { readonly open: boolean; readonly reason: MediaReason } | undefined
  /** What the person should read; its `action` says what can be done. */
  readonly problem: SluiceError | undefined
  readonly final: FinalReceipt | undefined
  readonly moneyBack: MoneyBack | undefined
}

/** A stream for a page. No action rejects: what went wrong is `problem`. */
export type StreamSession = {
  readonly state: () => StreamSessionState
  readonly subscribe: (listener: () => void) => () => void
  readonly open: (parameters: Omit<OpenParameters, 'onStep'>) => Promise<void>
  readonly resume: (channelId: Hex) => Promise<void>
  /** Pays while this player's picture moves; the returned function ends that. */
  readonly follow: (player: Player) => () => void
  readonly play: () => void
  readonly pause: () => void
  /** Whole tokens, such as `0.50`. */
  readonly tip: (amount: string, message?: string) => Promise<void>
  /** Whole tokens, such as `5.00`. */
  readonly topUp: (amount: string) => Promise<void>
  readonly stop: () => Promise<void>
  /** Gets the rest back without the payee; call again when `moneyBack.withdrawableAt` has come. */
  readonly returnMoney: (channelId: Hex) => Promise<void>
  /** Disconnects and keeps the channel for later. */
  readonly leave: () => void
}

const nothing = {
  stream: undefined,
  step: undefined,
  meter: undefined,
  media: undefined,
  problem: undefined,
  final: undefined,
  moneyBack: undefined,
}

/**
 * A stream whose state can be watched: what `useStreamSession` shows, without React.
 *
 * @param sluice of a wallet; undefined as long as none is connected
 */
export function createStreamSession(sluice: Sluice | undefined): StreamSession {
  const idle: StreamSessionState = { ...nothing, status: sluice === undefined ? 'no-wallet' : 'ready' }
  const listeners = new Set<() => void>()
  let state = idle
  let endings: (() => void)[] = []

  function patch(parts: Partial<StreamSessionState>): void {
    state = { ...state, ...parts }
    for (const listener of [...listeners]) listener()
  }

  /** Does something with the wallet's SDK; what goes wrong is told, and where the page stands then. */
  async function attempt(
    status: StreamSessionStatus,
    work: (sluice: Sluice) => Promise<void>,
  ): Promise<void> {
    const before = state.status
    try {
      if (sluice === undefined) throw noWallet()
      patch({ problem: undefined, status })
      await work(sluice)
    } catch (error) {
      patch({ status: before, step: undefined, problem: problemOf(error) })
    }
  }

  function listen(stream: Stream): void {
    endings = [
      stream.on('meter', (meter) => patch({ meter })),
      stream.on('media', (media) => patch({ media })),
      stream.on('problem', (problem) => patch({ problem })),
      stream.on('ended', ({ reason }) => {
        if (reason === 'payee') patch({ status: 'ended' })
      }),
    ]
    patch({ status: 'open', stream, step: undefined, final: undefined })
  }

  function unlisten(): void {
    for (const end of endings.splice(0)) end()
  }

  const withStream = (work: (stream: Stream) => Promise<void>): Promise<void> =>
    attempt(state.status, async () => {
      if (state.stream === undefined) throw noStream()
      await work(state.stream)
    })

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open: (parameters) =>
      attempt('opening', async (paying) => {
        listen(await paying.open({ ...parameters, onStep: (step) => patch({ step }) }))
      }),
    resume: (channelId) => attempt('opening', async (paying) => listen(await paying.resume(channelId))),
    follow: (player) => state.stream?.follow(player) ?? (() => undefined),
    play: () => state.stream?.play(),
    pause: () => state.stream?.pause(),
    tip: (amount, message) => withStream((stream) => stream.tip(amount, message)),
    topUp: (amount) => withStream((stream) => stream.topUp(amount)),
    stop: () =>
      attempt('stopping', async () => {
        if (state.stream === undefined) throw noStream()
        const final = await state.stream.stop()
        unlisten()
        patch({ status: 'ended', final })
      }),
    returnMoney: (channelId) =>
      attempt('returning', async (paying) => {
        state.stream?.leave()
        unlisten()
        const moneyBack = await paying.moneyBack(channelId)
        patch({ moneyBack, status: moneyBack.status === 'done' ? 'ended' : 'returning' })
      }),
    leave: () => {
      state.stream?.leave()
      unlisten()
      patch(idle)
    },
  }
}

function noStream(): SluiceError {
  return new SluiceError({
    code: 'invalid-argument',
    message: 'No stream is open.',
    details: 'open or resume a stream first',
  })
}
