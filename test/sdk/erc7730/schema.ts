import { parseAbi, type AbiFunction, type AbiParameter } from 'viem'
import { z } from 'zod'

/**
 * What version 2 of ERC-7730 asks of a file, restated from https://eips.ethereum.org/EIPS/eip-7730 for the parts in use
 * here: whatever it knows not, the standard's own schema may allow, but our files do not need.
 */
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const path = z.string().regex(/^(@[.])?[A-Za-z_]\w*([.]([A-Za-z_]\w*|\[\]))*$/)
const label = z.string().min(1).max(48)
const visible = z.enum(['always', 'optional', 'never']).optional()

const field = z.discriminatedUnion('format', [
  z.strictObject({ path, label, visible, format: z.literal(['raw', 'duration']) }),
  z.strictObject({
    path,
    label,
    visible,
    format: z.literal('addressName'),
    params: z.strictObject({
      types: z.array(z.enum(['wallet', 'eoa', 'contract', 'token', 'collection'])).min(1),
    }),
  }),
  z.strictObject({
    path,
    label,
    visible,
    format: z.literal('tokenAmount'),
    params: z.strictObject({ tokenPath: path, nativeCurrencyAddress: address }),
  }),
  z.strictObject({
    path,
    label,
    visible,
    format: z.literal('date'),
    params: z.strictObject({ encoding: z.literal(['timestamp', 'blockheight']) }),
  }),
  z.strictObject({
    path,
    label,
    visible,
    format: z.literal('unit'),
    params: z.strictObject({ base: z.string(), decimals: z.int().nonnegative() }),
  }),
  z.strictObject({
    path,
    label,
    visible,
    format: z.literal('enum'),
    params: z.strictObject({ $ref: z.string().regex(/^\$[.]metadata[.]enums[.]\w+$/) }),
  }),
  z.strictObject({
    path,
    label,
    visible,
    format: z.literal('calldata'),
    params: z.strictObject({ calleePath: path }),
  }),
])

export type Field = z.infer<typeof field>

const wording = z.strictObject({
  intent: z.string().min(1).max(64),
  interpolatedIntent: z.string().min(1).optional(),
  fields: z.array(field).min(1),
})

export type Wording = z.infer<typeof wording>

const deployments = z.array(z.strictObject({ chainId: z.int().positive(), address }))
const domain = z.strictObject({
  name: z.string(),
  version: z.string().optional(),
  verifyingContract: address.optional(),
})

/** A function with the names of all its parameters, and of all that they are made of. */
const signature = z.string().refine((text) => {
  const items: readonly string[] = [`function ${text}`]
  const [item] = parseAbi(items) as readonly AbiFunction[]
  return item?.inputs.every(isNamed)
})

function isNamed(parameter: AbiParameter): boolean {
  const isWhole = !('components' in parameter) || parameter.components.every(isNamed)
  return isWhole && (parameter.name ?? '') !== ''
}

/** What EIP-712 calls `encodeType`: the message, then what it is made of. */
const encodedType = z.string().regex(/^([A-Za-z_]\w*\((\w+(\[\])? \w+(,(?!\))|(?=\))))*\))+$/)

const file = (context: z.ZodType, name: z.ZodType<string, string>) =>
  z.strictObject({
    $schema: z.literal('https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json'),
    context,
    metadata: z.strictObject({
      owner: z.literal('Sluice'),
      contractName: z.string().min(1),
      enums: z.record(z.string(), z.record(z.string(), z.string())).optional(),
    }),
    display: z.strictObject({ formats: z.record(name, wording) }),
  })

/** A file about calls of a contract. */
export const callsSchema = file(z.strictObject({ contract: z.strictObject({ deployments }) }), signature)

/** A file about messages. */
export const messagesSchema = file(
  z.strictObject({
    eip712: z.strictObject({ domain: domain.optional(), deployments: deployments.optional() }),
  }),
  encodedType,
)
