import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { TypedDataEncoder, type TypedDataField } from 'ethers'
import { callsSchema, messagesSchema, type Wording } from './schema.ts'

const root = path.resolve(import.meta.dirname, '../../..')

/** A file that is published, as it stands. */
export type Published = { readonly file: string; readonly content: unknown }

/** Every file that is published. */
export const published: readonly Published[] = globSync('*.json', { cwd: path.join(root, 'sdk/erc7730') })
  .sort()
  .map((file) => {
    const content: unknown = JSON.parse(readFileSync(path.join(root, 'sdk/erc7730', file), 'utf8'))
    return { file, content }
  })

/** What a contract's calls are shown as. */
export function callsOf(contract: string) {
  return callsSchema.parse(contentOf(`calldata-${contract}.json`))
}

/** What all messages are shown as, by `encodeType`. */
export function messages(): Readonly<Record<string, Wording>> {
  const files = published.filter(({ file }) => file.startsWith('eip712-'))
  return Object.assign(
    {},
    ...files.map(({ content }) => messagesSchema.parse(content).display.formats),
  ) as Record<string, Wording>
}

function contentOf(file: string): unknown {
  const found = published.find((one) => one.file === file)
  if (found === undefined) throw new Error(`${file} is not published`)
  return found.content
}

export type Types = Readonly<Record<string, readonly TypedDataField[]>>

/** A message's type as EIP-712 writes it. */
export function encodeType(types: Types, primary: string): string {
  const needed: Record<string, TypedDataField[]> = {}
  const visit = (name: string): void => {
    const fields = types[name]
    if (fields === undefined || name in needed) return
    needed[name] = fields.map(({ name, type }) => ({ name, type }))
    for (const { type } of fields) visit(type.replace(/\[.*$/, ''))
  }
  visit(primary)
  return TypedDataEncoder.from(needed).encodeType(primary)
}

/** Message types that the SDK's files export, wherever they stand: each constant that is called `…Types`. */
export async function typesOfSdk(): Promise<readonly { readonly from: string; readonly types: Types }[]> {
  const found = globSync('sdk/dist/**/*.js', { cwd: root }).flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8')
    return [...text.matchAll(/^export const (\w+Types) =/gm)].map(([, name = '']) => ({ file, name }))
  })
  return Promise.all(
    found.map(async ({ file, name }) => {
      const module = (await import(path.join(root, file))) as Readonly<Record<string, Types>>
      return { from: `${file} ${name}`, types: module[name] ?? {} }
    }),
  )
}

/** Types whose hashes stand in the contracts, with the file they stand in. */
export function typesOfContracts(): readonly { readonly from: string; readonly type: string }[] {
  return globSync('contracts/**/*.sol', { cwd: root })
    .filter((file) => !file.includes('/mocks/'))
    .flatMap((from) => {
      const text = readFileSync(path.join(root, from), 'utf8')
      const hashes = text.matchAll(/TYPEHASH =\s*keccak256\(\s*((?:"[^"]*"\s*)+)\)/g)
      return [...hashes].map(([, literals = '']) => ({ from, type: literals.replace(/"\s*"|"|\n\s*/g, '') }))
    })
}
