import { expect } from 'chai'
import { keccak256 } from 'viem'
import { commitSeed, randomFromSeed, revealSeed, shuffle } from '../../../sdk/dist/tournament/random.js'
import type { Hex } from '../../../sdk/dist/types.js'
import { player, players } from './people.js'

const secretOf = (index: number): Hex => `0x${(index + 1).toString(16).padStart(64, '0')}`
const commitments = [0, 1].map((index) => ({ by: player(index), commitment: commitSeed(secretOf(index)) }))
const reveals = [0, 1].map((index) => ({ by: player(index), secret: secretOf(index) }))

describe('sdk revealSeed', () => {
  it('is the same in whatever order things are listed', () => {
    const seed = revealSeed({ commitments, reveals, players: players(5) })
    expect(
      revealSeed({
        commitments: [...commitments].reverse(),
        reveals: [...reveals].reverse(),
        players: [...players(5)].reverse(),
      }),
    ).to.equal(seed)
  })

  it('changes with every secret and with who plays', () => {
    const seed = revealSeed({ commitments, reveals, players: players(5) })
    const [first] = commitments
    const [firstReveal] = reveals
    if (first === undefined || firstReveal === undefined) return expect.fail('no commitment')
    expect(revealSeed({ commitments: [first], reveals: [firstReveal], players: players(5) })).not.to.equal(
      seed,
    )
    expect(revealSeed({ commitments, reveals, players: players(6) })).not.to.equal(seed)
  })

  it('names whose secret is missing or another', () => {
    const [first] = reveals
    if (first === undefined) return expect.fail('no reveal')
    expect(() => revealSeed({ commitments, reveals: [first], players: [] }))
      .to.throw()
      .with.property('details')
      .match(new RegExp(`secret of ${player(1)}: found none`))
    const other = [first, { by: player(1), secret: secretOf(9) }]
    expect(() => revealSeed({ commitments, reveals: other, players: [] }))
      .to.throw()
      .with.property('details')
      .match(new RegExp(`secret of ${player(1)}: found one whose hash is`))
  })

  it('commits to the hash of 32 bytes and to nothing else', () => {
    expect(commitSeed(secretOf(0))).to.equal(keccak256(secretOf(0)))
    expect(() => commitSeed('0x1234'))
      .to.throw()
      .with.property('code', 'invalid-argument')
  })
})

describe('sdk shuffle', () => {
  it('repeats from a seed, and holds everybody once', () => {
    const draw = () => shuffle(players(20), randomFromSeed(secretOf(1)))
    expect(draw()).to.deep.equal(draw())
    expect([...draw()].sort()).to.deep.equal(players(20))
    expect(draw()).not.to.deep.equal(players(20))
    expect(shuffle(players(20), randomFromSeed(secretOf(2)))).not.to.deep.equal(draw())
  })

  it('takes any source of randomness', () => {
    expect(shuffle(['a', 'b', 'c'], (limit) => limit - 1)).to.deep.equal(['c', 'b', 'a'])
  })

  it('prefers nobody: over many seeds each is first about as often', () => {
    const first = new Map<string, number>()
    for (let seed = 0; seed < 3_000; seed += 1) {
      const [winner = ''] = shuffle(['a', 'b', 'c'], randomFromSeed(secretOf(seed)))
      first.set(winner, (first.get(winner) ?? 0) + 1)
    }
    // A fair draw leaves this range once in a million times.
    for (const count of first.values()) expect(count).to.be.within(873, 1_127)
  })

  it('draws from the whole range', () => {
    const random = randomFromSeed(secretOf(3))
    const drawn = new Set(Array.from({ length: 400 }, () => random(10)))
    expect([...drawn].sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
