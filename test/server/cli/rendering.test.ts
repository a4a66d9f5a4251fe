import { expect } from 'chai'
import { describe, it } from 'mocha'
import { jsonAmount, shortHex, showAmount, showDuration } from '../../../server/dist/cli/amounts.js'
import { redact, reportOf, shortUrl } from '../../../server/dist/cli/report.js'
import { layoutPairs, layoutTable } from '../../../server/dist/cli/table.js'
import { createLiveRegion } from '../../../server/dist/cli/watching/liveRegion.js'
import { meterLines, plain, sampleText, type MeterView } from '../../../server/dist/cli/watching/meterView.js'
import { priceText, secondsFor } from '../../../server/dist/cli/watching/offer.js'
import { SluiceError } from '@sluice/sdk'
import type { Offer } from '@sluice/sdk/session'

const usdc = { address: '0x0000000000000000000000000000000000000001', symbol: 'USDC', decimals: 6 } as const
const escape = String.fromCharCode(27)

const offer: Offer = {
  type: 'offer',
  chainId: 31337,
  contract: usdc.address,
  token: usdc.address,
  symbol: 'USDC',
  decimals: 6,
  payee: usdc.address,
  operator: usdc.address,
  price: 2000n,
  unit: 'second',
  per: 1n,
  window: 10n,
  credit: 3n,
  minDelta: 1n,
  suggestedDeposit: 1_000_000n,
  grace: 900,
  confirmations: 1,
  title: 'A feed',
  challenge: '0x',
}

const view: MeterView = {
  title: 'A feed',
  price: '0.12 USDC/min',
  token: usdc,
  state: 'playing',
  reason: undefined,
  seconds: 42,
  meter: {
    spent: 84_000n,
    left: 4_916_000n,
    secondsLeft: 2458,
    prepaid: 20_000n,
    signed: 104_000n,
    acknowledged: 102_000n,
    units: 42_000n,
  },
  vouchers: 43,
  sample: { kind: 'telemetry', load: 0.5, memoryUsed: 3.1e9, memoryTotal: 8e9, temperature: 54.25 },
  tip: '0.12 USDC',
  notice: undefined,
}

describe('amounts of the command line', () => {
  it('writes amounts in whole tokens with the symbol, and base units for machines', () => {
    expect(showAmount(1_250_000n, usdc)).to.equal('1.25 USDC')
    expect(jsonAmount(1n, usdc)).to.deep.equal({ amount: '0.000001', base: '1', symbol: 'USDC' })
  })

  it('writes lengths of time as clocks do', () => {
    expect([0, 59.9, 61, 3600, 7384].map(showDuration)).to.deep.equal([
      '0:00',
      '0:59',
      '1:01',
      '1:00:00',
      '2:03:04',
    ])
  })

  it('shortens ids and leaves short ones alone', () => {
    expect(shortHex(`0x${'ab'.repeat(32)}`)).to.equal('0xababab…abab')
    expect(shortHex('0x1234')).to.equal('0x1234')
  })
})

describe('tables of the command line', () => {
  it('aligns columns, numbers to the right, and leaves no trailing space', () => {
    const text = layoutTable(
      [{ title: 'channel' }, { title: 'spent', align: 'right' }, { title: 'x' }],
      [
        ['0x12', '1.5 USDC', ''],
        ['0x3456', '10 USDC', 'late'],
      ],
    )
    expect(text.split('\n')).to.deep.equal([
      'channel     spent  x',
      '0x12     1.5 USDC',
      '0x3456    10 USDC  late',
    ])
  })

  it('counts no columns for colours', () => {
    const text = layoutTable([{ title: 'a' }, { title: 'b' }], [[`${escape}[31mred${escape}[39m`, 'x']])
    expect(text.split('\n')[1]?.endsWith('  x')).to.equal(true)
    expect(text.split('\n')[0]).to.equal('a    b')
  })

  it('puts the names of pairs into one column', () => {
    expect(
      layoutPairs([
        ['a', '1'],
        ['long', '2'],
      ]),
    ).to.equal('a     1\nlong  2')
  })
})

describe('the meter on the terminal', () => {
  it('shows time, price, spent, left, prepaid, vouchers and what is acknowledged', () => {
    expect(meterLines(view, 200)).to.deep.equal([
      '● playing  0:42  0.12 USDC/min  A feed',
      'spent 0.084  left 4.916 USDC (40:58)  prepaid 0.02',
      'vouchers 43  signed 0.104  acknowledged 0.102',
      'load █████░░░░░  50 %  memory 3.1 of 8.0 GB  54.3 °C',
      't tip 0.12 USDC   p pause   s stop',
    ])
  })

  it('says why nothing flows, and how to go on', () => {
    const [first, , , , last] = meterLines({ ...view, state: 'waiting', reason: 'unpaid' }, 200)
    expect(first).to.contain('waiting (unpaid)')
    expect(last).to.contain('p pause')
    expect(meterLines({ ...view, state: 'paused' }, 200)[4]).to.contain('p play')
  })

  it('shows a notice in place of the keys', () => {
    expect(meterLines({ ...view, notice: '40 seconds left.' }, 200)[4]).to.equal('40 seconds left.')
  })

  it('has the same number of lines from the start, none wider than the terminal', () => {
    const empty = meterLines({ ...view, meter: undefined, sample: undefined }, 20)
    expect(empty).to.have.length(meterLines(view, 20).length)
    for (const line of [...empty, ...meterLines(view, 20)]) expect(line.length).to.be.at.most(20)
  })

  it('takes escape sequences out of what the payee sends', () => {
    const hostile = `${escape}[2Jfree${escape}]0;title${String.fromCharCode(7)}`
    for (const line of meterLines(
      { ...view, title: hostile, sample: { text: hostile }, notice: hostile },
      200,
    )) {
      expect(line).not.to.contain(escape)
    }
    expect(plain(`a\nb`)).to.equal('a b')
  })

  it('shows a feed that is no telemetry as JSON', () => {
    expect(sampleText({ price: 3 })).to.equal('{"price":3}')
  })

  it('draws over its own lines and scrolls others above', () => {
    const written: string[] = []
    const region = createLiveRegion((text) => written.push(text))
    region.update(['one', 'two'])
    region.log('news')
    region.end()
    region.update(['late'])
    expect(written).to.deep.equal([
      `${escape}[?25lone\ntwo\n`,
      `${escape}[2F${escape}[0Jnews\none\ntwo\n`,
      `${escape}[?25h`,
    ])
  })
})

describe('what a viewer reads of an offer', () => {
  it('says prices by time as prices a minute', () => {
    expect(priceText(offer)).to.equal('0.12 USDC/min')
    expect(priceText({ ...offer, unit: 'byte', per: 1_000_000n })).to.equal('0.002 USDC/1000000 bytes')
    expect(priceText({ ...offer, unit: 'request' })).to.equal('0.002 USDC/request')
  })

  it('says how long an amount lasts, and nothing where it cannot', () => {
    expect(secondsFor(offer, 1_000_000n)).to.equal(500)
    expect(secondsFor({ ...offer, price: 0n }, 1n)).to.equal(undefined)
    expect(secondsFor({ ...offer, unit: 'byte' }, 1n)).to.equal(undefined)
  })
})

describe('errors of the command line', () => {
  it('keeps paths, queries and passwords of addresses to itself', () => {
    expect(shortUrl('https://rpc.example/v2/0123456789abcdef0123')).to.equal('https://rpc.example/…')
    expect(shortUrl('https://user:word@rpc.example/?key=1')).to.equal('https://rpc.example/…')
    expect(shortUrl('http://127.0.0.1:8545')).to.equal('http://127.0.0.1:8545')
    expect(redact('no answer from https://rpc.example/v2/0123456789abcdef0123, sorry')).to.equal(
      'no answer from https://rpc.example/…, sorry',
    )
  })

  it('gives advice by code, and details without stack traces', () => {
    const cause = new Error('first line\nsecond line')
    const report = reportOf(
      new SluiceError({ code: 'insufficient-gas', message: 'Too little.', details: '1, 2', cause }),
    )
    expect(report).to.deep.include({ code: 'insufficient-gas', message: 'Too little.', exitCode: 1 })
    expect(report.advice).to.contain('gas')
    expect(report.details).to.deep.equal(['1, 2', 'Error: first line'])
  })

  it('calls what it does not know unexpected', () => {
    const report = reportOf(new TypeError('x is not a function'))
    expect(report.message).not.to.contain('x is not')
    expect(report.details).to.deep.equal(['TypeError: x is not a function'])
  })
})
