import { expect } from 'chai'
import { FunctionFragment } from 'ethers'
import { day } from '../support/terms.js'
import { createArena, noResult } from './support/arena.js'
import { stages, type Stage } from './support/terms.js'

const arena = await createArena()
const { tournaments, host, referee, stranger, players, terms, id, as, state } = arena
const alice = players[0] as (typeof players)[0]

/** How a tournament gets into each stage. */
const reach: Record<Stage, () => Promise<unknown>> = {
  None: async () => Promise.resolve(),
  Open: () => arena.filled(terms(), 4),
  Reported: () => arena.reported(terms()),
  Disputed: () => arena.disputed(terms()),
  Final: () => arena.final(terms()),
  Paid: async () => {
    const { prizes } = await arena.final(terms())
    await as(stranger).payMany(terms(), prizes)
  },
  Refunding: async () => {
    await arena.filled(terms(), 4)
    await as(host).cancel(terms())
  },
  Abandoned: async () => {
    await arena.final(terms())
    await arena.time.increase(180 * day)
    await as(stranger).cancel(terms())
  },
}

/** Every function that changes something, by whom it may be called, and the stages that allow it. */
const operations: Record<string, { call: () => Promise<unknown>; needs: Stage; also?: Stage[] }> = {
  create: { call: () => arena.create(terms()), needs: 'None' },
  sponsor: { call: () => arena.give(terms(), 1n), needs: 'Open' },
  join: { call: () => arena.join(terms(), alice), needs: 'Open' },
  leave: { call: () => as(alice).leave(terms()), needs: 'Open' },
  submitResult: { call: () => as(host).submitResult(terms(), noResult), needs: 'Open' },
  confirm: { call: () => as(stranger).confirm(terms(), [], []), needs: 'Reported' },
  challenge: { call: () => arena.challenge(terms(), alice), needs: 'Reported' },
  finalize: { call: () => as(stranger).finalize(terms()), needs: 'Reported' },
  rule: { call: () => as(referee).rule(terms(), noResult), needs: 'Disputed' },
  annul: { call: () => as(referee).annul(terms()), needs: 'Disputed' },
  payMany: { call: () => as(stranger).payMany(terms(), []), needs: 'Final' },
  claim: { call: () => as(alice).claim(terms(), 1n, [], alice), needs: 'Final' },
  cancel: { call: () => as(host).cancel(terms()), needs: 'Open', also: ['Disputed', 'Final'] },
  refund: { call: () => as(stranger).refund(terms(), [alice]), needs: 'Refunding', also: ['Abandoned'] },
}

describe('forbidden transitions', () => {
  beforeEach(arena.reset)

  it('are looked for in every function that changes a tournament', () => {
    const changing = tournaments.interface.fragments
      .filter((fragment) => FunctionFragment.isFragment(fragment))
      .filter(({ constant }) => !constant)
      .map(({ name }) => name)
      .filter((name) => !['multicall', 'withdrawOwed'].includes(name))
    expect(Object.keys(operations).sort()).to.deep.equal(changing.sort())
  })

  for (const stage of stages) {
    for (const [name, { call, needs, also = [] }] of Object.entries(operations)) {
      if (needs === stage || also.includes(stage)) continue
      it(`${name} reverts with WrongStage when ${stage} (T8)`, async () => {
        await reach[stage]()
        expect((await state(terms())).stage).to.equal(stage)
        await expect(call())
          .to.be.revertedWithCustomError(tournaments, 'WrongStage')
          .withArgs(id(terms()), stages.indexOf(stage), stages.indexOf(needs))
      })
    }
  }
})
