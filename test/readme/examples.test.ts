import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { typeErrors, writeSnippet } from './snippets.ts'

const sources = path.resolve(import.meta.dirname, '../../sdk/src')

/** An `@example` of a docstring. */
type Example = { readonly name: string; readonly code: string; readonly language: 'ts' | 'tsx' }

/** Every `@example` of the SDK, in the order of its files. */
function examples(): readonly Example[] {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap(examplesOf)
}

function examplesOf(file: string): readonly Example[] {
  const text = readFileSync(path.join(sources, file), 'utf8')
  const blocks = [...text.matchAll(/^ *\* @example\n((?: *\*(?:(?! @).*)?\n)*)/gm)].map(([, block = '']) =>
    block.replaceAll(/^ *\* ?/gm, ''),
  )
  const named = text.split('@example').length - 1
  if (blocks.length !== named) throw new Error(`${file}: read ${blocks.length} of ${named} examples`)
  return blocks.map((block, index) => {
    const [, language, code] = /^```(tsx?)\n([\s\S]*?)^```/m.exec(block) ?? []
    if (code === undefined || (language !== 'ts' && language !== 'tsx')) {
      throw new Error(`an @example of ${file} is no block of ts or tsx: ${block}`)
    }
    return { name: `example-${file.replaceAll(path.sep, '-').replace('.ts', '')}-${index}`, code, language }
  })
}

describe("the examples of the SDK's docstrings", () => {
  it('compile as they stand', () => {
    const all = examples()
    expect(all.length).to.be.greaterThan(150)
    const files = all.map(({ name, code, language }) =>
      // A module even without an import, whose names would else be everybody's.
      writeSnippet(name, `${code}\nexport {}\n`, undefined, language),
    )
    // What an example defines is for its reader to use.
    expect(typeErrors(files, { noUnusedLocals: false }).join('\n')).to.equal('')
  }).timeout(180_000)
})
