import { expect } from 'chai'
import { decodeSnapshot, encodeSnapshot } from '../../../sdk/dist/tournament/snapshot.js'
import { rebuildTournaments, sponsorCall } from '../../../sdk/dist/tournament/index.js'
import { createTournamentWorld } from './world.js'

const world = await createTournamentWorld()
const { deployment } = world
const tournament = world.tournament()

describe('a search of tournaments that is kept', () => {
  let text: string
  before(async () => {
    await world.filled(tournament, 2)
    await world.send(world.sponsor, sponsorCall({ contract: deployment.contract, tournament, amount: 9n }))
    const tournaments = rebuildTournaments({}, await world.logs(), deployment)
    text = encodeSnapshot(deployment, 'me', { nextBlock: 77n, tournaments })
  })

  it('comes back as it was', async () => {
    const { nextBlock, tournaments } = decodeSnapshot(text, deployment, 'me')
    expect(nextBlock).to.equal(77n)
    expect(tournaments).to.deep.equal(rebuildTournaments({}, await world.logs(), deployment))
  })

  for (const [what, change, says] of [
    ['is damaged', (kept: string) => kept.slice(1), 'expected what a search returned'],
    ['is no object', () => '7', 'expected what a search returned'],
    ['is of another chain', (kept: string) => kept.replace('"chainId":', '"chainId":1'), 'chainId: found'],
    [
      'is of somebody else',
      (kept: string) => kept.replace('"me"', '"you"'),
      'subject: found you, expected me',
    ],
    [
      'names other terms',
      (kept: string) => kept.replace('"rake":1000', '"rake":0'),
      'expected those whose hash',
    ],
    ['lost its block', (kept: string) => kept.replace('"77n"', '"?"'), 'nextBlock: found ?'],
    [
      'lost its players',
      (kept: string) => kept.replace('"players"', '"nobody"'),
      'expected those whose hash',
    ],
  ] as const) {
    it(`is refused when it ${what}`, () => {
      expect(() => decodeSnapshot(change(text), deployment, 'me'))
        .to.throw()
        .with.property('details')
        .that.includes(says)
    })
  }
})
