import {
  account,
  amount,
  date,
  duration,
  hidden,
  optional,
  raw,
  severalCalls,
  token,
  type Description,
  type Field,
} from './descriptor.ts'

/** The terms of a channel: to whom, by which key, how fast. */
const terms: readonly Field[] = [
  account('channel.payee', 'Pays'),
  account('channel.payer', 'What is left returns to'),
  account('channel.signer', 'Key that pays'),
  amount('channel.rate', 'At most each second (0: no limit)', 'channel.token'),
  optional(amount('channel.burst', 'At most at once', 'channel.token')),
  duration('channel.grace', 'Wait to leave without the payee'),
  optional(account('channel.operator', 'Server of the payee')),
  optional(token('channel.token')),
  hidden('channel.salt', 'Number of the channel'),
]

const deposit = {
  intent: 'Fund a payment channel',
  interpolatedIntent: 'Put {amount} aside to pay {channel.payee} as you go; what is left returns',
  fields: [amount('amount', 'Deposit', 'channel.token'), ...terms],
}

/** Deposits that carry a signature have no more to show than the deposit. */
const signed = (...fields: readonly Field[]) => ({ ...deposit, fields: [...deposit.fields, ...fields] })

export const streamChannels: Description = {
  calls: {
    deposit,
    depositWithPermit: signed(date('deadline', 'Valid until'), hidden('signature', 'Permit')),
    depositWithAuthorization: signed(
      optional(date('validAfter', 'Valid from')),
      date('validBefore', 'Valid until'),
      hidden('salt', 'Number of the authorization'),
      hidden('signature', 'Authorization'),
    ),
    depositWithPermit2: signed(
      hidden('nonce', 'Number of the permit'),
      date('deadline', 'Valid until'),
      hidden('signature', 'Permit'),
    ),
    claim: {
      intent: 'Collect what channels have paid',
      fields: [
        account('payee', 'To'),
        account('claims.[].payer', 'From'),
        amount('claims.[].cumulativeAmount', 'Paid in all', 'token'),
        optional(account('operator', 'Server of the payee')),
        optional(token('token')),
        optional(account('claims.[].signer', 'Key that paid')),
        optional(duration('claims.[].grace', 'Wait to leave without the payee')),
        optional(amount('claims.[].rate', 'At most each second (0: no limit)', 'token')),
        optional(amount('claims.[].burst', 'At most at once', 'token')),
        hidden('claims.[].salt', 'Number of the channel'),
        hidden('claims.[].signature', 'Voucher'),
      ],
    },
    close: {
      intent: 'End a payment channel',
      interpolatedIntent: 'Pay {channel.payee} {capturedAmount} in all and return the rest',
      fields: [
        amount('capturedAmount', 'Paid in all', 'channel.token'),
        optional(amount('cumulativeAmount', 'Granted in all', 'channel.token')),
        ...terms,
        hidden('voucherSignature', 'Voucher'),
        hidden('payeeSignature', "Payee's consent"),
      ],
    },
    requestClose: { intent: 'Ask for your money back', fields: terms },
    withdraw: { intent: 'Take your money back', fields: terms },
    multicall: severalCalls,
  },
  messages: {
    'Voucher(bytes32 channelId,uint96 cumulativeAmount)': {
      intent: 'Pay on a channel',
      fields: [raw('cumulativeAmount', 'Granted in all (base units)'), raw('channelId', 'Channel')],
    },
    'Close(bytes32 channelId,uint96 capturedAmount)': {
      intent: 'Agree to end a channel',
      fields: [raw('capturedAmount', 'Paid in all (base units)'), raw('channelId', 'Channel')],
    },
    'Receipt(bytes32 channelId,uint96 accepted,uint96 spent,uint64 units,uint64 at)': {
      intent: 'Confirm what was received and delivered',
      fields: [
        raw('accepted', 'Received in all (base units)'),
        raw('spent', 'Earned of it (base units)'),
        raw('units', 'Delivered units'),
        date('at', 'Time'),
        raw('channelId', 'Channel'),
      ],
    },
    'Session(bytes32 channelId,bytes32 challenge)': {
      intent: 'Prove that this connection pays by your channel',
      fields: [raw('channelId', 'Channel'), raw('challenge', 'Challenge of the payee')],
    },
  },
}
