import { expect } from 'chai'
import { snippets, typeErrors, writeSnippet } from './snippets.ts'

describe('the examples of the page on React', () => {
  it('compile as they stand', () => {
    const examples = snippets('docs/react.md', 'tsx')
    expect(examples).to.have.length(2)
    const files = examples.map((example, index) =>
      writeSnippet(`react${String(index)}`, example, undefined, 'tsx'),
    )
    expect(typeErrors(files)).to.deep.equal([])
  }).timeout(120_000)
})
