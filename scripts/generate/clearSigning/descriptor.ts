/** A field of a call or message and how a wallet shows it: what ERC-7730 version 2 calls a field formatter. */
export type Field = {
  readonly path: string
  readonly label: string
  readonly format: 'raw' | 'addressName' | 'tokenAmount' | 'date' | 'duration' | 'unit' | 'enum' | 'calldata'
  readonly params?: Readonly<Record<string, unknown>>
  readonly visible?: 'always' | 'optional' | 'never'
}

/** A call or message in a wallet's words. */
export type Wording = {
  /** What signing does, as a heading. */
  readonly intent: string
  /** The same as a sentence with `{path}` in place of values. */
  readonly interpolatedIntent?: string
  readonly fields: readonly Field[]
}

/** What a wallet may be asked to sign for one contract. */
export type Description = {
  /** By the name of the function. */
  readonly calls: Readonly<Record<string, Wording>>
  /** By what EIP-712 calls `encodeType`. */
  readonly messages: Readonly<Record<string, Wording>>
  /** Names of values, for fields of the format `enum`. */
  readonly enums?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** An ERC-7730 file. */
export type Descriptor = {
  readonly $schema: string
  readonly context: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly display: { readonly formats: Readonly<Record<string, Wording>> }
}

const nativeCoin = '0x0000000000000000000000000000000000000000'

/** Base units of the token whose address stands at `tokenPath`; zero there means the chain's coin. */
export function amount(path: string, label: string, tokenPath: string): Field {
  return { path, label, format: 'tokenAmount', params: { tokenPath, nativeCurrencyAddress: nativeCoin } }
}

/** Somebody, by the best name that the wallet has. */
export function account(path: string, label: string): Field {
  return { path, label, format: 'addressName', params: { types: ['eoa', 'wallet', 'contract'] } }
}

/** A token's contract. */
export function token(path: string): Field {
  return { path, label: 'Token', format: 'addressName', params: { types: ['token'] } }
}

/** A second, counted since 1970. */
export function date(path: string, label: string): Field {
  return { path, label, format: 'date', params: { encoding: 'timestamp' } }
}

/** A number of seconds. */
export function duration(path: string, label: string): Field {
  return { path, label, format: 'duration' }
}

/** Ten-thousandths, shown in per cent. */
export function share(path: string, label: string): Field {
  return { path, label, format: 'unit', params: { base: '%', decimals: 2 } }
}

/** One of `enums`. */
export function named(path: string, label: string, of: string): Field {
  return { path, label, format: 'enum', params: { $ref: `$.metadata.enums.${of}` } }
}

/** As it is. */
export function raw(path: string, label: string): Field {
  return { path, label, format: 'raw' }
}

/** Shown by wallets that have room for it: nothing that a person decides by. */
export function optional(field: Field): Field {
  return { ...field, visible: 'optional' }
}

/** Not shown: it only makes the rest unique, or is itself a signature. */
export function hidden(path: string, label: string): Field {
  return { ...raw(path, label), visible: 'never' }
}

/** Several calls in one, each of which has its own description. */
export const severalCalls: Wording = {
  intent: 'Several actions in one',
  fields: [{ path: 'data.[]', label: 'Action', format: 'calldata', params: { calleePath: '@.to' } }],
}

/** What could not be paid out when it was due. */
export const withdrawOwed: Wording = {
  intent: 'Take out what is kept for you',
  fields: [token('token'), account('to', 'Send to')],
}
