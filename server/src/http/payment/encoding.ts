/** JSON that the canonical form is defined for here: no fractions, so that no number format is in doubt. */
export type CanonicalJson =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalJson[]
  | { readonly [name: string]: CanonicalJson | undefined }

/**
 * JSON in the canonical form of RFC 8785 (JCS). Fields that are undefined are left out.
 *
 * @param value strings, safe integers, booleans, null, arrays and objects of these
 */
export function canonicalJson(value: CanonicalJson): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new TypeError(`${value} is no safe integer`)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = Object.entries(value)
    .filter((entry): entry is [string, CanonicalJson] => entry[1] !== undefined)
    // RFC 8785 sorts by UTF-16 code units, as `<` on strings does.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}

function isList(value: object): value is readonly CanonicalJson[] {
  return Array.isArray(value)
}

/** Bytes or text as base64url without padding. */
export function toBase64Url(data: Uint8Array | string): string {
  return Buffer.from(data).toString('base64url')
}

/**
 * The bytes of base64url without padding; undefined when it is none.
 *
 * @param text as it came
 */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  // A last character with bits that belong to no byte would make two texts mean the same.
  return bytes.toString('base64url') === text ? bytes : undefined
}
