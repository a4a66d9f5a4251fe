import { formatUnits, type Abi, type AbiFunction, type AbiParameter, type Hex } from 'viem'
import { decodeFunctionData } from 'viem'
import type { Field, Wording } from './schema.ts'

/** What a wallet knows by itself. */
export type Knowledge = {
  /** Names by address, in lower case. */
  readonly names: Readonly<Record<string, string>>
  /** Symbol and decimals by address, in lower case. */
  readonly tokens: Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>
  readonly enums?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  /** Where it goes: the contract of a call or of a message's domain. */
  readonly to: string
}

/** What the screen of a wallet says: the intent, then a line a field. */
export function screenOf(wording: Wording, data: unknown, knowledge: Knowledge): readonly string[] {
  const shown = wording.fields.filter(({ visible }) => visible === undefined || visible === 'always')
  const { interpolatedIntent, intent } = wording
  const sentence = interpolatedIntent?.replace(/\{([^}]+)\}/g, (_, path: string) => {
    const field = wording.fields.find((one) => one.path === path)
    if (field === undefined) throw new Error(`{${path}} is in the intent, and no field`)
    return textOf(field, valuesAt(data, path)[0], data, knowledge)
  })
  return [
    sentence ?? intent,
    ...shown.flatMap((field) =>
      valuesAt(data, field.path).map((value) => `${field.label}: ${textOf(field, value, data, knowledge)}`),
    ),
  ]
}

/** A call's arguments by the names that the description uses. */
export function argumentsOf(abi: Abi, data: Hex): { readonly call: AbiFunction; readonly values: unknown } {
  const { functionName, args = [] } = decodeFunctionData({ abi, data })
  const call = abi.find((item): item is AbiFunction => item.type === 'function' && item.name === functionName)
  if (call === undefined) throw new Error(`no function ${functionName}`)
  const named = call.inputs.map(({ name }: AbiParameter, index) => [name ?? '', args[index]])
  return { call, values: Object.fromEntries(named) }
}

function valuesAt(data: unknown, path: string): readonly unknown[] {
  return path.split('.').reduce<readonly unknown[]>(
    (found, part) =>
      found.flatMap((value) => {
        if (part === '[]' && Array.isArray(value)) return value as readonly unknown[]
        if (typeof value === 'object' && value !== null && part in value) {
          return [(value as Readonly<Record<string, unknown>>)[part]]
        }
        throw new Error(`nothing stands at ${path}`)
      }),
    [data],
  )
}

function textOf(field: Field, value: unknown, data: unknown, knowledge: Knowledge): string {
  switch (field.format) {
    case 'tokenAmount': {
      const { tokenPath, nativeCurrencyAddress } = field.params
      const token = tokenPath === '@.to' ? knowledge.to : String(valuesAt(data, tokenPath)[0])
      if (token === nativeCurrencyAddress) return `${formatUnits(BigInt(String(value)), 18)} ETH`
      const known = knowledge.tokens[token.toLowerCase()]
      if (known === undefined) throw new Error(`${token} is no token that the wallet knows`)
      return `${formatUnits(BigInt(String(value)), known.decimals)} ${known.symbol}`
    }
    case 'addressName':
      return knowledge.names[String(value).toLowerCase()] ?? String(value)
    case 'date':
      return new Date(Number(value) * 1000).toISOString().replace('.000', '')
    case 'duration':
      return new Date(Number(value) * 1000).toISOString().slice(11, 19)
    case 'unit':
      return `${formatUnits(BigInt(String(value)), field.params.decimals)}${field.params.base}`
    case 'enum':
      return knowledge.enums?.[field.params.$ref.split('.').at(-1) ?? '']?.[String(value)] ?? String(value)
    default:
      return String(value)
  }
}
