import { expect } from 'chai'
import { zeroAddress } from 'viem'
import { channelId } from '../../../sdk/dist/channel/channelId.js'
import { createChannel } from '../../../sdk/dist/channel/createChannel.js'
import { maximumAmount } from '../../../sdk/dist/channel/limits.js'
import type { Address, Hex } from '../../../sdk/dist/types.js'
import { loadVectors } from '../../vectors/vectors.js'

const payer: Address = '0x1111111111111111111111111111111111111111'
const payee: Address = '0x2222222222222222222222222222222222222222'
const operator: Address = '0x3333333333333333333333333333333333333333'
const token: Address = '0x4444444444444444444444444444444444444444'
const signer: Address = '0x5555555555555555555555555555555555555555'

const offer: createChannel.OfferTerms = {
  payee,
  operator,
  token,
  price: 2_000n,
  unit: 'second',
  per: 1n,
  window: 10n,
  credit: 3n,
  grace: 3_600,
}

describe('sdk channelId', () => {
  for (const vector of loadVectors()) {
    it(`is the contract's for ${vector.name}`, () => {
      const { channel } = vector
      const id = channelId({
        chainId: vector.chainId,
        contract: vector.contract as Address,
        channel: {
          payer: channel.payer as Address,
          payee: channel.payee as Address,
          operator: channel.operator as Address,
          token: channel.token as Address,
          signer: channel.signer as Address,
          grace: channel.grace,
          rate: BigInt(channel.rate),
          burst: BigInt(channel.burst),
          salt: channel.salt as Hex,
        },
      })
      expect(id).to.equal(vector.channelId)
    })
  }

  it('refuses terms that do not fit their fields', () => {
    const channel = createChannel({ payer, payee, token, signer })
    for (const change of [{ rate: maximumAmount + 1n }, { grace: -1 }, { token: '0x12' as Address }]) {
      const attempt = () => channelId({ chainId: 1, contract: token, channel: { ...channel, ...change } })
      expect(attempt).to.throw().with.property('code', 'invalid-argument')
    }
  })
})

describe('sdk createChannel', () => {
  it('fills the terms from an offer by the second', () => {
    const channel = createChannel({ payer, signer, offer, tipAllowance: 500n, freshSigner: true })
    expect(channel).to.deep.equal({
      payer,
      payee,
      operator,
      token,
      signer,
      grace: 3_600,
      rate: 2_000n,
      burst: 26_500n, // 13 seconds and the tips
      salt: `0x${'0'.repeat(64)}`,
    })
  })

  it('rounds the rate and the burst up, so that the bound never lies below the price', () => {
    const { rate, burst } = createChannel({ payer, signer, offer: { ...offer, price: 10n, per: 60n } })
    expect({ rate, burst }).to.deep.equal({ rate: 1n, burst: 3n }) // 1/6 a second, 13/6 in 13 seconds
  })

  it('keeps a bound even where watching is free', () => {
    const { rate, burst } = createChannel({
      payer,
      signer,
      offer: { ...offer, price: 0n },
      tipAllowance: 70n,
    })
    expect({ rate, burst }).to.deep.equal({ rate: 1n, burst: 70n })
  })

  for (const unit of ['byte', 'request'] as const) {
    it(`sets no rate for a price by the ${unit}, which has no speed`, () => {
      expect(createChannel({ payer, signer, offer: { ...offer, unit } }).rate).to.equal(0n)
      expect(createChannel({ payer, signer, offer: { ...offer, unit }, rate: 5n, burst: 6n })).to.include({
        rate: 5n,
        burst: 6n,
      })
    })
  }

  it('takes eight random bytes as salt when the signer is not fresh', () => {
    const random = (length: number) => Uint8Array.from({ length }, (_, index) => index + 1)
    const { salt } = createChannel({ payer, signer, offer, random })
    expect(salt).to.equal(`0x${'0'.repeat(48)}0102030405060708`)
    const platform = new Set(Array.from({ length: 8 }, () => createChannel({ payer, signer, offer }).salt))
    expect(platform.size).to.equal(8)
  })

  it('needs no offer', () => {
    const channel = createChannel({ payer, payee, token: zeroAddress, signer, salt: `0x${'ab'.repeat(32)}` })
    expect(channel).to.deep.equal({
      payer,
      payee,
      operator: zeroAddress,
      token: zeroAddress,
      signer,
      grace: 900,
      rate: 0n,
      burst: 0n,
      salt: `0x${'ab'.repeat(32)}`,
    })
  })

  for (const [title, parameters] of [
    ['no payee', { payer, signer, token }],
    ['no token', { payer, signer, payee }],
    ['a zero payer', { payer: zeroAddress, signer, payee, token }],
    ['a grace period that is too short', { payer, signer, payee, token, grace: 899 }],
    ['a broken salt', { payer, signer, payee, token, salt: '0x01' }],
    ['an offer by no seconds', { payer, signer, offer: { ...offer, per: 0n } }],
    ['a price that no channel could hold', { payer, signer, offer: { ...offer, price: maximumAmount + 1n } }],
  ] as const) {
    it(`refuses ${title}`, () => {
      expect(() => createChannel(parameters))
        .to.throw()
        .with.property('code', 'invalid-argument')
    })
  }
})
