import { expect } from 'chai'
import { snippets, typeErrors, writeSnippet } from './snippets.ts'

describe('the example of the page on React', () => {
  it('compiles as it stands', () => {
    const examples = snippets('docs/react.md', 'tsx')
    expect(examples).to.have.length(1)
    const files = examples.map((example) => writeSnippet('react', example, undefined, 'tsx'))
    expect(typeErrors(files)).to.deep.equal([])
  }).timeout(120_000)
})
