import { SluiceError, type ErrorCode } from '../../errors.js'
import type { ErrorMessage } from '../messages.js'
import type { Overcharge, PayerRecord } from '../ports.js'

/** What a payee's refusal means to the payer. Codes that are not here reach the developer as `internal`. */
const refusals: Readonly<Record<string, ErrorCode>> = {
  'amount-exceeds-deposit': 'amount-exceeds-deposit',
  'amount-exceeds-rate': 'amount-exceeds-rate',
  'channel-closed': 'channel-closed',
  'channel-not-open': 'channel-not-open',
  'close-pending': 'close-pending',
  'foreign-voucher': 'foreign-voucher',
  'idempotency-conflict': 'idempotency-conflict',
  'invalid-signature': 'invalid-signature',
  'malformed-message': 'malformed-message',
  'message-too-large': 'message-too-large',
  'rate-limited': 'rate-limited',
  'terms-refused': 'terms-refused',
  'tip-refused': 'tip-refused',
  'unknown-channel': 'unknown-channel',
  'unsupported-version': 'unsupported-version',
}

/** What a payer can be told while a session runs. */
export const problems = {
  payeeOffline: (silentMs: number) =>
    new SluiceError({
      code: 'payee-offline',
      message: 'Paused: you are not paying.',
      details: `nothing heard from the payee for ${Math.round(silentMs / 1000)} seconds`,
      action: 'money-back',
      retryable: true,
    }),
  secondTab: () =>
    new SluiceError({
      code: 'second-tab',
      message: 'Playing in another tab.',
      details: 'a newer connection speaks for this channel',
      action: 'take-over',
    }),
  offerChanged: (difference: string) =>
    new SluiceError({
      code: 'offer-changed',
      message: 'The streamer has changed the price. Stop to get the rest back, then start again.',
      details: difference,
      action: 'money-back',
    }),
  budgetLow: (secondsLeft: number | undefined) =>
    new SluiceError({
      code: 'budget-low',
      message: secondsLeft === undefined ? 'Your budget is nearly spent.' : `${secondsLeft} seconds left.`,
      action: 'top-up',
    }),
  budgetSpent: () =>
    new SluiceError({ code: 'budget-spent', message: 'Paused: you are not paying.', action: 'top-up' }),
  overcharged: ({ claimed, counted }: Overcharge) =>
    new SluiceError({
      code: 'overcharged',
      message: 'The streamer charges for more than you got. You stopped paying.',
      details: `the payee counts ${claimed.units} units and ${claimed.spent} base units, this side ${counted.units} and ${counted.spent}`,
      action: 'money-back',
    }),
  unsent: (tips: PayerRecord['pendingTips']) =>
    new SluiceError({
      code: 'tip-refused',
      message: 'Your tip was not sent. Nothing was charged for it.',
      details: tips.map(({ id, amount }) => `tip ${id} of ${amount} was not taken before the end`).join(', '),
    }),
  foreign: (channelId: string) =>
    new SluiceError({
      code: 'foreign-voucher',
      message: 'The payee spoke of another channel.',
      details: `channel ${channelId} is not this session's`,
      action: 'resync',
    }),
  unexpected: (type: string) =>
    new SluiceError({
      code: 'unexpected-message',
      message: 'The payee said something a payee does not say.',
      details: `message ${type}`,
    }),
  ofPayee: (received: ErrorMessage) =>
    new SluiceError({
      code: refusals[received.code] ?? 'internal',
      message: 'The payee refused.',
      details: `${received.code}: ${received.message}`,
      action: received.retryable ? 'wait' : 'resync',
      retryable: received.retryable,
    }),
}
