import type { ErrorCode } from '@sluice/sdk'
import type { Problem } from '../problem.js'

/** A payment that was refused: what the client is told, always with a fresh challenge when the status is 402. */
export class PaymentRefused extends Error {
  override readonly name = 'PaymentRefused'

  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

type Telling = Pick<Problem, 'type' | 'title' | 'status' | 'message' | 'action' | 'retryable'>

const again = { action: 'resync', retryable: true } as const

/** How refusals of vouchers and channels are said in the scheme's words. */
const tellings: Partial<Record<ErrorCode, Telling>> = {
  'invalid-signature': {
    type: 'session/invalid-signature',
    title: 'Invalid Signature',
    status: 402,
    message: 'The payment is not signed by the channel.',
    action: 'resync',
    retryable: false,
  },
  'amount-exceeds-deposit': {
    type: 'session/amount-exceeds-deposit',
    title: 'Amount Exceeds Deposit',
    status: 402,
    message: 'The channel does not hold that much.',
    action: 'top-up',
    retryable: true,
  },
  'amount-exceeds-rate': {
    type: 'session/amount-exceeds-deposit',
    title: 'Amount Exceeds Rate',
    status: 402,
    message: 'The channel does not allow that much yet.',
    action: 'wait',
    retryable: true,
  },
  'unknown-channel': {
    type: 'session/channel-not-found',
    title: 'Channel Not Found',
    status: 410,
    message: 'This payee does not know the channel.',
    ...again,
  },
  'channel-closed': {
    type: 'session/channel-finalized',
    title: 'Channel Finalized',
    status: 410,
    message: 'This channel has ended.',
    action: 'resync',
    retryable: false,
  },
  'close-pending': {
    type: 'session/channel-finalized',
    title: 'Channel Closing',
    status: 410,
    message: 'This channel is being closed.',
    action: 'resync',
    retryable: false,
  },
  'channel-not-open': {
    type: 'verification-failed',
    title: 'Deposit Not Confirmed',
    status: 402,
    message: 'The deposit is not confirmed yet.',
    action: 'wait',
    retryable: true,
  },
  'terms-refused': {
    type: 'verification-failed',
    title: 'Terms Refused',
    status: 402,
    message: 'The payee does not accept these terms.',
    action: 'none',
    retryable: false,
  },
  'wrong-token': {
    type: 'verification-failed',
    title: 'Wrong Token',
    status: 402,
    message: 'This is paid in another token.',
    action: 'none',
    retryable: false,
  },
  'malformed-message': {
    type: 'malformed-credential',
    title: 'Malformed Credential',
    status: 402,
    message: 'The payment cannot be read.',
    ...again,
  },
  'foreign-voucher': {
    type: 'invalid-payload',
    title: 'Foreign Voucher',
    status: 402,
    message: 'The voucher is for another channel.',
    action: 'resync',
    retryable: false,
  },
  'rate-limited': {
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    message: 'Too many requests.',
    action: 'wait',
    retryable: true,
  },
}

const unavailable: Telling = {
  type: 'internal-payment-error',
  title: 'Payment Unavailable',
  status: 503,
  message: 'Payments cannot be taken right now. Nothing was charged.',
  action: 'retry',
  retryable: true,
}

/**
 * A refusal of a voucher, a channel or a credential.
 *
 * @param code of the error
 * @param details for the developer
 */
export function refusalOf(code: ErrorCode, details: string | undefined): PaymentRefused {
  const told = tellings[code] ?? unavailable
  return new PaymentRefused({ ...told, code, ...(details === undefined ? {} : { details }) })
}

/** No payment came with the request. */
export function paymentRequired(price: string): PaymentRefused {
  return new PaymentRefused({
    type: 'payment-required',
    title: 'Payment Required',
    status: 402,
    code: 'channel-not-open',
    message: `This costs ${price}.`,
    action: 'top-up',
    retryable: true,
  })
}

/** The credential answers a challenge that is not ours, not for this, or no longer good. */
export function challengeRefused(verdict: 'foreign' | 'expired'): PaymentRefused {
  const expired = verdict === 'expired'
  return new PaymentRefused({
    type: expired ? 'payment-expired' : 'invalid-challenge',
    title: expired ? 'Challenge Expired' : 'Invalid Challenge',
    status: 402,
    code: 'unexpected-message',
    message: expired
      ? 'The payment took too long. Pay with the fresh challenge.'
      : 'The payment is for something else.',
    details: expired
      ? 'the challenge has expired; the voucher is still good and needs no new signature'
      : 'the echoed challenge is not one of this server for this resource',
    ...again,
  })
}

/** Vouchers do not cover what is next. */
export function insufficient(required: bigint, accepted: bigint, deposited: bigint): PaymentRefused {
  return new PaymentRefused({
    type: 'session/insufficient-balance',
    title: 'Insufficient Balance',
    status: 402,
    code: 'budget-spent',
    message: 'The vouchers do not cover this.',
    details: `vouchers over ${accepted}, required ${required}, deposited ${deposited}`,
    action: required > deposited ? 'top-up' : 'retry',
    retryable: true,
    extra: {
      requiredCumulative: required.toString(),
      acceptedCumulative: accepted.toString(),
      deposit: deposited.toString(),
    },
  })
}
