import { expect } from 'chai'
import {
  greeting,
  step,
  run,
  say,
  connected,
  disconnected,
  proved,
  stop,
  snapshot,
  refusal,
  consent,
  stateIn,
  brief,
  paying,
} from './machine.js'

describe('the payer machine', () => {
  describe('ending', () => {
    it('asks the payee and waits for its consent', () => {
      const stopping = step(paying(), stop)
      expect(brief(stopping.effects)).to.deep.equal(['send close'])
      expect(stopping.state.playingSinceMs).to.equal(undefined)
      const { state, effects } = step(stopping.state, consent)
      expect(state.phase).to.equal('stopped')
      expect(state.record.closed).to.equal(true)
      expect(brief(effects)).to.deep.equal(['save', 'emit closed'])
      expect(brief(step(state, consent).effects)).to.deep.equal(['emit closed'])
    })

    it('shows a last meter: what the payee captured is what was spent', () => {
      const { effects } = step(
        run(paying(), stop),
        say({ type: 'closed', capturedAmount: 15_000n, payeeSignature: '0x0c' }),
      )
      const meters = effects.flatMap((effect) =>
        effect.type === 'emit' && effect.event.type === 'meter' ? [effect.event.meter] : [],
      )
      expect(meters).to.have.length(1)
      expect(meters[0]).to.include({ spent: 15_000n, left: 985_000n, prepaid: 5_000n, signed: 20_000n })
    })

    it('is remembered across connections', () => {
      const offline = run(paying(), disconnected(), stop)
      expect(offline.phase).to.equal('offline')
      const { state, effects } = step(run(offline, connected(), say(greeting), proved), snapshot())
      expect(state.phase).to.equal('stopping')
      expect(brief(effects)).to.include('send close')
    })

    for (const phase of ['stopping', 'stopped', 'displaced', 'failed'] as const) {
      it(`asked for again changes nothing (${phase})`, () => {
        const state = stateIn(phase)
        expect(step(state, stop)).to.deep.equal({ state, effects: [] })
      })
    }
  })

  describe('a refusal', () => {
    it('because of a second tab ends this one without another attempt', () => {
      const { state, effects } = step(paying(), refusal('second-tab'))
      expect(state.phase).to.equal('displaced')
      expect(brief(effects)).to.deep.equal(['problem second-tab', 'hang up: displaced'])
    })

    it('of the channel while joining is final unless it may pass', () => {
      expect(step(stateIn('joining'), refusal('terms-refused')).state.phase).to.equal('failed')
      expect(step(stateIn('joining'), refusal('channel-not-open', true)).state.phase).to.equal('joining')
    })

    it('because the channel is being closed is final', () => {
      const { state, effects } = step(paying(), refusal('close-pending'))
      expect(state.phase).to.equal('failed')
      expect(brief(effects)).to.deep.equal(['problem close-pending', 'hang up: close-pending'])
    })

    it('of anything else is said once and the session goes on', () => {
      const first = step(paying(), refusal('amount-exceeds-rate'))
      expect(first.state.phase).to.equal('joined')
      expect(brief(first.effects)).to.deep.equal(['problem amount-exceeds-rate'])
      expect(brief(step(first.state, refusal('amount-exceeds-rate')).effects)).to.deep.equal([])
      expect(brief(step(paying(), refusal('made-up')).effects)).to.deep.equal(['problem internal'])
    })
  })

  it('answers a ping and says when a payee says what only payers say', () => {
    expect(brief(step(paying(), say({ type: 'ping', id: 1, reply: false })).effects)).to.deep.equal([
      'send ping',
    ])
    expect(brief(step(paying(), say({ type: 'ping', id: 1, reply: true })).effects)).to.deep.equal([])
    expect(brief(step(paying(), say({ type: 'close' })).effects)).to.deep.equal([
      'problem unexpected-message',
    ])
  })
})
