import type { Chain, LocalAccount, Transport } from 'viem'
import type { Address, Hex } from '@sluice/sdk'
import type { Clock, Price, Random } from '@sluice/sdk/session'
import type { Limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { SettlementPolicy } from '../settlement/policy.js'
import type { ServerStore } from '../store/ports.js'

/** What a payee needs to know. Everything but the first five has a default. */
export type PayeeOptions = {
  /** The operator's key: signs receipts and closes, sends settlements, never receives. */
  readonly account: LocalAccount
  /** viem's description of the chain. */
  readonly chain: Chain
  /** Such as `0.002/s`, in whole tokens; or base units. */
  readonly price: string | Price
  /** Path of the SQLite file, or an open store, which then stays open when the payee closes. */
  readonly store: string | ServerStore
  /** The same key as `account`'s, for signing receipts on the fast path. */
  readonly privateKey?: Hex
  /** Receives the money; may be a cold wallet. Default: the account, and then channels name no operator. */
  readonly payee?: Address
  /** Addresses of nodes, the first preferred. Default: the chain's own. */
  readonly rpc?: string | readonly string[]
  /** A viem transport instead of `rpc`. */
  readonly transport?: Transport
  /** Default: USDC where there is one, else the native coin; zero: the native coin. */
  readonly token?: Address
  /** `StreamChannels`; default: the address it has on every chain it was deployed to by `sluice deploy`. */
  readonly contract?: Address
  /** First block the watcher looks at; default: the newest at the first start. */
  readonly fromBlock?: bigint
  /** Units paid ahead. Default 10 seconds, 1,000,000 bytes or 10 requests. */
  readonly window?: number
  /** Units delivered beyond what is paid. Default 3 seconds, 300,000 bytes or no request. */
  readonly credit?: number
  /** Shortest grace period of a channel, seconds. Default 3,600. */
  readonly grace?: number
  /** Blocks a deposit must be deep; 1: mined. Default 1. */
  readonly confirmations?: number
  /** By how much a voucher should rise: text in whole tokens, bigint in base units. Default a tenth of the window. */
  readonly minDelta?: string | bigint
  /** Text in whole tokens, bigint in base units. Default: 60 windows. */
  readonly suggestedDeposit?: string | bigint
  /** What is sold, for the person. */
  readonly title?: string
  /** When to settle; false: only when asked. */
  readonly settlement?: Partial<SettlementPolicy> | false
  readonly limits?: Partial<Limits>
  /** Browser origins that may connect; default: all. */
  readonly origins?: readonly string[]
  /** Believe the last entry of `X-Forwarded-For`. Default false. */
  readonly trustProxy?: boolean
  /** Of 402 challenges; default: the request's host. */
  readonly realm?: string
  /** Default: silent. */
  readonly logger?: Logger
  /** Which implementation of secp256k1; default: native when it is installed. */
  readonly engine?: 'auto' | 'native' | 'portable'
  readonly clock?: Clock
  readonly random?: Random
  /** How often the chain is looked at, milliseconds. Default 1,000. */
  readonly pollMs?: number
  /** How long `close` may take, milliseconds. Default 10,000. */
  readonly shutdownMs?: number
  /** Whether `close` first settles all that was earned; what was only paid ahead is left. Default false. */
  readonly settleOnClose?: boolean
}
