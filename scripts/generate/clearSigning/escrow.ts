import {
  account,
  amount,
  date,
  duration,
  hidden,
  optional,
  raw,
  severalCalls,
  share,
  token,
  withdrawOwed,
  type Description,
  type Field,
  type Wording,
} from './descriptor.ts'

/** The terms of an order: who, until when, who decides. */
const terms: readonly Field[] = [
  account('order.payer', 'Payer'),
  account('order.receiver', 'Receiver'),
  account('order.arbiter', 'Decides disputes'),
  amount('order.maxAmount', 'At most', 'order.token'),
  date('order.captureDeadline', 'Returns to the payer unless captured by'),
  duration('order.disputeWindow', 'Time to dispute'),
  share('order.maxFeeBps', 'Fee of at most'),
  share('order.defaultShareBps', "Receiver's share of an undecided dispute"),
  optional(date('order.refundDeadline', 'Refunds until')),
  optional(duration('order.rulingWindow', 'Time to decide a dispute')),
  optional(share('order.minFeeBps', 'Fee of at least')),
  optional(account('order.feeRecipient', 'Fee goes to')),
  optional(account('order.operator', 'Server of the receiver')),
  optional(token('order.token')),
  optional(raw('order.milestones', 'Milestones')),
  optional(raw('order.metadata', 'Hash of what is bought')),
  hidden('order.salt', 'Number of the order'),
]

const payment = hidden('payment', 'How it is paid')

const about = (intent: string, ...fields: readonly Field[]): Wording => ({
  intent,
  fields: [...fields, ...terms],
})

const split: readonly Field[] = [
  amount('toReceiver', 'To the receiver', 'order.token'),
  amount('toPayer', 'To the payer', 'order.token'),
]

export const escrow: Description = {
  calls: {
    authorize: {
      ...about('Pay into an order', amount('amount', 'Held for the order', 'order.token'), payment),
      interpolatedIntent: 'Hold {amount} for {order.receiver} until {order.captureDeadline}',
    },
    capture: about(
      'Capture money of an order',
      amount('amount', 'Captured', 'order.token'),
      share('feeBps', 'Fee'),
    ),
    charge: about(
      'Pay and capture an order',
      amount('amount', 'Paid', 'order.token'),
      share('feeBps', 'Fee'),
      payment,
    ),
    release: about('Send what is pending to the receiver'),
    releaseMilestone: about('Pay a milestone', raw('milestone', 'Milestone, counted from 0')),
    refund: about('Give money back to the payer', amount('amount', 'Given back', 'order.token'), payment),
    void: about('Give up an order and return the money'),
    reclaim: about('Return money that was not captured in time'),
    dispute: about('Dispute what is pending'),
    rule: about('Decide a dispute', ...split),
    resolveByTimeout: about('End a dispute that nobody decided'),
    settle: about(
      'Settle an order as both sides agreed',
      ...split,
      date('deadline', 'Agreement holds until'),
      hidden('payerSignature', "Payer's consent"),
      hidden('receiverSignature', "Receiver's consent"),
    ),
    withdrawOwed,
    multicall: severalCalls,
  },
  messages: {
    'Settlement(bytes32 orderId,uint96 toReceiver,uint96 toPayer,uint256 deadline)': {
      intent: 'Agree to split what an order holds',
      fields: [
        raw('toReceiver', 'To the receiver (base units)'),
        raw('toPayer', 'To the payer (base units)'),
        date('deadline', 'Agreement holds until'),
        raw('orderId', 'Order'),
      ],
    },
  },
}
