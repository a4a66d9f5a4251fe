import fc from 'fast-check'
import type { Message } from '@sluice/sdk/session'
import type { Hex } from '@sluice/sdk'

/** What a field may hold, written down here independently of the codec's own schema. Source: `docs/protocol.md`. */
export type Kind =
  | 'amount'
  | 'units'
  | 'positiveUnits'
  | 'count'
  | 'uint32'
  | 'decimals'
  | 'address'
  | 'bytes32'
  | 'signature'
  | 'flag'
  | 'tipId'
  | 'text'
  | 'title'
  | 'symbol'
  | 'code'
  | 'unit'
  | 'mediaState'
  | 'mediaReason'

type Layout = { readonly [field: string]: Kind | Layout }

const channelLayout: Layout = {
  payer: 'address',
  payee: 'address',
  operator: 'address',
  token: 'address',
  signer: 'address',
  grace: 'uint32',
  rate: 'amount',
  burst: 'amount',
  salt: 'bytes32',
}

/** Every message with every required field. */
export const layouts: { readonly [Type in Message['type']]: Layout } = {
  offer: {
    chainId: 'count',
    contract: 'address',
    token: 'address',
    symbol: 'symbol',
    decimals: 'decimals',
    payee: 'address',
    operator: 'address',
    price: 'amount',
    unit: 'unit',
    per: 'positiveUnits',
    window: 'units',
    credit: 'units',
    minDelta: 'amount',
    suggestedDeposit: 'amount',
    grace: 'uint32',
    confirmations: 'uint32',
    title: 'title',
    challenge: 'bytes32',
  },
  open: { channel: channelLayout, signature: 'signature' },
  resume: { channelId: 'bytes32', signature: 'signature' },
  voucher: { channelId: 'bytes32', cumulative: 'amount', signature: 'signature' },
  tip: { id: 'tipId', amount: 'amount', message: 'text' },
  media: { state: 'mediaState', reason: 'mediaReason' },
  close: {},
  topup: {},
  snapshot: {
    channelId: 'bytes32',
    highest: { cumulative: 'amount', signature: 'signature' },
    spent: 'amount',
    units: 'units',
    deposited: 'amount',
  },
  ack: { accepted: 'amount', spent: 'amount', units: 'units' },
  receipt: {
    channelId: 'bytes32',
    accepted: 'amount',
    spent: 'amount',
    units: 'units',
    at: 'count',
    signature: 'signature',
  },
  need: { required: 'amount', accepted: 'amount', deposited: 'amount', deadline: 'count' },
  data: { sequence: 'count', units: 'units' },
  closed: { capturedAmount: 'amount', payeeSignature: 'signature' },
  ping: { id: 'count', reply: 'flag' },
  error: { code: 'code', message: 'text', retryable: 'flag' },
}

/** Fields that may be missing. */
export const optionalFields: { readonly [Type in Message['type']]?: Layout } = {
  ack: { tipId: 'tipId' },
  closed: { transaction: 'bytes32' },
}

const bytes = (least: number, most: number) =>
  fc
    .uint8Array({ minLength: least, maxLength: most })
    .map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)
const below = (bits: bigint) => fc.bigInt({ min: 0n, max: (1n << bits) - 1n })
const text = (maxLength: number) =>
  fc.string({ unit: 'binary', maxLength }).filter((value) => value.length <= maxLength)

const values: { readonly [Name in Kind]: fc.Arbitrary<unknown> } = {
  amount: below(96n),
  units: below(64n),
  positiveUnits: fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }),
  count: fc.maxSafeNat(),
  uint32: fc.nat(0xffff_ffff),
  decimals: fc.nat(77),
  address: bytes(20, 20),
  bytes32: bytes(32, 32),
  signature: bytes(0, 200),
  flag: fc.boolean(),
  tipId: text(64),
  text: text(500),
  title: text(200),
  symbol: text(32),
  code: text(64),
  unit: fc.constantFrom('second', 'byte', 'request'),
  mediaState: fc.constantFrom('playing', 'paused'),
  mediaReason: fc.constantFrom('viewer', 'buffering', 'hidden', 'paid', 'unpaid', 'source', 'closing'),
}

function ofLayout(layout: Layout): fc.Arbitrary<object> {
  return fc.record(
    Object.fromEntries(
      Object.entries(layout).map(([name, kind]) => [
        name,
        typeof kind === 'string' ? values[kind] : ofLayout(kind),
      ]),
    ),
    { noNullPrototype: true },
  )
}

/** JSON writes minus zero as zero; nothing is lost that anyone sells. */
function hasNoMinusZero(value: unknown): boolean {
  if (typeof value === 'number') return !Object.is(value, -0)
  return typeof value !== 'object' || value === null || Object.values(value).every(hasNoMinusZero)
}

/** Any message of one type, within the protocol's bounds. */
export function anyMessageOf(type: Message['type']): fc.Arbitrary<Message> {
  const required = ofLayout(layouts[type])
  const extra = optionalFields[type]
  const complete =
    extra === undefined ? required : fc.tuple(required, fc.oneof(fc.constant({}), ofLayout(extra)))
  const payload =
    type === 'data'
      ? fc
          .json()
          .map((json): unknown => JSON.parse(json))
          .filter(hasNoMinusZero)
      : fc.constant(undefined)
  return fc.tuple(complete, payload).map(
    ([fields, sold]) =>
      ({
        type,
        ...(Array.isArray(fields) ? Object.assign({}, ...(fields as object[])) : fields),
        ...(sold === undefined ? {} : { payload: sold }),
      }) as Message,
  )
}

export const messageTypes = Object.keys(layouts) as Message['type'][]

/** What no field of a kind may hold. */
export const wrong: { readonly [Name in Kind]: readonly unknown[] } = (() => {
  const none: readonly unknown[] = [null, {}, { toString: 1, valueOf: 1, toJSON: 1 }, [], [1]]
  const notText = [...none, 1, true]
  const notHex = [...notText, '', '0x1', '0X', 'ff', '0xzz', ' 0x']
  const number = [...none, true, '1', '', 1.5, -1, -0.1, 1e300]
  const decimal = [
    ...notText,
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '-0',
    '01',
    '00',
    '1.0',
    '1e3',
    '0x1',
    '1n',
    '١',
    'NaN',
  ]
  return {
    amount: [...decimal, (1n << 96n).toString(), '9'.repeat(29), '9'.repeat(400)],
    units: [...decimal, (1n << 64n).toString(), (1n << 96n).toString()],
    positiveUnits: [...decimal, '0', (1n << 64n).toString()],
    count: [...number, 2 ** 53],
    uint32: [...number, 2 ** 32],
    decimals: [...number, 78],
    address: [
      ...notHex,
      `0x${'a'.repeat(39)}`,
      `0x${'a'.repeat(41)}`,
      `0x${'A'.repeat(40)}`,
      `0x${'a'.repeat(40)}\n`,
    ],
    bytes32: [...notHex, `0x${'a'.repeat(63)}`, `0x${'a'.repeat(65)}`, `0x${'A'.repeat(64)}`],
    signature: [...notHex, `0x${'AB'.repeat(64)}`, `0x${'a'.repeat(129)}`, `0x${'ab'.repeat(4097)}`],
    flag: [...none, 0, 1, 'true', ''],
    tipId: [...notText, 'x'.repeat(65)],
    text: [...notText, 'x'.repeat(501)],
    title: [...notText, 'x'.repeat(201)],
    symbol: [...notText, 'x'.repeat(33)],
    code: [...notText, 'x'.repeat(65)],
    unit: [...notText, '', 'Second', 'minute', '__proto__'],
    mediaState: [...notText, '', 'Playing', 'stopped', 'constructor'],
    mediaReason: [...notText, '', 'Viewer', 'toString'],
  }
})()

/** Every field of a layout with its path, such as `channel.payer`. */
export function fieldsOf(layout: Layout, prefix = ''): readonly (readonly [path: string, kind: Kind])[] {
  return Object.entries(layout).flatMap(([name, kind]) =>
    typeof kind === 'string' ? [[prefix + name, kind] as const] : fieldsOf(kind, `${prefix}${name}.`),
  )
}
