import { SluiceError } from '../errors.js'
import type { Clock, PayerRecord } from '../session/ports.js'
import type { Meter } from '../session/payer/state.js'
import type { PayerSession } from '../session/payer/session.js'
import type { MediaReason } from '../session/messages.js'
import { formatAmount, parseAmount } from '../session/price.js'
import type { Hex, Receipt } from '../types.js'
import { createEmitter } from './emitter.js'
import { followPlayer, type Player } from './player.js'

/** What a page hears while a stream runs. Amounts are base units; `format` writes them for people. */
export type StreamEvents = {
  /** Once a second while connected, and once more when the stream has ended. */
  readonly meter: Meter
  /** Something the person should read; `error.action` says what can be done. */
  readonly problem: SluiceError
  /** Whether the payee delivers. */
  readonly media: { readonly open: boolean; readonly reason: MediaReason }
  /** A piece of a feed that travels on the session. */
  readonly data: { readonly sequence: number; readonly units: bigint; readonly payload: unknown }
  /** The payee serves this channel; `resumed` when it had before. */
  readonly joined: { readonly resumed: boolean }
  /** The payee's signed word on what it received and delivered. */
  readonly receipt: Receipt
  /** A tip was stored by the payee. */
  readonly tipped: { readonly id: string }
  /** The stream has ended: both agreed to what the payee gets. Said once, before the chain knows. */
  readonly ended: StreamEnd
}

/** How a stream ended. */
export type StreamEnd = {
  /** Who ended it. */
  readonly reason: 'viewer' | 'payee'
  /** Base units the payee gets in all. */
  readonly captured: bigint
  /** The payee's last receipt; undefined when it never sent one. */
  readonly receipt: Receipt | undefined
}

/** What remains of a stream when it has ended: enough to prove every figure. */
export type FinalReceipt = {
  readonly channelId: Hex
  /** Base units the payee got in all. */
  readonly captured: bigint
  /** Base units that came back. */
  readonly refunded: bigint
  /** The transaction that ended the channel. */
  readonly transaction: Hex
  /** The payer's last voucher. */
  readonly voucher: { readonly cumulativeAmount: bigint; readonly signature: Hex }
  /** The payee's consent to `captured`. */
  readonly consent: { readonly capturedAmount: bigint; readonly payeeSignature: Hex }
  /** The payee's last receipt; undefined when it never sent one. */
  readonly receipt: Receipt | undefined
}

/** A stream that is paid while it plays. */
export type Stream = {
  readonly channelId: Hex
  readonly record: () => PayerRecord
  /** Listens to one kind of event; the returned function ends that. */
  readonly on: <Name extends keyof StreamEvents>(
    name: Name,
    listener: (event: StreamEvents[Name]) => void,
  ) => () => void
  /** Pays only while this player's picture moves; the returned function ends the following. */
  readonly follow: (player: Player) => () => void
  /** Starts paying for a feed that needs no player. */
  readonly play: () => void
  readonly pause: () => void
  /**
   * Tips an amount of whole tokens such as `0.50`, without a prompt. Resolves when the payee has stored it.
   *
   * @throws SluiceError `budget-spent`, `amount-exceeds-rate`, `overcharged` or `invalid-argument`; `tip-refused` when
   * the payee did not take it before the end, and nothing was charged for it
   */
  readonly tip: (amount: string, message?: string) => Promise<void>
  /** Adds an amount of whole tokens to deposit and budget; the stream runs on meanwhile. */
  readonly topUp: (amount: string) => Promise<void>
  /**
   * Ends the channel at what was spent: settles, refunds, and returns what proves it. Tips that are still on their way
   * go first.
   *
   * @throws SluiceError `payee-offline` when the payee does not answer; `sluice.moneyBack` then gets the rest
   */
  readonly stop: () => Promise<FinalReceipt>
  /** Disconnects and keeps the channel for later. */
  readonly leave: () => void
  /** Writes base units as whole tokens with their symbol: `0.5 USDC`. */
  readonly format: (amount: bigint) => string
}

/** What the stream leaves to whoever holds the wallet. */
export type StreamHands = {
  readonly clock: Clock
  readonly newId: () => string
  /** Deposits `amount` base units more; returns the channel's new total. */
  readonly deposit: (amount: bigint) => Promise<bigint>
  /** Ends the channel on the chain with the payee's consent, or sees the payee do it. */
  readonly finish: (consent: Consent) => Promise<{ captured: bigint; refunded: bigint; transaction: Hex }>
}

export type Consent = {
  readonly capturedAmount: bigint
  readonly payeeSignature: Hex
}

/** How long a payee may take to answer a wish to stop, milliseconds. */
const stopTimeoutMs = 15_000

/**
 * A session as a page uses it: amounts as text, promises instead of messages.
 *
 * @param session of the channel, started already
 * @param hands what needs the wallet or the chain
 */
export function createStream(session: PayerSession, hands: StreamHands): Stream {
  const emitter = createEmitter<StreamEvents>()
  const { symbol, decimals } = session.record().offer
  const waiting = new Map<string, { resolve: () => void; reject: (error: SluiceError) => void }>()
  let stopping: Promise<FinalReceipt> | undefined
  /** The payee says it once; it may come before anyone waits for it, or after the wait was given up. */
  let consent: Consent | undefined
  let consented: ((consent: Consent) => void) | undefined

  session.on((event) => {
    switch (event.type) {
      case 'meter':
        emitter.emit('meter', event.meter)
        return
      case 'problem':
        emitter.emit('problem', event.error)
        return
      case 'receipt':
        emitter.emit('receipt', event.receipt)
        return
      case 'tipped':
        waiting.get(event.id)?.resolve()
        waiting.delete(event.id)
        emitter.emit('tipped', { id: event.id })
        return
      case 'untipped':
        waiting.get(event.id)?.reject(event.error)
        waiting.delete(event.id)
        return
      case 'closed':
        if (consent === undefined) {
          const reason = session.state().stopWanted ? 'viewer' : 'payee'
          emitter.emit('ended', { reason, captured: event.capturedAmount, receipt: session.record().receipt })
        }
        consent = event
        consented?.(event)
        return
      default:
        emitter.emit(event.type, event)
    }
  })

  function stop(): Promise<FinalReceipt> {
    stopping ??= end().catch((error: unknown) => {
      stopping = undefined
      throw error
    })
    return stopping
  }

  async function end(): Promise<FinalReceipt> {
    const { capturedAmount, payeeSignature } = consent ?? (await askToStop())
    const given: Consent = { capturedAmount, payeeSignature }
    const { captured, refunded, transaction } = await hands.finish(given)
    await session.settled()
    session.leave()
    const record = session.record()
    return {
      channelId: record.channelId,
      captured,
      refunded,
      transaction,
      voucher: { cumulativeAmount: record.signed, signature: record.signature },
      consent: given,
      receipt: record.receipt,
    }
  }

  function askToStop(): Promise<Consent> {
    return new Promise((resolve, reject) => {
      const cancel = hands.clock.schedule(stopTimeoutMs, () => {
        consented = undefined
        reject(
          new SluiceError({
            code: 'payee-offline',
            message: 'The streamer does not answer. Get your money back instead.',
            details: `no consent to close within ${stopTimeoutMs / 1000} seconds`,
            action: 'money-back',
            retryable: true,
          }),
        )
      })
      consented = (given) => {
        cancel()
        resolve(given)
      }
      session.stop()
    })
  }

  return {
    channelId: session.record().channelId,
    record: () => session.record(),
    on: (name, listener) => emitter.on(name, listener),
    follow: (player) =>
      followPlayer(player, {
        playing: () => {
          session.media(true, 'viewer')
        },
        stopped: (reason) => {
          session.media(false, reason)
        },
        shown: (milliseconds) => {
          session.delivered(milliseconds)
        },
      }),
    play: () => {
      session.media(true, 'viewer')
    },
    pause: () => {
      session.media(false, 'viewer')
    },
    tip: (amount, message = '') =>
      new Promise((resolve, reject) => {
        const id = hands.newId()
        session.tip({ id, amount: parseAmount(amount, decimals), message })
        waiting.set(id, { resolve, reject })
      }),
    topUp: async (amount) => {
      const added = parseAmount(amount, decimals)
      const deposited = await hands.deposit(added)
      session.fund({ deposited, budget: session.record().budget + added })
    },
    stop,
    leave: () => {
      session.leave()
    },
    format: (amount) => `${formatAmount(amount, decimals)} ${symbol}`,
  }
}
