import { expect } from 'chai'
import fc from 'fast-check'
import { SluiceError } from '@sluice/sdk'
import {
  costOf,
  formatAmount,
  meteringUnits,
  parseAmount,
  parsePrice,
  termsOf,
  unitsFor,
  type Price,
} from '@sluice/sdk/session'
import { offer } from './world.js'

const runs = process.env['SLUICE_DEEP'] === '1' ? 100_000 : 2_000

const prices: fc.Arbitrary<Price> = fc.record({
  amount: fc.bigInt({ min: 0n, max: 10n ** 21n }),
  unit: fc.constantFrom('second' as const, 'byte' as const, 'request' as const),
  per: fc.bigInt({ min: 1n, max: 10n ** 9n }),
})
const unitCounts = fc.bigInt({ min: 0n, max: 10n ** 12n })

function refusal(work: () => unknown): SluiceError {
  try {
    work()
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('prices', () => {
  it('never fall as units grow', () => {
    fc.assert(
      fc.property(prices, unitCounts, unitCounts, (price, units, more) => {
        expect(costOf(price, units + more) >= costOf(price, units)).to.equal(true)
      }),
      { numRuns: runs },
    )
  })

  it('of many small deliveries add up to the price of one large one, to the base unit', () => {
    const deliveries = fc.array(fc.bigInt({ min: 0n, max: 3_000n }), { maxLength: 200 })
    fc.assert(
      fc.property(prices, deliveries, (price, pieces) => {
        let units = 0n
        let charged = 0n
        for (const piece of pieces) {
          charged += costOf(price, units + piece) - costOf(price, units)
          units += piece
        }
        expect(charged).to.equal(costOf(price, units))
      }),
      { numRuns: Math.min(runs, 5_000) },
    )
  })

  it('do not drift over a day of tenths of a second at an awkward price', () => {
    const price: Price = { amount: 1_000_003n, unit: 'second', per: 7n }
    let units = 0n
    let charged = 0n
    for (let piece = 0; piece < 864_000; piece += 1) {
      charged += costOf(price, units + 100n) - costOf(price, units)
      units += 100n
    }
    expect(charged).to.equal((86_400n * 1_000_003n) / 7n)
  })

  it('charge at most what was delivered is worth, less than one base unit below it', () => {
    fc.assert(
      fc.property(prices, unitCounts, (price, units) => {
        const scale = price.per * meteringUnits(price.unit)
        const cost = costOf(price, units)
        expect(cost * scale <= units * price.amount).to.equal(true)
        expect((cost + 1n) * scale > units * price.amount).to.equal(true)
      }),
      { numRuns: runs },
    )
  })

  it('tell how much an amount buys: affordable, and one unit more is not', () => {
    fc.assert(
      fc.property(prices, fc.bigInt({ min: 0n, max: 10n ** 24n }), (price, amount) => {
        const units = unitsFor(price, amount)
        expect(units === undefined).to.equal(price.amount === 0n)
        if (units === undefined) return
        expect(costOf(price, units) <= amount).to.equal(true)
        const scale = price.per * meteringUnits(price.unit)
        expect((units + 1n) * price.amount > amount * scale).to.equal(true)
      }),
      { numRuns: runs },
    )
  })

  it('count in milliseconds, bytes and requests', () => {
    expect(meteringUnits('second')).to.equal(1000n)
    expect(meteringUnits('byte')).to.equal(1n)
    expect(meteringUnits('request')).to.equal(1n)
    expect(costOf({ amount: 2000n, unit: 'second', per: 1n }, 1n)).to.equal(2n)
    expect(costOf({ amount: 1n, unit: 'second', per: 1n }, 999n)).to.equal(0n)
  })

  it('are read as people write them', () => {
    const read = (text: string) => parsePrice(text, 6)
    expect(read('0.002/s')).to.deep.equal({ amount: 2000n, unit: 'second', per: 1n })
    expect(read(' 1.20/H ')).to.deep.equal({ amount: 1_200_000n, unit: 'second', per: 3600n })
    expect(read('3/min')).to.deep.equal({ amount: 3_000_000n, unit: 'second', per: 60n })
    expect(read('0.05/mb')).to.deep.equal({ amount: 50_000n, unit: 'byte', per: 1_000_000n })
    expect(read('1/gb').per).to.equal(1_000_000_000n)
    expect(read('1/kb').per).to.equal(1000n)
    expect(read('0.000001/byte')).to.deep.equal({ amount: 1n, unit: 'byte', per: 1n })
    expect(read('0.001/request')).to.deep.equal({ amount: 1000n, unit: 'request', per: 1n })
    expect(read('1/10 s')).to.deep.equal({ amount: 1_000_000n, unit: 'second', per: 10n })
    expect(read('0/s').amount).to.equal(0n)
  })

  it('that are none are refused, with the text in the message', () => {
    for (const text of [
      '',
      '/s',
      '1',
      '1/',
      '1/sec',
      '-1/s',
      '1./s',
      '.5/s',
      '1,5/s',
      '1e3/s',
      '0x1/s',
      '1//s',
      '1/s/s',
    ]) {
      const error = refusal(() => parsePrice(text, 6))
      expect(error.code, text).to.equal('invalid-argument')
      expect(error.message).to.contain(`"${text}"`)
    }
    expect(refusal(() => parsePrice('0.0000001/s', 6)).details).to.contain('at most 6 digits')
  })

  it('of nothing are refused: a price for zero units divides by zero', () => {
    expect(refusal(() => parsePrice('1/0s', 6)).code).to.equal('invalid-argument')
  })

  it('turn the windows of an offer into amounts', () => {
    const terms = termsOf(offer)
    expect(terms.windowAmount).to.equal(20_000n)
    expect(terms.creditAmount).to.equal(6_000n)
    expect(terms.minDelta).to.equal(1_000n)
    const perMegabyte = termsOf({
      ...offer,
      unit: 'byte',
      price: 50_000n,
      per: 1_000_000n,
      window: 3_000_000n,
      credit: 10n,
    })
    expect(perMegabyte.windowAmount).to.equal(150_000n)
    expect(perMegabyte.creditAmount).to.equal(0n)
  })
})

describe('amounts', () => {
  const decimals = fc.integer({ min: 0, max: 30 })

  it('go from base units to text and back unchanged', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 96n) - 1n }), decimals, (amount, digits) => {
        const text = formatAmount(amount, digits)
        expect(parseAmount(text, digits)).to.equal(amount)
        expect(text).to.match(/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/)
      }),
      { numRuns: runs },
    )
  })

  it('are written without trailing zeros, with a sign when negative', () => {
    expect(formatAmount(2000n, 6)).to.equal('0.002')
    expect(formatAmount(0n, 6)).to.equal('0')
    expect(formatAmount(5_000_000n, 6)).to.equal('5')
    expect(formatAmount(-1n, 6)).to.equal('-0.000001')
    expect(formatAmount(12n, 0)).to.equal('12')
  })

  it('are read with or without a fraction, zeros at its end ignored', () => {
    expect(parseAmount('5.00', 6)).to.equal(5_000_000n)
    expect(parseAmount(' 5. ', 6)).to.equal(5_000_000n)
    expect(parseAmount('007', 0)).to.equal(7n)
    expect(parseAmount('1.0000000000', 2)).to.equal(100n)
  })

  it('that are none, or finer than the token, are refused', () => {
    for (const text of ['', '.', '.5', '-1', '+1', '1e3', '0x1', '1,5', '1 000', 'NaN', 'Infinity', '١']) {
      const error = refusal(() => parseAmount(text, 6))
      expect(error.code, text).to.equal('invalid-argument')
      expect(error.message).to.contain(`"${text}"`)
    }
    expect(refusal(() => parseAmount('0.0000001', 6)).details).to.contain('at most 6 digits')
    expect(refusal(() => parseAmount('0.1', 0)).details).to.contain('at most 0 digits')
  })
})
