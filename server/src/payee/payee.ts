import type { Server } from 'node:http'
import type { Hono, MiddlewareHandler } from 'hono'
import type { Address, Deployment, Hex, SluiceError } from '@sluice/sdk'
import type {
  PayeeHub,
  PayeeRecord,
  PayeeSession,
  SessionListener,
  StandingOffer,
  StoredTip,
  Transport,
} from '@sluice/sdk/session'
import type { Watcher } from '../chain/watcher.js'
import type { PriceOptions } from '../http/payment/sale.js'
import type { ApiPart } from '../http/openapi.js'
import type { SettlerEvent } from '../settlement/events.js'
import type { Settler } from '../settlement/settler.js'
import type { ServerStore } from '../store/ports.js'
import type { FeedSource } from './feed.js'
import type { OfferChanges } from './standing.js'

/** What a payee tells those who listen. */
export type PayeeEvents = {
  /** A connection was proven to speak for a channel. */
  readonly joined: { readonly session: PayeeSession; readonly record: PayeeRecord }
  readonly left: { readonly session: PayeeSession; readonly record: PayeeRecord }
  /** A voucher became durable. */
  readonly accepted: { readonly record: PayeeRecord }
  /** A tip was stored, once. */
  readonly tip: StoredTip
  readonly gate: { readonly record: PayeeRecord; readonly open: boolean; readonly reason: string }
  /** A settlement transaction is final and succeeded. */
  readonly settled: Extract<SettlerEvent, { type: 'confirmed' }>
  /** The chain has ended a channel. */
  readonly closed: { readonly record: PayeeRecord }
  /** A deadline nears while money is not on the chain. */
  readonly atRisk: Extract<SettlerEvent, { type: 'at-risk' }>
  /** A message or request was refused. */
  readonly refused: { readonly code: string }
  /** What is sold has changed, for sessions that begin from now on. */
  readonly reoffered: { readonly offer: StandingOffer }
  readonly error: SluiceError
}

/** Numbers for a status line. Amounts are base units, times seconds. */
export type PayeeStatus = {
  readonly connections: number
  readonly sessions: number
  /** Metered HTTP answers under way. */
  readonly streams: number
  /** Vouchers stored since the start. */
  readonly accepted: number
  /** Held in vouchers beyond what the chain paid out, as of the last settlement look. */
  readonly unsettled: bigint
  /** Of which a close request endangers. */
  readonly atRisk: bigint
  readonly pendingTransactions: number
  readonly nearestDeadline: { readonly channelId: string; readonly withdrawableAt: number } | undefined
  readonly block: bigint | undefined
  readonly closing: boolean
}

/** What `/healthz` says. */
export type HealthReport = {
  readonly ok: boolean
  readonly store: { readonly ok: boolean; readonly problem?: string }
  readonly rpc: { readonly ok: boolean; readonly block?: string; readonly problem?: string }
  readonly watcher: { readonly ok: boolean; readonly lagSeconds?: number; readonly problem?: string }
  readonly settlement: {
    readonly ok: boolean
    readonly pending: number
    /** Second at which the nearest requested close matures while money is not on the chain. */
    readonly nearestDeadline?: number
    readonly problem?: string
  }
}

/** Who delivers over a connection of its own is told what becomes of the WebSocket session that pays for it. */
export type TiedListener = (transport: Transport) => SessionListener

/** A payee: sells on WebSocket sessions and priced routes, keeps vouchers, settles. */
export type Payee = {
  /** What is sold at the moment. */
  readonly offer: StandingOffer
  /**
   * Sells something else from now on. Who is connected goes on at the old price; who comes back agreed to another offer, is
   * told so by its own side, and starts anew.
   *
   * @throws SluiceError `invalid-argument`, `wrong-token` or `rpc-unreachable`; then nothing has changed
   */
  readonly reoffer: (changes: OfferChanges) => Promise<StandingOffer>
  /** Adds routes to what `/openapi.json` describes. */
  readonly describe: (part: ApiPart) => void
  /**
   * Asks the wallet at an address whether it made a signature (ERC-1271). There is a bound on how many are asked.
   *
   * @throws SluiceError `rate-limited` or `rpc-unreachable` by rejection
   */
  readonly isValidSignature: (signer: Address, digest: Hex, signature: Hex) => Promise<boolean>
  readonly deployment: Deployment
  readonly hub: PayeeHub
  readonly store: ServerStore
  readonly settler: Settler
  readonly watcher: Watcher
  /** `/.well-known/sluice`, `/openapi.json`, `/healthz`, `/metrics`. */
  readonly app: Hono
  /** Listens to one kind of event; the returned function ends that. */
  readonly on: <Name extends keyof PayeeEvents>(
    name: Name,
    listener: (event: PayeeEvents[Name]) => void,
  ) => () => void
  /**
   * Puts a price on hono routes.
   *
   * @throws SluiceError `invalid-argument` when the price cannot be asked
   */
  readonly middleware: (options?: PriceOptions) => MiddlewareHandler
  /**
   * Takes WebSocket sessions on a server, and answers the offer in front of the server's own handler. The returned
   * function ends that.
   *
   * @param options `path` of sessions, default `/sluice`
   */
  readonly attach: (server: Server, options?: { readonly path?: string }) => () => void
  /** Sells a live feed to every session; the returned function ends that. */
  readonly feed: (source: FeedSource) => () => void
  /**
   * Ties one WebSocket session to something that is delivered over a connection of its own: the session that names `id`
   * as `media` in its address. Once; the returned function gives it up.
   *
   * @param id that nobody guesses
   */
  readonly tie: (id: string, listener: TiedListener) => () => void
  readonly status: () => PayeeStatus
  readonly health: () => Promise<HealthReport>
  /**
   * Stops: takes nothing new, ends metered answers with a receipt, sends receipts and goodbyes, makes everything durable,
   * settles if it was asked to, all within a deadline. Again: the same promise.
   */
  readonly close: (reason?: string) => Promise<void>
}
