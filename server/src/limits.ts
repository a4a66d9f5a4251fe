import { SluiceError } from '@sluice/sdk'

/** What one client, and all of them together, may ask of this server. */
export type Limits = {
  /** Frames of a connection a second, on average. Default 20. */
  readonly framesPerSecond: number
  /** Frames of a connection at once. Default 60. */
  readonly frameBurst: number
  /** Connections in all. Default 20,000. */
  readonly connections: number
  /** Connections of one address at a time. Default 100. */
  readonly connectionsPerAddress: number
  /** New connections of one address in a minute. Default 300. */
  readonly connectsPerMinute: number
  /** Bytes waiting for a slow client above which a feed pauses. Default 262,144. */
  readonly slowBytes: number
  /** Bytes waiting for a slow client above which the connection is ended. Default 4,194,304. */
  readonly endBytes: number
  /** Milliseconds after which a connection that answers no ping is dead. Default 30,000. */
  readonly heartbeatMs: number
  /** Requests with a payment from one address in a second. Default 50. */
  readonly requestsPerSecond: number
  /** Bytes of a request's body. Default 1,048,576. */
  readonly bodyBytes: number
  /** Metered HTTP answers at a time. Default 10,000. */
  readonly openStreams: number
  /** ERC-1271 wallets asked on the chain in a second. Default 20. */
  readonly walletChecksPerSecond: number
}

const defaults: Limits = {
  framesPerSecond: 20,
  frameBurst: 60,
  connections: 20_000,
  connectionsPerAddress: 100,
  connectsPerMinute: 300,
  slowBytes: 262_144,
  endBytes: 4_194_304,
  heartbeatMs: 30_000,
  requestsPerSecond: 50,
  bodyBytes: 1_048_576,
  openStreams: 10_000,
  walletChecksPerSecond: 20,
}

/**
 * Limits with defaults where nothing is said.
 *
 * @throws SluiceError `invalid-argument` when one is not a positive number
 */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const limits = { ...defaults, ...given }
  for (const [name, value] of Object.entries(limits)) {
    if (value > 0 && Number.isFinite(value)) continue
    throw new SluiceError({
      code: 'invalid-argument',
      message: `The limit ${name} must be a positive number.`,
      details: `limits.${name} is ${value}`,
    })
  }
  return limits
}
