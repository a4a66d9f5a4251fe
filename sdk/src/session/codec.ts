import { SluiceError } from '../errors.js'
import type { Address, Channel, Hex } from '../types.js'
import type { MediaReason, Message } from './messages.js'
import type { Unit } from './price.js'

/** Version of the envelope. A peer that speaks another one is told so. */
export const protocolVersion = 1

/** Longest frame a payee accepts, bytes. Payers accept {@link maxDataFrame}, as feeds may travel in frames. */
export const maxFrame = 16_384
export const maxDataFrame = 1_048_576

/** Longest signature, in bytes: room for an ERC-1271 wallet of many owners. */
const maxSignature = 4096
const maxText = 500

/** How one field stands in a frame: checked when read, canonical when written. */
type Field<Value> = {
  read(value: unknown, path: string): Value
  write(value: Value): unknown
}

/** The fields of one kind of message, when it matters no more which. */
type AnyFields = Readonly<Record<string, Field<unknown>>>

function malformed(path: string, expected: string, value: unknown): SluiceError {
  return new SluiceError({
    code: 'malformed-message',
    message: 'The other side sent something unreadable.',
    details: `${path}: expected ${expected}, got ${preview(value)}`,
    action: 'resync',
  })
}

/** Objects are only named: what they say of themselves is the peer's to choose, and may throw or never end. */
function preview(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function bytes(expected: string, pattern: RegExp): Field<Hex> {
  const isBytes = (value: unknown): value is Hex => typeof value === 'string' && pattern.test(value)
  return {
    read: (value, path) => {
      if (isBytes(value)) return value
      throw malformed(path, expected, value)
    },
    write: (value) => value.toLowerCase(),
  }
}

const bytes32 = bytes('32 bytes in lower case hex', /^0x[0-9a-f]{64}$/)
const signature = bytes(
  `at most ${maxSignature} bytes in lower case hex`,
  new RegExp(`^0x(?:[0-9a-f]{2}){0,${maxSignature}}$`),
)
const address: Field<Address> = bytes('an address in lower case hex', /^0x[0-9a-f]{40}$/)

function unsigned(bits: bigint): Field<bigint> {
  const pattern = /^(?:0|[1-9]\d{0,28})$/
  return {
    read: (value, path) => {
      if (typeof value === 'string' && pattern.test(value)) {
        const amount = BigInt(value)
        if (amount >> bits === 0n) return amount
      }
      throw malformed(path, `a decimal string below 2^${bits}`, value)
    },
    write: (value) => value.toString(),
  }
}

const amount = unsigned(96n)
const units = unsigned(64n)

/** Divides: a price for no units is no price. */
const positiveUnits: Field<bigint> = {
  read: (value, path) => {
    const read = units.read(value, path)
    if (read > 0n) return read
    throw malformed(path, 'a decimal string above 0', value)
  },
  write: (value) => units.write(value),
}

function integer(maximum: number): Field<number> {
  return {
    read: (value, path) => {
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= maximum) {
        return value
      }
      throw malformed(path, `an integer from 0 to ${maximum}`, value)
    },
    write: (value) => value,
  }
}

const count = integer(Number.MAX_SAFE_INTEGER)
const uint32 = integer(0xffff_ffff)

function text(maximum: number): Field<string> {
  return {
    read: (value, path) => {
      if (typeof value === 'string' && value.length <= maximum) return value
      throw malformed(path, `a text of at most ${maximum} characters`, value)
    },
    write: (value) => value,
  }
}

const flag: Field<boolean> = {
  read: (value, path) => {
    if (typeof value === 'boolean') return value
    throw malformed(path, 'true or false', value)
  },
  write: (value) => value,
}

const anything: Field<unknown> = { read: (value) => value, write: (value) => value }

function oneOf<const Value extends string>(values: readonly Value[]): Field<Value> {
  const isValue = (value: unknown): value is Value => values.some((known) => known === value)
  return {
    read: (value, path) => {
      if (isValue(value)) return value
      throw malformed(path, values.join(' | '), value)
    },
    write: (value) => value,
  }
}

/** A field that may be missing; then it is left out of the result. */
function optional<Value>(field: Field<Value>): Field<Value> {
  const absent: Field<unknown> = {
    read: (value, path) => (value === undefined ? undefined : field.read(value, path)),
    write: (value) => (value === undefined ? undefined : field.write(value as Value)),
  }
  return absent as Field<Value>
}

type Fields<Value> = { readonly [Name in keyof Value]-?: Field<Required<Value>[Name]> }

function object<Value extends object>(fields: Fields<Value>): Field<Value> {
  return {
    read: (value, path) => {
      if (typeof value !== 'object' || value === null) throw malformed(path, 'an object', value)
      return readFields(fields, value, `${path}.`) as Value
    },
    write: (value) => writeFields(fields, value),
  }
}

function readFields(fields: AnyFields, source: object, path: string): object {
  const result: Record<string, unknown> = {}
  for (const name in fields) {
    const value = fields[name]?.read((source as Record<string, unknown>)[name], path + name)
    if (value !== undefined) result[name] = value
  }
  return result
}

function writeFields(fields: AnyFields, source: object): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const name in fields) result[name] = fields[name]?.write((source as Record<string, unknown>)[name])
  return result
}

const channel = object<Channel>({
  payer: address,
  payee: address,
  operator: address,
  token: address,
  signer: address,
  grace: uint32,
  rate: amount,
  burst: amount,
  salt: bytes32,
})

const tipId = text(64)
const mediaReasons: readonly MediaReason[] = [
  'viewer',
  'buffering',
  'hidden',
  'paid',
  'unpaid',
  'source',
  'closing',
]
const unitNames: readonly Unit[] = ['second', 'byte', 'request']

type Schema = {
  readonly [Type in Message['type']]: Fields<Omit<Extract<Message, { type: Type }>, 'type'>>
}

const schema: Schema = {
  offer: {
    chainId: count,
    contract: address,
    token: address,
    symbol: text(32),
    decimals: integer(77),
    payee: address,
    operator: address,
    price: amount,
    unit: oneOf(unitNames),
    per: positiveUnits,
    window: units,
    credit: units,
    minDelta: amount,
    suggestedDeposit: amount,
    grace: uint32,
    confirmations: uint32,
    title: text(200),
    challenge: bytes32,
  },
  open: { channel, signature },
  resume: { channelId: bytes32, signature },
  voucher: { channelId: bytes32, cumulative: amount, signature },
  tip: { id: tipId, amount, message: text(maxText) },
  media: { state: oneOf(['playing', 'paused']), reason: oneOf(mediaReasons) },
  close: {},
  topup: {},
  snapshot: {
    channelId: bytes32,
    highest: object({ cumulative: amount, signature }),
    spent: amount,
    units,
    deposited: amount,
  },
  ack: { accepted: amount, spent: amount, units, tipId: optional(tipId) },
  receipt: { channelId: bytes32, accepted: amount, spent: amount, units, at: count, signature },
  need: { required: amount, accepted: amount, deposited: amount, deadline: count },
  data: { sequence: count, units, payload: anything },
  closed: { capturedAmount: amount, payeeSignature: signature, transaction: optional(bytes32) },
  ping: { id: count, reply: flag },
  error: { code: text(64), message: text(maxText), retryable: flag },
}

/**
 * Writes a message as a frame: a JSON envelope `{"v":1,"type":…}`, amounts as decimal strings, hex in lower case.
 *
 * @param message what to say
 * @returns one text frame
 */
export function encodeMessage(message: Message): string {
  // The two frames of every second are written by hand; a test holds them equal to the general form.
  if (message.type === 'voucher') {
    return `{"v":1,"type":"voucher","channelId":"${message.channelId.toLowerCase()}","cumulative":"${message.cumulative}","signature":"${message.signature.toLowerCase()}"}`
  }
  if (message.type === 'ack' && message.tipId === undefined) {
    return `{"v":1,"type":"ack","accepted":"${message.accepted}","spent":"${message.spent}","units":"${message.units}"}`
  }
  return encodeGeneral(message)
}

/** The general form of {@link encodeMessage}, from the schema alone. */
export function encodeGeneral(message: Message): string {
  return JSON.stringify({
    v: protocolVersion,
    type: message.type,
    ...writeFields(schema[message.type], message),
  })
}

/**
 * Reads a frame, refusing whatever does not fit the protocol. Unknown fields are ignored.
 *
 * @param frame one text frame
 * @param maximumLength longest frame accepted, characters
 * @throws SluiceError `message-too-large`, `malformed-message` or `unsupported-version`
 */
export function decodeMessage(frame: string, maximumLength: number = maxFrame): Message {
  if (frame.length > maximumLength) {
    throw new SluiceError({
      code: 'message-too-large',
      message: 'The other side sent too much at once.',
      details: `frame of ${frame.length} characters, at most ${maximumLength} accepted`,
    })
  }
  const envelope = parseObject(frame)
  if (envelope['v'] !== protocolVersion) {
    throw new SluiceError({
      code: 'unsupported-version',
      message: 'The other side speaks another version of the protocol.',
      details: `version ${preview(envelope['v'])}, expected ${protocolVersion}`,
    })
  }
  const type = envelope['type']
  if (typeof type !== 'string' || !isMessageType(type)) {
    throw malformed('type', Object.keys(schema).join(' | '), type)
  }
  return { type, ...readFields(schema[type], envelope, '') } as Message
}

function isMessageType(type: string): type is Message['type'] {
  return Object.hasOwn(schema, type)
}

function parseObject(frame: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(frame)
  } catch {
    throw malformed('frame', 'JSON', frame)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw malformed('frame', 'a JSON object', frame)
}
