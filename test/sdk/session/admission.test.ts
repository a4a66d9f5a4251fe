import { expect } from 'chai'
import { SluiceError, zeroAddress, type Channel, type ChannelState } from '@sluice/sdk'
import { checkState, checkTerms, type StandingOffer } from '@sluice/sdk/session'
import { channel, channelId, offer } from './world.js'

function refusal(work: () => void): SluiceError | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  return undefined
}

const terms = (change: Partial<Channel>, selling: StandingOffer = offer) =>
  refusal(() => {
    checkTerms(selling, { ...channel, ...change })
  })
const other = '0x00000000000000000000000000000000000000ff'

describe('admitting a channel by its terms', () => {
  it('takes terms that fit, addresses in any case', () => {
    expect(terms({})).to.equal(undefined)
    const upper = (address: string) => `0x${address.slice(2).toUpperCase()}` as const
    expect(terms({ token: upper(channel.token), payee: upper(channel.payee) })).to.equal(undefined)
    expect(terms({ operator: upper(channel.operator) })).to.equal(undefined)
  })

  it('refuses another token, naming both', () => {
    const error = terms({ token: other })
    expect(error?.code).to.equal('wrong-token')
    expect(error?.message).to.equal('This stream is paid in USDC.')
    expect(error?.details).to.equal(`channel token ${other}, expected ${offer.token}`)
  })

  it('refuses another payee and another operator, naming both', () => {
    expect(terms({ payee: other })?.code).to.equal('terms-refused')
    expect(terms({ payee: other })?.details).to.equal(`payee: ${other}, expected ${offer.payee}`)
    expect(terms({ operator: other })?.details).to.equal(`operator: ${other}, expected ${offer.operator}`)
    expect(terms({ operator: zeroAddress })?.code).to.equal('terms-refused')
  })

  it('refuses a channel without a signer', () => {
    expect(terms({ signer: zeroAddress })?.details).to.equal(`signer: ${zeroAddress}, expected not zero`)
  })

  it('refuses a grace period shorter than offered by one second, with both numbers', () => {
    expect(terms({ grace: 3600 })).to.equal(undefined)
    expect(terms({ grace: 3599 })?.details).to.equal('grace: 3599, expected at least 3600 seconds')
  })

  it('refuses a rate below the price by one base unit, unless there is no bound', () => {
    expect(terms({ rate: 2000n })).to.equal(undefined)
    expect(terms({ rate: 1999n })?.details).to.equal('rate: 1999, expected 0 or at least 2000')
    expect(terms({ rate: 0n, burst: 0n })).to.equal(undefined)
  })

  it('refuses a burst below window and credit by one base unit', () => {
    expect(terms({ burst: 26_000n })).to.equal(undefined)
    expect(terms({ burst: 25_999n })?.details).to.equal('burst: 25999, expected at least 26000')
  })

  it('asks no rate of a price by bytes or requests', () => {
    const perByte: StandingOffer = { ...offer, unit: 'byte', window: 10n, credit: 3n }
    expect(terms({ rate: 1n, burst: 26_000n }, perByte)).to.equal(undefined)
    expect(terms({ rate: 1n, burst: 25_999n }, perByte)?.code).to.equal('terms-refused')
  })
})

describe('admitting a channel by its state on the chain', () => {
  const open: ChannelState = { deposited: 1n, claimed: 0n, openedAt: 5, closeRequestedAt: 0, closed: false }
  const state = (change: Partial<ChannelState>) =>
    refusal(() => {
      checkState(channelId, { ...open, ...change }, { ...offer, confirmations: 12 })
    })

  it('takes an open channel', () => {
    expect(state({})).to.equal(undefined)
  })

  it('refuses one that ended, for ever', () => {
    const error = state({ closed: true, openedAt: 0 })
    expect(error?.code).to.equal('channel-closed')
    expect(error?.retryable).to.equal(false)
    expect(error?.details).to.contain(channelId)
  })

  it('refuses one whose deposit is not deep enough, and says that waiting helps (I21)', () => {
    const error = state({ openedAt: 0, deposited: 0n })
    expect(error?.code).to.equal('channel-not-open')
    expect(error?.retryable).to.equal(true)
    expect(error?.action).to.equal('wait')
    expect(error?.details).to.equal(
      `channel ${channelId} has no deposit 12 block(s) deep on chain ${offer.chainId}`,
    )
  })

  it('refuses one whose payer asked to close, naming when', () => {
    const error = state({ closeRequestedAt: 77 })
    expect(error?.code).to.equal('close-pending')
    expect(error?.details).to.equal(`the payer asked to close channel ${channelId} at 77`)
  })
})
