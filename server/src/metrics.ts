import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What is read when somebody asks for the metrics. Amounts are base units of the offer's token. */
export type MetricsSource = {
  readonly connections: () => number
  readonly sessions: () => number
  readonly openStreams: () => number
  readonly unsettled: () => Promise<bigint>
  readonly pendingTransactions: () => number
  readonly storeOk: () => boolean
  /** Milliseconds since the chain was last seen; undefined: never. */
  readonly watcherLagMs: () => number | undefined
  /** 99th percentile since the last call, seconds. */
  readonly loopDelay: () => number
}

export type Metrics = {
  /** The Prometheus text format. */
  readonly text: () => Promise<string>
  readonly contentType: string
  readonly accepted: () => void
  /** A message, voucher or request was refused. */
  readonly refused: (code: string) => void
  /** Milliseconds from a voucher's frame to its acknowledgement. */
  readonly acknowledged: (milliseconds: number) => void
  readonly tipped: (amount: bigint) => void
  readonly ended: (why: string) => void
  readonly request: (status: number) => void
  /** A settlement became final. */
  readonly settled: (settlement: {
    readonly kind: string
    readonly channels: number
    readonly gasUsed: bigint
    readonly feeWei: bigint
  }) => void
  /** A look of the settlement, or one piece of it, could not be finished; `look`, `claim`, `close` or `follow`. */
  readonly interrupted: (work: string) => void
  /** Base units that a nearing deadline endangers. */
  readonly atRisk: (amount: bigint) => void
}

/**
 * The numbers of one payee, in a registry of its own.
 *
 * @param source what is read on demand
 */
export function createMetrics(source: MetricsSource): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    const made = new Gauge({
      name,
      help,
      registers,
      async collect() {
        made.set(await read())
      },
    })
  }
  gauge('sluice_connections', 'Open WebSocket connections', source.connections)
  gauge('sluice_sessions', 'Connections that speak for a channel', source.sessions)
  gauge('sluice_http_streams', 'Metered HTTP answers that are under way', source.openStreams)
  gauge('sluice_unsettled_base_units', 'Accepted and not yet claimed', async () =>
    Number(await source.unsettled()),
  )
  gauge(
    'sluice_settlements_pending',
    'Settlement transactions that are not final',
    source.pendingTransactions,
  )
  gauge('sluice_store_ok', '1 when the last write reached the disk', () => (source.storeOk() ? 1 : 0))
  gauge('sluice_watcher_lag_seconds', 'Seconds since the chain was last seen, -1: never', () => {
    const lag = source.watcherLagMs()
    return lag === undefined ? -1 : lag / 1000
  })
  gauge('sluice_event_loop_delay_seconds', '99th percentile since the last reading', source.loopDelay)

  const accepted = new Counter({ name: 'sluice_vouchers_accepted_total', help: 'Vouchers stored', registers })
  const refused = new Counter({
    name: 'sluice_refused_total',
    help: 'Messages, vouchers and requests refused, by code',
    labelNames: ['code'],
    registers,
  })
  const ack = new Histogram({
    name: 'sluice_ack_seconds',
    help: 'From a voucher to its acknowledgement',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  })
  const tips = new Counter({ name: 'sluice_tips_total', help: 'Tips counted', registers })
  const tipped = new Counter({ name: 'sluice_tipped_base_units_total', help: 'Base units tipped', registers })
  const ended = new Counter({
    name: 'sluice_connections_ended_total',
    help: 'Connections this side ended, by reason',
    labelNames: ['reason'],
    registers,
  })
  const requests = new Counter({
    name: 'sluice_http_requests_total',
    help: 'Answers of priced routes, by status',
    labelNames: ['status'],
    registers,
  })
  const settlements = new Counter({
    name: 'sluice_settlements_total',
    help: 'Settlement transactions that became final',
    labelNames: ['kind'],
    registers,
  })
  const gas = new Counter({ name: 'sluice_settlement_gas_total', help: 'Gas used by settlements', registers })
  const fees = new Counter({ name: 'sluice_settlement_fee_wei_total', help: 'Wei paid for it', registers })
  const batch = new Histogram({
    name: 'sluice_settlement_batch_channels',
    help: 'Channels in one settlement transaction',
    buckets: [1, 2, 5, 10, 20, 50, 100],
    registers,
  })
  const interrupted = new Counter({
    name: 'sluice_settlement_interruptions_total',
    help: 'Settlement work that was interrupted and is tried again, by kind',
    labelNames: ['work'],
    registers,
  })
  const atRisk = new Gauge({
    name: 'sluice_at_risk_base_units',
    help: 'What the last warning of a nearing deadline was about',
    registers,
  })

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    accepted: () => accepted.inc(),
    refused: (code) => refused.inc({ code: label(code) }),
    acknowledged: (milliseconds) => ack.observe(milliseconds / 1000),
    tipped: (amount) => {
      tips.inc()
      tipped.inc(Number(amount))
    },
    ended: (reason) => ended.inc({ reason: label(reason) }),
    request: (status) => requests.inc({ status: String(status) }),
    settled: ({ kind, channels, gasUsed, feeWei }) => {
      settlements.inc({ kind })
      gas.inc(Number(gasUsed))
      fees.inc(Number(feeWei))
      batch.observe(channels)
    },
    interrupted: (work) => interrupted.inc({ work: label(work) }),
    atRisk: (amount) => atRisk.set(Number(amount)),
  }
}

/** Labels come from a fixed set; anything else would let a stranger fill the memory. */
function label(text: string): string {
  return /^[a-z][a-z0-9-]{0,40}$/.test(text) ? text : 'other'
}
