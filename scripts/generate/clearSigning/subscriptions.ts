import {
  account,
  amount,
  date,
  duration,
  hidden,
  named,
  optional,
  raw,
  severalCalls,
  token,
  withdrawOwed,
  type Description,
  type Field,
  type Wording,
} from './descriptor.ts'

/** A plan under the name that a call gives it. */
const planAt = (name: string): readonly Field[] => [
  account(`${name}.merchant`, 'Merchant'),
  amount(`${name}.price`, 'Price at first', `${name}.token`),
  raw(`${name}.period`, 'Each period'),
  named(`${name}.unit`, 'Counted in', 'units'),
  optional(amount(`${name}.tip`, 'Of it to whoever charges', `${name}.token`)),
  optional(duration(`${name}.trial`, 'Trial')),
  optional(duration(`${name}.grace`, 'Active unpaid for')),
  optional(token(`${name}.token`)),
  hidden(`${name}.salt`, 'Number of the plan'),
]

const plan = planAt('plan')
const subscriber = account('subscriber', 'Subscriber')
const payment = hidden('payment', 'How it is paid')
const consent: readonly Field[] = [
  optional(date('consent.deadline', 'Consent holds until')),
  hidden('consent.signature', "Subscriber's consent"),
]

const agreed: readonly Field[] = [
  account('terms.subscriber', 'Subscriber'),
  amount('terms.maxPrice', 'Each period at most', 'plan.token'),
  date('terms.start', 'Starts'),
  date('terms.end', 'Ends (1970: open)'),
]

const about = (intent: string, ...fields: readonly Field[]): Wording => ({
  intent,
  fields: [...fields, ...plan],
})

/** What every message of a subscriber ends with. */
const last: readonly Field[] = [
  date('deadline', 'Consent holds until'),
  raw('subscriptionId', 'Subscription'),
  hidden('nonce', 'Number of the consent'),
]

export const subscriptions: Description = {
  enums: { units: { 0: 'seconds', 1: 'months' } },
  calls: {
    createPlan: about('Publish a plan'),
    setPrice: about('Set the price of a plan', amount('price', 'New price', 'plan.token')),
    subscribe: {
      ...about('Subscribe', ...agreed, amount('prepaid', 'Paid in advance', 'plan.token'), payment),
      interpolatedIntent: 'Subscribe to {plan.merchant} for at most {terms.maxPrice} each period',
    },
    subscribeWithSignature: about('Subscribe for somebody who signed', ...agreed, ...consent),
    charge: about('Charge a period', subscriber),
    chargeBatch: about('Charge a period of several', account('subscribers.[]', 'Subscriber')),
    pause: about('Pause a subscription', subscriber, ...consent),
    resume: about('Go on with a subscription', subscriber, ...consent),
    cancel: about('Cancel a subscription', subscriber, ...consent),
    changePlan: {
      intent: 'Change the plan',
      interpolatedIntent: 'Change the plan to one of {newPlan.merchant} for at most {maxPrice} each period',
      fields: [
        subscriber,
        amount('maxPrice', 'Each period at most', 'newPlan.token'),
        ...planAt('newPlan'),
        ...plan.map(optional),
        ...consent,
      ],
    },
    fund: about('Pay in advance', amount('amount', 'Paid in advance', 'plan.token'), subscriber, payment),
    withdraw: about(
      'Take out what was paid in advance',
      amount('amount', 'Taken out', 'plan.token'),
      account('to', 'Send to'),
      subscriber,
      ...consent,
    ),
    approveWithPermit: {
      intent: 'Let subscriptions charge a token',
      fields: [
        amount('value', 'At most in all', 'token'),
        account('owner', 'Owner'),
        date('deadline', 'Valid until'),
        optional(token('token')),
        hidden('signature', 'Permit'),
      ],
    },
    approveWithPermit2: {
      intent: 'Let subscriptions charge a token',
      fields: [
        amount('permit.details.amount', 'At most in all', 'permit.details.token'),
        date('permit.details.expiration', 'Until'),
        account('owner', 'Owner'),
        account('permit.spender', 'Who may charge'),
        date('permit.sigDeadline', 'Valid until'),
        optional(token('permit.details.token')),
        hidden('permit.details.nonce', 'Number of the permit'),
        hidden('signature', 'Permit'),
      ],
    },
    withdrawOwed,
    multicall: severalCalls,
  },
  messages: {
    'Subscribe(bytes32 subscriptionId,uint96 maxPrice,uint32 start,uint32 end,uint16 nonce,uint256 deadline)':
      {
        intent: 'Subscribe',
        fields: [
          raw('maxPrice', 'Each period at most (base units)'),
          date('start', 'Starts'),
          date('end', 'Ends (1970: open)'),
          ...last,
        ],
      },
    'Request(string action,bytes32 subscriptionId,uint16 nonce,uint256 deadline)': {
      intent: 'Change a subscription',
      interpolatedIntent: 'Ask to {action} a subscription',
      fields: [raw('action', 'What to do'), ...last],
    },
    'ChangePlan(bytes32 subscriptionId,bytes32 newPlanId,uint96 maxPrice,uint16 nonce,uint256 deadline)': {
      intent: 'Change the plan',
      fields: [raw('maxPrice', 'Each period at most (base units)'), raw('newPlanId', 'New plan'), ...last],
    },
    'Withdraw(bytes32 subscriptionId,address to,uint96 amount,uint16 nonce,uint256 deadline)': {
      intent: 'Take out what was paid in advance',
      fields: [raw('amount', 'Taken out (base units)'), account('to', 'Send to'), ...last],
    },
  },
}
