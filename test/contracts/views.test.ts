import { expect } from 'chai'
import { day, saltOf, type Terms } from './support/terms.js'
import { createWorld } from './support/world.js'

const world = await createWorld()
const { channels, payer, payee, stranger, terms, id, fund, claim, item, state } = world

describe('channelId and channelState', () => {
  beforeEach(world.reset)

  describe('when asked for an id', () => {
    it('is the hash of chain, contract and terms (I11)', async () => {
      expect(await channels.channelId(terms())).to.equal(id(terms()))
    })

    it('differs in every field of the terms (I10)', async () => {
      const changes: Partial<Terms>[] = [
        {},
        { payer: stranger.address },
        { payee: stranger.address },
        { operator: stranger.address },
        { token: stranger.address },
        { signer: stranger.address },
        { grace: day + 1 },
        { rate: 1n },
        { burst: 1n },
        { salt: saltOf(1) },
      ]
      const ids = await Promise.all(changes.map((change) => channels.channelId(terms(change))))
      expect(ids).to.deep.equal(changes.map((change) => id(terms(change))))
      expect(new Set(ids).size).to.equal(changes.length)
    })
  })

  describe('when asked for a state', () => {
    it('is all zero for a channel never funded', async () => {
      const nothing = { deposited: 0n, claimed: 0n, openedAt: 0, closeRequestedAt: 0, closed: false }
      expect(await state(terms())).to.deep.equal(nothing)
    })

    it('tells an open channel', async () => {
      await world.nextBlockAt(1_900_000_000)
      await fund(terms(), 1_000n)
      await claim(terms(), [item(terms(), 300n)])
      expect(await state(terms())).to.deep.equal({
        deposited: 1_000n,
        claimed: 300n,
        openedAt: 1_900_000_000,
        closeRequestedAt: 0,
        closed: false,
      })
    })

    it('tells a pending close', async () => {
      await fund(terms(), 1_000n)
      await world.nextBlockAt(1_900_000_123)
      await channels.connect(payer).requestClose(terms())
      expect(await state(terms())).to.include({
        deposited: 1_000n,
        closeRequestedAt: 1_900_000_123,
        closed: false,
      })
    })

    it('tells a closed channel without a pending close', async () => {
      await fund(terms(), 1_000n)
      await channels.connect(payer).requestClose(terms())
      await channels.connect(payee).close(terms(), 0n, 0n, '0x', '0x')
      expect(await state(terms())).to.include({
        deposited: 1_000n,
        claimed: 0n,
        closeRequestedAt: 0,
        closed: true,
      })
    })
  })
})
