import { expect } from 'chai'
import { network } from 'hardhat'
import { readFileSync, writeFileSync } from 'node:fs'
import { sections } from './gas/sections.js'

const snapshotFile = new URL('./gas.snapshot.json', import.meta.url)

type Snapshot = Record<string, Readonly<Record<string, number>>>

const readSnapshot = () => JSON.parse(readFileSync(snapshotFile, 'utf8')) as Snapshot

/** What stands under a heading of the page, up to the next of its kind. */
function section(heading: string): string {
  const page = readFileSync(new URL('../../docs/gas.md', import.meta.url), 'utf8')
  const [, text = ''] = page.split(`\n## ${heading}\n`)
  return text.split('\n## ')[0] ?? ''
}

for (const { product, heading, ceilings, measure } of sections) {
  describe(`gas of ${product}`, () => {
    let measured: Readonly<Record<string, number>>

    before(async () => {
      const connection = await network.create()
      measured = await measure(connection)
      await connection.close()
      if (process.env['UPDATE_SNAPSHOT'] === '1') {
        const snapshot = { ...readSnapshot(), [product]: measured }
        writeFileSync(snapshotFile, `${JSON.stringify(snapshot, null, 2)}\n`)
      }
    })

    for (const [operation, ceiling] of Object.entries(ceilings)) {
      it(`of ${operation} stays below its ceiling`, () => {
        expect(measured[operation]).to.be.greaterThan(10_000)
        expect(measured[operation]).to.be.at.most(ceiling)
      })
    }

    it('is what docs/gas.md says', () => {
      const text = section(heading)
      for (const gas of Object.values(measured)) expect(text).to.include(`**${gas.toLocaleString('en-US')}**`)
    })

    it('is what the snapshot says (UPDATE_SNAPSHOT=1 writes it anew)', () => {
      expect(measured).to.deep.equal(readSnapshot()[product])
    })
  })
}

describe('the gas snapshot', () => {
  it('holds every product that is measured, and no other', () => {
    expect(Object.keys(readSnapshot())).to.have.members(sections.map(({ product }) => product))
  })
})
