import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { zeroAddress, type Address } from '@sluice/sdk'
import {
  nothingAsked,
  planSettlement,
  type Action,
  type PlanInputs,
} from '../../../server/dist/settlement/plan.js'
import type { PlannedChannel } from '../../../server/dist/settlement/planned.js'
import { settlementPolicy } from '../../../server/dist/settlement/policy.js'
import { freshFees, raisedFees } from '../../../server/dist/settlement/fees.js'
import { isolate } from '../../../server/dist/settlement/isolate.js'
import { idOf, recordOf } from '../store/records.js'

type Snapshot = {
  readonly streamChannels: { readonly claim: number; readonly batch100: number; readonly close: number }
}

const runs = process.env['SLUICE_DEEP'] === '1' ? 20_000 : 1_000
const now = 1_900_000_000
const tokens: readonly Address[] = [zeroAddress, `0x${'44'.repeat(20)}`]

const amount = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n })
const small = fc.bigInt({ min: 0n, max: 1_000n })
const money = fc.oneof(amount, small)
const seldom = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0)

const channelArbitrary = fc
  .record({
    token: fc.constantFrom(...tokens),
    deposited: money,
    share: fc.integer({ min: 0, max: 120 }),
    claimedShare: fc.integer({ min: 0, max: 100 }),
    claimingShare: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 })),
    rate: fc.oneof(fc.constant(0n), money),
    burst: money,
    age: fc.integer({ min: 0, max: 200_000 }),
    closing: fc.boolean(),
    closed: seldom,
    closeInFlight: seldom,
    consentShare: fc.option(fc.integer({ min: 0, max: 100 })),
    spentShare: fc.oneof(fc.constant(100), fc.integer({ min: 0, max: 130 })),
    earnedShare: fc.option(fc.integer({ min: 1, max: 100 })),
    closeRefused: fc.integer({ min: 0, max: 2 }).map((drawn) => drawn === 0),
    refused: seldom,
    delayed: seldom,
    mayClose: seldom.map((drawn) => !drawn),
  })
  .map((made): Omit<PlannedChannel, 'record'> & { readonly made: typeof made } => {
    const openedAt = now - made.age
    const state = {
      deposited: made.deposited,
      claimed: (made.deposited * BigInt(made.claimedShare)) / 100n,
      openedAt,
      closeRequestedAt: made.closing ? now - 10 : 0,
      closed: made.closed,
    }
    const accepted = (made.deposited * BigInt(made.share)) / 100n
    const claiming = (accepted * BigInt(made.claimingShare)) / 100n
    const spent = (accepted * BigInt(made.spentShare)) / 100n
    // Never above what was spent, or it would not have been earned.
    const part = made.earnedShare === null ? 0n : (spent * BigInt(made.earnedShare)) / 100n
    const amount = accepted <= spent ? accepted : part
    return {
      made,
      state,
      claiming,
      closing: made.closeInFlight,
      settledAt: openedAt,
      refused: made.refused,
      closeRefused: made.closeRefused,
      delayed: made.delayed,
      // A signed consent lets anybody end the channel.
      mayClose: made.mayClose || made.consentShare !== null,
      earned: amount === 0n ? undefined : { amount, signature: '0xea' },
    }
  })

const inputsArbitrary = fc
  .record({
    channels: fc.array(channelArbitrary, { maxLength: 12 }),
    gasPrice: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    wei: fc.option(fc.bigInt({ min: 1n, max: 10n ** 18n })),
    dust: small,
    maxBatch: fc.integer({ min: 1, max: 5 }),
    maxAgeSeconds: fc.integer({ min: 1, max: 200_000 }),
    asked: fc.array(fc.integer({ min: 0, max: 11 })),
    earnedOnly: fc.boolean(),
  })
  .map(({ channels, gasPrice, wei, dust, maxBatch, maxAgeSeconds, asked, earnedOnly }): PlanInputs => ({
    channels: channels.map(({ made, ...rest }, index) => {
      const accepted = (made.deposited * BigInt(made.share)) / 100n
      const record = recordOf(index, {
        channel: { ...recordOf(index).channel, token: made.token, rate: made.rate, burst: made.burst },
        ...rest.state,
        accepted,
        spent: (accepted * BigInt(made.spentShare)) / 100n,
        consent:
          made.consentShare === null
            ? undefined
            : { capturedAmount: (accepted * BigInt(made.consentShare)) / 100n, payeeSignature: '0x' },
      })
      return { ...rest, record }
    }),
    blockSeconds: now,
    gasPrice,
    policy: settlementPolicy({
      price: () => (wei === null ? undefined : { wei, tokens: 1_000n }),
      dust: () => dust,
      maxBatch,
      maxAgeSeconds,
    }),
    asked: { channelIds: new Set(asked.map(idOf)), earnedOnly },
  }))

function totals(action: Action): { readonly id: string; readonly total: bigint }[] {
  return action.kind === 'close'
    ? [{ id: action.record.channelId, total: action.amount }]
    : action.claims.map(({ record, amount: total }) => ({ id: record.channelId, total }))
}

/** Whether a pending close threatens money that the contract would pay out now. Written apart from the planner. */
function mustBeSaved(
  { record, state, claiming, closing, refused, closeRefused, mayClose, earned }: PlannedChannel,
  { policy }: PlanInputs,
): boolean {
  const { rate, burst, token } = record.channel
  const due =
    record.consent?.capturedAmount ?? (record.spent < record.accepted ? record.spent : record.accepted)
  const safe = claiming > state.claimed ? claiming : state.claimed
  if (state.closeRequestedAt === 0 || state.closed || closing || refused || due <= state.claimed) return false
  const fair = closeRefused ? record.accepted : due
  // A key that may not end the channel brings what was earned.
  const total = mayClose ? fair : (earned?.amount ?? 0n)
  if (rate > 0n && total > burst + rate * BigInt(now - state.openedAt)) return false
  return total <= state.deposited && total - safe > policy.dust(token)
}

describe('settlement plan', () => {
  it('never plans more than deposit, rate, voucher and consent allow, nor a channel twice', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const seen = new Set<string>()
        for (const { id, total } of planSettlement(inputs).actions.flatMap(totals)) {
          expect(seen.has(id)).to.equal(false)
          seen.add(id)
          const channel = inputs.channels.find(({ record }) => record.channelId === id)
          if (channel === undefined) throw new Error(`planned ${id}, which does not exist`)
          const { record, state } = channel
          const { rate, burst } = record.channel
          expect(total <= state.deposited).to.equal(true)
          expect(total <= record.accepted).to.equal(true)
          expect(total > state.claimed).to.equal(true)
          if (record.consent !== undefined && !channel.closeRefused)
            expect(total).to.equal(record.consent.capturedAmount)
          if (rate > 0n) expect(total <= burst + rate * BigInt(now - state.openedAt)).to.equal(true)
          expect(state.closed || channel.closing || channel.claiming >= total).to.equal(false)
        }
      }),
      { numRuns: runs },
    )
  })

  it('claims no more than was spent, unless a fair end was refused at a deadline or nothing better is known', () => {
    let exceptions = 0
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        for (const action of planSettlement(inputs).actions) {
          if (action.kind === 'close') {
            const channel = inputs.channels.find((each) => each.record.channelId === action.record.channelId)
            expect(channel?.mayClose).to.equal(true)
            continue
          }
          for (const { record, amount, signature, voucher } of action.claims) {
            const channel = inputs.channels.find((each) => each.record.channelId === record.channelId)
            if (channel === undefined) throw new Error('planned a channel that does not exist')
            const isEarned = amount <= record.spent
            expect(voucher).to.equal(isEarned ? 'earned' : 'accepted')
            expect(signature === '0xea' || amount === record.accepted).to.equal(true)
            if (isEarned) continue
            exceptions += 1
            const isLastResort =
              channel.state.closeRequestedAt !== 0 && channel.closeRefused && channel.mayClose
            const { channelIds, earnedOnly } = inputs.asked
            const isAsked = channelIds.has(record.channelId) && !earnedOnly && channel.earned === undefined
            expect(isLastResort || isAsked).to.equal(true)
          }
        }
      }),
      { numRuns: runs },
    )
    expect(exceptions).to.be.greaterThan(10)
  })

  it('always plans a closing channel that can be claimed and is not dust, before anything else (I22)', () => {
    let planned = 0
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const { actions } = planSettlement(inputs)
        const ids = new Set(actions.flatMap(totals).map(({ id }) => id))
        for (const channel of inputs.channels) {
          if (!mustBeSaved(channel, inputs)) continue
          expect(ids.has(channel.record.channelId), 'left behind').to.equal(true)
          planned += 1
        }
        const urgencies = actions.map(({ reason }) => (reason === 'deadline' ? 0 : 1))
        expect(urgencies).to.deep.equal([...urgencies].sort())
      }),
      { numRuns: runs },
    )
    expect(planned).to.be.greaterThan(100)
  })

  it('keeps batches to one payee, operator and token and to the size limit', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        for (const action of planSettlement(inputs).actions) {
          if (action.kind === 'close') continue
          expect(action.claims.length).to.be.within(1, inputs.policy.maxBatch)
          for (const { record } of action.claims) expect(record.channel.token).to.equal(action.token)
        }
      }),
      { numRuns: runs },
    )
  })

  it('accounts for every unsettled base unit: planned or skipped with a reason', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const { actions, skipped } = planSettlement(inputs)
        const named = [
          ...actions.flatMap(totals).map(({ id }) => id),
          ...skipped.map(({ channelId }) => channelId),
        ]
        const unsettled = inputs.channels
          .filter(
            ({ record, state }) =>
              !state.closed && (record.consent?.capturedAmount ?? record.accepted) > state.claimed,
          )
          .map(({ record }) => record.channelId)
        expect(named).to.have.members(unsettled)
      }),
      { numRuns: runs },
    )
  })

  describe('worth', () => {
    const gas = { batch: 40_000n, perClaim: 10_000n, close: 60_000n }
    /** One base unit is worth one unit of gas. */
    const policy = settlementPolicy({ price: () => ({ wei: 1n, tokens: 1n }), worthFactor: 2, gas })
    const channel = (number: number, accepted: bigint): PlannedChannel => ({
      record: recordOf(number, { deposited: 10n ** 9n, accepted, spent: accepted, openedAt: now - 5 }),
      state: { deposited: 10n ** 9n, claimed: 0n, openedAt: now - 5, closeRequestedAt: 0, closed: false },
      claiming: 0n,
      closing: false,
      settledAt: now - 5,
      refused: false,
      closeRefused: false,
      mayClose: true,
      delayed: false,
      earned: { amount: accepted, signature: '0x' },
    })
    const plan = (...channels: PlannedChannel[]) =>
      planSettlement({ channels, blockSeconds: now, gasPrice: 1n, policy, asked: nothingAsked })
    const sizes = (...channels: PlannedChannel[]) =>
      plan(...channels).actions.map((action) => totals(action).map(({ total }) => total))

    it('goes out when it is more than the factor times its gas, to the base unit', () => {
      expect(sizes(channel(1, 100_000n))).to.deep.equal([])
      expect(sizes(channel(1, 100_001n))).to.deep.equal([[100_001n]])
    })

    it('adds up over a group, and leaves out a claim that would not pay for its own share', () => {
      expect(sizes(channel(1, 60_001n), channel(2, 60_001n))).to.deep.equal([[60_001n, 60_001n]])
      expect(sizes(channel(1, 200_000n), channel(2, 20_000n))).to.deep.equal([[200_000n]])
      expect(
        plan(channel(1, 200_000n), channel(2, 20_000n)).skipped.map(({ reason }) => reason),
      ).to.deep.equal(['not-worth-it'])
    })
  })
})

describe('gas that plans reckon with', () => {
  it('is what the contract takes, or up to a seventh more', () => {
    const snapshot = JSON.parse(readFileSync('test/contracts/gas.snapshot.json', 'utf8')) as Snapshot
    const { claim, batch100, close } = snapshot.streamChannels
    const { gas } = settlementPolicy()
    for (const [reckoned, taken] of [
      [gas.batch + gas.perClaim, claim],
      [gas.batch + 100n * gas.perClaim, 100 * batch100],
      [gas.close, close],
    ] as const)
      expect(Number(reckoned) / taken).to.be.within(1, 8 / 7)
  })
})

describe('fees', () => {
  it('rise by at least an eighth on both counts or not at all, and respect the limit', () => {
    const fee = fc.bigInt({ min: 0n, max: 10n ** 13n })
    fc.assert(
      fc.property(
        fee,
        fee,
        fee,
        fee,
        fc.option(fee),
        (baseBefore, priorityBefore, baseNow, priorityNow, cap) => {
          const limit = cap ?? undefined
          const before = freshFees(baseBefore, priorityBefore, limit)
          const after = raisedFees(before, freshFees(baseNow, priorityNow, limit), limit)
          expect(before.maxPriorityFeePerGas <= before.maxFeePerGas).to.equal(true)
          if (limit !== undefined) expect(before.maxFeePerGas <= limit).to.equal(true)
          expect(after !== undefined || limit !== undefined).to.equal(true)
          if (after === undefined) return
          expect(after.maxFeePerGas * 8n >= before.maxFeePerGas * 9n).to.equal(true)
          expect(after.maxPriorityFeePerGas * 8n >= before.maxPriorityFeePerGas * 9n).to.equal(true)
          expect(after.maxPriorityFeePerGas <= after.maxFeePerGas).to.equal(true)
          if (limit !== undefined) expect(after.maxFeePerGas <= limit).to.equal(true)
        },
      ),
      { numRuns: runs },
    )
  })
})

describe('isolating bad items', () => {
  it('keeps every good one, names every bad one, and tries a good batch once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (goodness) => {
        let tries = 0
        const items = goodness.map((good, index) => ({ good, index }))
        const found = await isolate(items, (batch) => {
          tries += 1
          return Promise.resolve(batch.every(({ good }) => good) ? undefined : 'bad')
        })
        expect(found.batches.flat()).to.deep.equal(items.filter(({ good }) => good))
        expect(found.refused.map(({ item }) => item)).to.deep.equal(items.filter(({ good }) => !good))
        if (goodness.every((good) => good)) expect(tries).to.equal(1)
        if (found.refused.length === 1) expect(found.batches.length).to.be.at.most(1)
      }),
      { numRuns: 300 },
    )
  })

  it('splits a batch that only fails as a whole', async () => {
    const found = await isolate([1, 2, 3, 4], (batch) =>
      Promise.resolve(batch.length > 2 ? 'too large' : undefined),
    )
    expect(found).to.deep.equal({
      batches: [
        [1, 2],
        [3, 4],
      ],
      refused: [],
    })
  })
})
