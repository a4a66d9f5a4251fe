export { createPayee } from './payee/createPayee.js'
export type { PayeeOptions } from './payee/options.js'
export type { HealthReport, Payee, PayeeEvents, PayeeStatus } from './payee/payee.js'
export type { FeedPiece, FeedSource } from './payee/feed.js'
export { createStandalone, type Standalone } from './http/listen.js'
export type { PageConfig, PagesPayee, PageSettings } from './pages/config.js'
export { servePages, type ServePagesParameters } from './pages/servePages.js'
export type { PriceOptions } from './http/payment/sale.js'
export type { Meter } from './http/payment/meter.js'
export { paidOperation } from './http/openapi.js'
export type { Limits } from './limits.js'
export { createLogger, type Logger, type LoggerOptions } from './log.js'
export type { SettlementPolicy } from './settlement/policy.js'
export type { Settler } from './settlement/settler.js'
export type { SettleReport } from './settlement/rounds.js'
export type { SettlerEvent } from './settlement/events.js'
export type { DocumentStore, IdempotencyStore, MetaStore, ServerStore, StoredAnswer } from './store/ports.js'
export { openSqliteStore, type SqliteStore } from './store/sqlite.js'
export { createMemoryDisk, createMemoryStore, type MemoryDisk } from './store/memory.js'
export {
  createTelemetry,
  telemetryPeriodMs,
  type Reading,
  type TelemetryReader,
  type TelemetrySample,
} from './feeds/telemetry.js'
export { machineReader } from './edge/machine.js'
export type { ContractName } from './deploy/artifact.js'
export { deployContracts } from './deploy/deploy.js'
export { planDeployment, type ContractPlan, type DeploymentPlan } from './deploy/plan.js'
export type { ContractRecord, DeploymentRecord } from './deploy/record.js'
