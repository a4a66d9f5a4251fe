import { account, amount, date, hidden, optional, raw, type Wording } from './descriptor.ts'

const transfer =
  'PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline'
const permissions = 'TokenPermissions(address token,uint256 amount)'

const pay = [
  amount('permitted.amount', 'You pay', 'permitted.token'),
  account('spender', 'To the contract'),
  date('deadline', 'Valid until'),
  optional({ ...account('permitted.token', 'Token'), params: { types: ['token'] } }),
  hidden('nonce', 'Number of the permit'),
]

/** Transfers by Permit2, each bound by its witness to what it pays for. */
export const permit2: Readonly<Record<string, Wording>> = {
  [`${transfer},ChannelWitness witness)ChannelWitness(bytes32 channelId)${permissions}`]: {
    intent: 'Fund a payment channel',
    interpolatedIntent: 'Put {permitted.amount} into a payment channel; what is left returns',
    fields: [...pay, raw('witness.channelId', 'Channel')],
  },
  [`${transfer},Payment witness)Payment(bytes32 purpose)${permissions}`]: {
    intent: 'Pay once by your signature',
    fields: [...pay, raw('witness.purpose', 'Hash of what is paid for')],
  },
}

/** A token's own message. Its nonce is the hash of what is paid for, which binds it as a witness does. */
export const authorization: Readonly<Record<string, Wording>> = {
  'ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)':
    {
      intent: 'Pay once by your signature',
      fields: [
        amount('value', 'You pay', '@.to'),
        account('to', 'To the contract'),
        account('from', 'From'),
        date('validBefore', 'Valid until'),
        optional(date('validAfter', 'Valid from')),
        raw('nonce', 'Hash of what is paid for'),
      ],
    },
}
