import { expect } from 'chai'
import { network } from 'hardhat'
import { readFileSync, writeFileSync } from 'node:fs'
import { measureGas, type GasReport } from './measureGas.js'

const snapshotFile = new URL('./gas.snapshot.json', import.meta.url)

/** Above these the contract is no longer what was promised; raising one is a visible change. */
const ceilings: GasReport = { open: 71_000, topUp: 52_000, claim: 54_000, batch100: 15_500, close: 63_000 }

describe('gas', () => {
  let measured: GasReport

  before(async () => {
    const connection = await network.create()
    measured = await measureGas(connection)
    await connection.close()
    if (process.env['UPDATE_SNAPSHOT'] === '1') {
      writeFileSync(snapshotFile, `${JSON.stringify(measured, null, 2)}\n`)
    }
  })

  for (const operation of Object.keys(ceilings) as (keyof GasReport)[]) {
    it(`of ${operation} stays below its ceiling`, () => {
      expect(measured[operation]).to.be.greaterThan(10_000)
      expect(measured[operation]).to.be.at.most(ceilings[operation])
    })
  }

  it('is what docs/gas.md says', () => {
    const page = readFileSync(new URL('../../docs/gas.md', import.meta.url), 'utf8')
    for (const gas of Object.values<number>(measured)) {
      expect(page).to.include(`**${gas.toLocaleString('en-US')}**`)
    }
  })

  it('is what the snapshot says (UPDATE_SNAPSHOT=1 writes it anew)', () => {
    expect(measured).to.deep.equal(JSON.parse(readFileSync(snapshotFile, 'utf8')))
  })
})
