import { expect } from 'chai'
import { domainSeparator, pad, toHex } from 'viem'
import { possibleFunding, type FundingFacts } from '../../../sdk/dist/payment/choose.js'
import { matchingDomain } from '../../../sdk/dist/payment/tokenDomain.js'

const token = '0x4444444444444444444444444444444444444444'
const chainId = 137

describe('sdk token domains', () => {
  it('the one whose separator is the token’s own is found, and no other', () => {
    const domain = { name: 'USD Coin', version: '2', chainId, verifyingContract: token } as const
    const separator = domainSeparator({ domain })
    expect(matchingDomain(separator, token, chainId, ['USDC', 'USD Coin'], ['1', '2'])).to.deep.equal(domain)
    expect(matchingDomain(separator, token, 1, ['USD Coin'], ['1', '2'])).to.equal(undefined)
    expect(matchingDomain(separator, token, chainId, ['USDC'], ['1', '2'])).to.equal(undefined)
    expect(matchingDomain(separator, token, chainId, ['USD Coin'], ['1'])).to.equal(undefined)
  })

  it('a bridged token of Polygon has the chain’s id as its salt', () => {
    const salt = pad(toHex(chainId))
    const domain = { name: 'Bridged', version: '1', salt, verifyingContract: token } as const
    const separator = domainSeparator({ domain })
    expect(matchingDomain(separator, token, chainId, ['Bridged'], ['1'])).to.deep.equal(domain)
  })
})

describe('sdk funding choice', () => {
  const everything: FundingFacts = {
    native: false,
    amount: 10n,
    allowance: 10n,
    accountIsPayer: true,
    relay: false,
    batch: true,
    authorization: true,
    permit: true,
    permit2Allowance: 10n,
  }
  const nothing: FundingFacts = {
    ...everything,
    allowance: 9n,
    batch: false,
    authorization: false,
    permit: false,
    permit2Allowance: 9n,
  }

  for (const [title, facts, methods] of [
    ['the native coin has one way', { ...everything, native: true, relay: true }, ['native']],
    [
      'fewest prompts first',
      everything,
      ['allowance', 'batch', 'authorization', 'permit', 'permit2', 'approve'],
    ],
    [
      'a relayer makes signatures the best',
      { ...everything, relay: true },
      ['authorization', 'permit2', 'allowance', 'batch', 'permit', 'approve'],
    ],
    [
      'a stranger’s signature moves nothing out of the payer’s pocket',
      { ...everything, accountIsPayer: false, relay: true },
      ['allowance', 'batch', 'permit', 'approve'],
    ],
    ['an approval always works', nothing, ['approve']],
    ['an allowance one below the amount does not', { ...nothing, permit: true }, ['permit', 'approve']],
  ] as const) {
    it(title, () => {
      expect(possibleFunding(facts)).to.deep.equal(methods)
    })
  }
})
