import { expect } from 'chai'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('./', import.meta.url)

/** The leaves of a branch tree: what each test must be called. */
function leaves(tree: string): string[] {
  return [...tree.matchAll(/── it (.+)$/gm)].map((match) => match[1] ?? '')
}

/** The titles of a test file's tests, in order, with placeholders as they stand in the source. */
function titles(source: string): string[] {
  return [...source.matchAll(/\bit\(\s*(['"`])(.+?)\1,/g)].map((match) => match[2] ?? '')
}

describe('branch trees', () => {
  const trees = globSync('**/*.tree', { cwd: fileURLToPath(folder) })

  it('exist for every function of the channels', () => {
    const functions = ['deposit', 'depositWithPermit', 'depositWithAuthorization', 'depositWithPermit2']
    functions.push('claim', 'close', 'requestClose', 'withdraw', 'views', 'multicall', 'signatures')
    expect(trees.map((name) => name.replace('.tree', ''))).to.include.members(functions)
  })

  it('exist for every test of the other products', () => {
    const tests = globSync('{escrow,tournament,subscription}/*.test.ts', { cwd: fileURLToPath(folder) })
    expect(tests).to.have.length.above(20)
    expect(trees).to.include.members(tests.map((name) => name.replace('.test.ts', '.tree')))
  })

  for (const name of trees) {
    it(`have one test for each leaf: ${name}`, () => {
      const planned = leaves(readFileSync(new URL(name, folder), 'utf8'))
      const written = titles(readFileSync(new URL(name.replace('.tree', '.test.ts'), folder), 'utf8'))
      expect(planned).not.to.have.length(0)
      expect(written).to.deep.equal(planned)
    })
  }
})
