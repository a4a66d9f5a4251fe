import { expect } from 'chai'
import { stepPayer, termsOf, type Offer } from '@sluice/sdk/session'
import { channel, offer } from '../parties.js'
import {
  now,
  greeting,
  signature,
  step,
  run,
  say,
  play,
  tick,
  connected,
  proved,
  stop,
  ack,
  snapshot,
  phases,
  stateIn,
  brief,
} from './machine.js'

describe('the payer machine', () => {
  describe('joining', () => {
    it('answers the offer with a proof, the proof with open, the snapshot with joined', () => {
      const greeted = step(stateIn('offline'), connected())
      expect(greeted.state.phase).to.equal('greeting')
      expect(greeted.effects).to.deep.equal([])
      const offered = step(greeted.state, say(greeting))
      expect(offered.effects).to.deep.equal([{ type: 'prove', challenge: greeting.challenge }])
      const opening = step(offered.state, proved)
      expect(opening.effects).to.deep.equal([
        { type: 'send', message: { type: 'open', channel, signature: '0x0f' } },
      ])
      const joined = step(opening.state, snapshot())
      expect(joined.state.phase).to.equal('joined')
      expect(brief(joined.effects)).to.deep.equal(['save', 'emit joined', 'send paused'])
    })

    it('starts paying at once when the player runs already', () => {
      const joining = run(stateIn('offline'), play(true), connected(), say(greeting), proved)
      const { effects } = step(joining, snapshot())
      expect(brief(effects)).to.deep.equal(['save', 'emit joined', 'sign 20000'])
    })

    for (const field of [
      'chainId',
      'contract',
      'token',
      'payee',
      'operator',
      'price',
      'unit',
      'per',
    ] as const) {
      it(`refuses to go on when the payee changed ${field}, naming both`, () => {
        const other = { ...greeting, ...{ chainId: 5, unit: 'byte' as const, price: 1n, per: 2n } }
        const changed = {
          ...greeting,
          [field]: field in { chainId: 1, unit: 1, price: 1, per: 1 } ? other[field] : `0x${'ee'.repeat(20)}`,
        }
        const { state, effects } = step(stateIn('greeting'), say(changed))
        expect(state.phase).to.equal('failed')
        expect(brief(effects)).to.deep.equal(['problem offer-changed', 'hang up: offer changed'])
        const [problem] = effects
        const details =
          problem?.type === 'emit' && problem.event.type === 'problem' ? problem.event.error.details : ''
        expect(details).to.equal(`${field}: agreed ${greeting[field]}, now ${changed[field]}`)
      })
    }

    it('goes on with windows, titles and letter case changed', () => {
      const same = {
        ...greeting,
        window: 99n,
        title: 'x',
        payee: offer.payee.toUpperCase().replace('0X', '0x'),
      }
      expect(step(stateIn('greeting'), say(same as Offer)).state.phase).to.equal('joining')
    })

    it('with a changed price goes on when the viewer only wants to end', () => {
      const ending = run(stateIn('offline'), stop, connected())
      expect(step(ending, say({ ...greeting, price: 1n })).state.phase).to.equal('joining')
    })

    for (const phase of phases.filter((name) => name !== 'greeting')) {
      it(`takes no second offer (${phase})`, () => {
        const state = stateIn(phase)
        const after = step(state, say({ ...greeting, price: 1n }))
        expect(after.state.phase).to.equal(phase)
        expect(after.effects).to.deep.equal([])
      })
    }

    for (const phase of phases.filter((name) => name !== 'joining')) {
      it(`ignores a proof nobody waits for (${phase})`, () => {
        const state = stateIn(phase)
        expect(step(state, proved)).to.deep.equal({ state, effects: [] })
      })
    }

    for (const phase of ['offline', 'greeting', 'stopped', 'displaced', 'failed'] as const) {
      it(`believes no snapshot before it asked for one (${phase}) (I18)`, () => {
        const state = stateIn(phase)
        const after = step(state, snapshot({ highest: { cumulative: 9n, signature }, spent: 9n }))
        expect(after.state.record).to.equal(state.record)
        expect(after.effects).to.deep.equal([])
      })
    }

    it('refuses a snapshot of another channel', () => {
      const state = stateIn('joining')
      const after = step(state, snapshot({ channelId: `0x${'77'.repeat(32)}` }))
      expect(after.state.phase).to.equal('joining')
      expect(brief(after.effects)).to.deep.equal(['problem foreign-voucher'])
    })
  })

  describe('a snapshot', () => {
    it('with a higher voucher of its own signing raises what it signed (I18)', () => {
      const highest = { cumulative: 70_000n, signature: '0x77' } as const
      const { state, effects } = step(
        stateIn('joining'),
        snapshot({ highest, spent: 55_000n, units: 25_000n }),
      )
      expect(state.record).to.include({ signed: 70_000n, signature: '0x77', units: 25_000n, tipped: 5_000n })
      expect(effects[0]).to.deep.equal({ type: 'save', record: state.record })
    })

    it('below its own highest brings the voucher again (I18)', () => {
      const joining = stateIn('joining', { signed: 30_000n, signature })
      const { state, effects } = step(
        joining,
        snapshot({ highest: { cumulative: 10_000n, signature: '0x' } }),
      )
      expect(state.record.signed).to.equal(30_000n)
      expect(brief(effects)).to.include('send voucher 30000')
    })

    it('claims time only as far as the player ran here, two seconds granted', () => {
      const joining = run(stateIn('joining', { signed: 30_000n, units: 1_000n }), play(true))
      const highest = { cumulative: 30_000n, signature } as const
      const early = step(joining, snapshot({ highest, units: 60_000n }, now + 500)).state
      expect(early.record.units).to.equal(1_000n + 2_500n)
      const later = step(early, tick(now + 4_000)).state
      expect(later.record.units).to.equal(1_000n + 6_000n)
      const end = step(
        run(later, say({ type: 'ping', id: 1, reply: true }, now + 80_000)),
        tick(now + 80_000),
      ).state
      expect(end.record.units).to.equal(60_000n)
    })

    it('claims bytes only as far as a lost connection may have swallowed, once a connection', () => {
      const perByte = termsOf({ ...offer, unit: 'byte', price: 1n, window: 100n, credit: 30n })
      const joining = stateIn('joining', { signed: 500n })
      const highest = { cumulative: 500n, signature } as const
      const joined = stepPayer(perByte, joining, snapshot({ highest, units: 10_000n })).state
      expect(joined.record.units).to.equal(130n)
      const again = stepPayer(perByte, joined, snapshot({ highest, units: 10_000n })).state
      expect(again.record.units).to.equal(130n)
      expect(stepPayer(perByte, joined, ack(500n, 10_000n)).state.record.units).to.equal(130n)
    })
  })
})
