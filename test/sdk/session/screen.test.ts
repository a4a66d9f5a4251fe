import { expect } from 'chai'
import { screenVoucher, type PayeeRecord } from '@sluice/sdk/session'
import { channel, channelId, payeeRecord } from './world.js'

const openedAt = 1_700_000_000
const nowMs = (openedAt + 100) * 1000
const record = (change: Partial<PayeeRecord> = {}): PayeeRecord =>
  payeeRecord({ openedAt, accepted: 10_000n, channel: { ...channel, rate: 0n }, ...change })
const screen = (cumulative: bigint, change: Partial<PayeeRecord> = {}, atMs = nowMs) =>
  screenVoucher(record(change), { channelId, cumulative }, atMs)

describe('screening a voucher', () => {
  it('lets a higher one within the deposit pass to the signature check', () => {
    expect(screen(10_001n)).to.deep.equal({ verdict: 'verify' })
    expect(screen(1_000_000n)).to.deep.equal({ verdict: 'verify' })
  })

  it('refuses one above the deposit by a single base unit, with both numbers (I21)', () => {
    expect(screen(1_000_001n)).to.deep.equal({
      verdict: 'refuse',
      code: 'amount-exceeds-deposit',
      details: 'voucher over 1000001, deposited 1000000',
    })
  })

  it('refuses one above a deposit that a reorganisation lowered (I21, I24)', () => {
    expect(screen(10_001n, { deposited: 10_000n })).to.include({ code: 'amount-exceeds-deposit' })
  })

  it('acknowledges an equal one and answers a lower one', () => {
    expect(screen(10_000n)).to.deep.equal({ verdict: 'equal' })
    expect(screen(9_999n)).to.deep.equal({ verdict: 'lower' })
    expect(screen(0n)).to.deep.equal({ verdict: 'lower' })
    expect(screen(0n, { accepted: 0n })).to.deep.equal({ verdict: 'equal' })
  })

  it('refuses one of another channel before anything else, with both ids (I11)', () => {
    const other = `0x${'77'.repeat(32)}`
    const screening = screenVoucher(record({ closed: true }), { channelId: other, cumulative: 5n }, nowMs)
    expect(screening).to.deep.equal({
      verdict: 'refuse',
      code: 'foreign-voucher',
      details: `voucher for ${other}, this session is ${channelId}`,
    })
  })

  it('refuses everything once the chain has ended the channel', () => {
    for (const cumulative of [0n, 10_000n, 10_001n]) {
      expect(screen(cumulative, { closed: true })).to.deep.equal({
        verdict: 'refuse',
        code: 'channel-closed',
        details: `${channelId} has ended on the chain`,
      })
    }
  })

  it('refuses a higher one while the payer asks to close, and still acknowledges an equal one', () => {
    const change = { closeRequestedAt: openedAt + 50 }
    expect(screen(10_001n, change)).to.deep.equal({
      verdict: 'refuse',
      code: 'close-pending',
      details: `the payer asked to close at ${openedAt + 50}`,
    })
    expect(screen(10_000n, change)).to.deep.equal({ verdict: 'equal' })
    expect(screen(5n, change)).to.deep.equal({ verdict: 'lower' })
  })

  it('refuses a higher one after the payee consented to close', () => {
    const change = { consent: { capturedAmount: 8_000n, payeeSignature: '0x' as const } }
    expect(screen(10_001n, change)).to.deep.equal({
      verdict: 'refuse',
      code: 'close-pending',
      details: 'the payee consented to close at 8000',
    })
  })

  describe('of a channel with a rate', () => {
    const bound = { channel: { ...channel, rate: 7n, burst: 50_000n } }

    it('holds burst plus rate for the time since the deposit, a minute of clock slack granted', () => {
      const allowed = 50_000n + 7n * 160n
      expect(screen(allowed, bound)).to.deep.equal({ verdict: 'verify' })
      expect(screen(allowed + 1n, bound)).to.deep.equal({
        verdict: 'refuse',
        code: 'amount-exceeds-rate',
        details: `voucher over ${allowed + 1n}, claimable by now ${allowed}`,
      })
    })

    it('counts whole seconds, as the chain does', () => {
      const allowed = 50_000n + 7n * 160n
      expect(screen(allowed + 1n, bound, nowMs + 999)).to.include({ verdict: 'refuse' })
      expect(screen(allowed + 7n, bound, nowMs + 1000)).to.deep.equal({ verdict: 'verify' })
    })

    it('grants the burst alone when the clock is far behind the chain', () => {
      const early = (openedAt - 3600) * 1000
      expect(screen(50_000n, bound, early)).to.deep.equal({ verdict: 'verify' })
      expect(screen(50_001n, bound, early)).to.deep.equal({
        verdict: 'refuse',
        code: 'amount-exceeds-rate',
        details: 'voucher over 50001, claimable by now 50000',
      })
    })

    it('names the deposit first when a voucher exceeds both', () => {
      expect(screen(2_000_000n, bound)).to.include({ code: 'amount-exceeds-deposit' })
    })
  })
})
