import { expect } from 'chai'
import { network } from 'hardhat'
import { readFileSync, writeFileSync } from 'node:fs'
import { measureLargePayout, measureTournamentGas, type TournamentGas } from './measureGas.js'

const snapshotFile = new URL('./gas.snapshot.json', import.meta.url)

/** Above these the contract is no longer what was promised; raising one is a visible change. */
const ceilings: TournamentGas = {
  create: 160_000,
  join: 90_000,
  leave: 60_000,
  submitResult8: 160_000,
  finalize: 130_000,
  pay50: 40_000,
}

/** The long run: `npm run test:deep`. */
const deep = process.env['SLUICE_DEEP'] === '1'

describe('gas of tournaments', () => {
  let measured: TournamentGas

  before(async () => {
    const connection = await network.create()
    measured = await measureTournamentGas(connection)
    await connection.close()
    if (process.env['UPDATE_SNAPSHOT'] === '1') {
      writeFileSync(snapshotFile, `${JSON.stringify(measured, null, 2)}\n`)
    }
  })

  for (const operation of Object.keys(ceilings) as (keyof TournamentGas)[]) {
    it(`of ${operation} stays below its ceiling`, () => {
      expect(measured[operation]).to.be.greaterThan(10_000)
      expect(measured[operation]).to.be.at.most(ceilings[operation])
    })
  }

  it('is what docs/products/tournament.md says', () => {
    const page = readFileSync(new URL('../../../docs/products/tournament.md', import.meta.url), 'utf8')
    for (const gas of Object.values<number>(measured)) {
      expect(page).to.include(`**${gas.toLocaleString('en-US')}**`)
    }
  })

  it('is what the snapshot says (UPDATE_SNAPSHOT=1 writes it anew)', () => {
    expect(measured).to.deep.equal(JSON.parse(readFileSync(snapshotFile, 'utf8')))
  })

  const players = deep ? 10_000 : 200
  it(`of a payout to ${players.toLocaleString('en-US')} players stays below the ceiling for each, exact to the base unit (T2)`, async function () {
    this.timeout(1_800_000)
    const connection = await network.create({ override: { blockGasLimit: 60_000_000 } })
    const payout = await measureLargePayout(connection, players)
    await connection.close()
    if (deep) console.log(`      ${JSON.stringify(payout)}`)
    expect(payout.exact).to.equal(true)
    expect(payout.transactions).to.equal(players / 50)
    // These accounts never held the token before, which costs 17,100 more than a balance that grows.
    expect(payout.perPlayer).to.be.at.most(60_000)
  })
})
