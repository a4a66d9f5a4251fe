import { expect } from 'chai'
import fc from 'fast-check'
import { decodeMessage, encodeMessage, maxFrame } from '@sluice/sdk/session'
import { readFrame } from '../../../sdk/dist/session/payee/frames.js'
import { anyMessageOf, messageTypes } from './frames.js'

const runs = process.env['SLUICE_DEEP'] === '1' ? 20_000 : 500

/** What a reader makes of a frame: the message, or the refusal's text. */
function outcome(read: (frame: string) => unknown, frame: string): unknown {
  try {
    return read(frame)
  } catch (error) {
    return String(error)
  }
}

function expectSame(frame: string): void {
  const general = outcome((text) => decodeMessage(text, maxFrame), frame)
  expect(outcome(readFrame, frame), frame).to.deep.equal(general)
}

describe("the payee's reading of frames", () => {
  it('is that of the codec for every message', () => {
    for (const type of messageTypes) {
      fc.assert(
        fc.property(anyMessageOf(type), (message) => {
          expectSame(encodeMessage(message))
        }),
        { numRuns: 50 },
      )
    }
  })

  it('is that of the codec for a voucher with any character replaced, removed or repeated', () => {
    const character = fc.constantFrom(...'0123456789abcdefABCDEFx"{}:,\\ \n-+.eé'.split(''), '')
    fc.assert(
      fc.property(anyMessageOf('voucher'), fc.nat(), character, fc.nat(2), (message, at, put, taken) => {
        const frame = encodeMessage(message)
        const index = at % frame.length
        expectSame(frame.slice(0, index) + put + frame.slice(index + taken))
      }),
      { numRuns: runs },
    )
  })

  for (const cumulative of [0n, 10n ** 27n, 10n ** 28n - 1n, 10n ** 28n, 2n ** 96n - 1n, 2n ** 96n]) {
    it(`is that of the codec for a cumulative amount of ${cumulative}`, () => {
      const [message] = fc.sample(anyMessageOf('voucher'), 1)
      if (message?.type !== 'voucher') throw new Error('no sample')
      expectSame(encodeMessage({ ...message, cumulative }))
    })
  }
})
