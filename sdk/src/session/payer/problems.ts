import { SluiceError, type ErrorCode } from '../../errors.js'
import type { ErrorMessage } from '../messages.js'
import type { Overcharge, PayerRecord } from '../ports.js'

/** What a payee's refusal may mean to the payer. Other codes reach the developer as `internal`. */
const refusals: readonly ErrorCode[] = [
  'amount-exceeds-deposit',
  'amount-exceeds-rate',
  'channel-closed',
  'channel-not-open',
  'close-pending',
  'foreign-voucher',
  'idempotency-conflict',
  'invalid-signature',
  'malformed-message',
  'message-too-large',
  'rate-limited',
  'terms-refused',
  'tip-refused',
  'unknown-channel',
  'unsupported-version',
]

/** What a payer can be told while a session runs. */
export const problems = {
  payeeOffline: (silentMs: number) =>
    new SluiceError({
      code: 'payee-offline',
      message: 'Paused: you are not paying.',
      details: `silent for ${Math.round(silentMs / 1000)} s`,
      action: 'money-back',
      retryable: true,
    }),
  secondTab: () =>
    new SluiceError({
      code: 'second-tab',
      message: 'Playing in another tab.',
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
      details: tips.map(({ id, amount }) => `tip ${id} of ${amount} was not taken`).join(', '),
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
      message: 'The payee spoke out of turn.',
      details: `message ${type}`,
    }),
  ofPayee: (received: ErrorMessage) =>
    new SluiceError({
      code: refusals.find((code) => code === received.code) ?? 'internal',
      message: 'The payee refused.',
      details: `${received.code}: ${received.message}`,
      action: received.retryable ? 'wait' : 'resync',
      retryable: received.retryable,
    }),
}
