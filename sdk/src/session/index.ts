export type { Price, Unit } from './price.js'
export { costOf, formatAmount, meteringUnits, parseAmount, parsePrice, unitsFor } from './price.js'
export type * from './messages.js'
export { decodeMessage, encodeMessage, maxDataFrame, maxFrame, protocolVersion } from './codec.js'
export type * from './ports.js'
export type { Terms } from './terms.js'
export { termsOf, timing } from './terms.js'
export type {
  PayerEffect,
  PayerEvent,
  PayerInput,
  PayerPhase,
  PayerState,
  PayerStep,
  Meter,
} from './payer/state.js'
export { capOf, consumedOf, initialPayerState } from './payer/state.js'
export { stepPayer } from './payer/step.js'
export type { PayerSession, PayerSessionParameters } from './payer/session.js'
export { createPayerSession } from './payer/session.js'
export type { PayeeEffect, PayeeInput, PayeePhase, PayeeState, PayeeStep, Screening } from './payee/state.js'
export { initialPayeeState } from './payee/state.js'
export { snapshotOf } from './payee/answers.js'
export { nextTickMs, stepPayee } from './payee/step.js'
export { screenVoucher } from './payee/screen.js'
export type { StandingOffer } from './payee/admission.js'
export { checkState, checkTerms } from './payee/admission.js'
export type {
  GrantOutcome,
  PayeeChannel,
  PayeeChannelHooks,
  PayeeChannelParameters,
  SessionSink,
} from './payee/channelPorts.js'
export { createPayeeChannel } from './payee/channel.js'
export type { PayeeSession, SessionListener } from './payee/payeeSession.js'
export type { PayeeHub, PayeeHubHooks, PayeeHubParameters } from './payee/hub.js'
export { createPayeeHub } from './payee/hub.js'
export type { Fate, MemoryPairParameters } from '../transport/memory.js'
export { createMemoryPair } from '../transport/memory.js'
export { retryAfterOf } from '../transport/retryAfter.js'
export type { WebSocketLike } from '../transport/webSocket.js'
export { connectWebSocket, wrapWebSocket } from '../transport/webSocket.js'
export { createMemoryStore } from '../store/memory.js'
export { createIndexedDbStore, type IndexedDbStoreOptions } from '../store/indexedDb.js'
export { systemClock } from '../edge/platform.js'
