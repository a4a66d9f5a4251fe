import { expect } from 'chai'
import fc from 'fast-check'
import { SluiceError } from '@sluice/sdk'
import { decodeMessage, encodeMessage, maxDataFrame, maxFrame, type Message } from '@sluice/sdk/session'
import { encodeGeneral } from '../../../sdk/dist/session/codec.js'
import { anyMessageOf, fieldsOf, layouts, messageTypes, optionalFields, wrong } from './frames.js'

const runs = process.env['SLUICE_DEEP'] === '1' ? 20_000 : 300
const sample = (type: Message['type']): Message => {
  const [message] = fc.sample(anyMessageOf(type), { numRuns: 1, seed: 7 })
  if (message === undefined) throw new Error('no sample')
  return message
}

function refusal(frame: string, maximum?: number): SluiceError {
  try {
    decodeMessage(frame, maximum)
  } catch (error) {
    if (error instanceof SluiceError) return error
    throw error
  }
  throw new Error(`accepted ${frame.slice(0, 200)}`)
}

/** The frame of a valid message with one field replaced; `undefined` removes it. */
function withField(type: Message['type'], path: string, value: unknown): string {
  const envelope = JSON.parse(encodeGeneral(sample(type))) as Record<string, unknown>
  const names = path.split('.')
  const last = names.pop() ?? ''
  let holder = envelope
  for (const name of names) holder = holder[name] as Record<string, unknown>
  holder[last] = value
  return JSON.stringify(envelope)
}

describe('frames', () => {
  for (const type of messageTypes) {
    it(`carry every ${type} there and back`, () => {
      fc.assert(
        fc.property(anyMessageOf(type), (message) => {
          expect(decodeMessage(encodeMessage(message), maxDataFrame)).to.deep.equal(message)
        }),
        { numRuns: runs },
      )
    })

    it(`of ${type}: the quick encoder writes what the general one does, in lower case`, () => {
      const upper = (_: string, value: unknown): unknown =>
        typeof value === 'string' && /^0x[0-9a-f]+$/.test(value) ? `0x${value.slice(2).toUpperCase()}` : value
      fc.assert(
        fc.property(anyMessageOf(type), (message) => {
          expect(encodeMessage(message)).to.equal(encodeGeneral(message))
          if (type === 'data') return
          const shouted = revive(JSON.stringify(message, (key, value) => upper(key, mark(value))))
          expect(encodeMessage(shouted)).to.equal(encodeGeneral(message))
        }),
        { numRuns: Math.min(runs, 2000) },
      )
    })

    it(`of ${type} are refused when a field is of the wrong kind, and the refusal names its path`, () => {
      const fields = [...fieldsOf(layouts[type]), ...fieldsOf(optionalFields[type] ?? {})]
      for (const [path, kind] of fields) {
        for (const value of wrong[kind]) {
          const error = refusal(withField(type, path, value), maxDataFrame)
          expect(error.code, `${path} = ${JSON.stringify(value)}`).to.equal('malformed-message')
          expect(error.details).to.match(new RegExp(`^${path.replace('.', '[.]')}: expected .+, got `))
          expect(error.details?.length).to.be.below(5000)
        }
      }
    })

    it(`of ${type} are refused when a field is missing`, () => {
      for (const [path] of fieldsOf(layouts[type])) {
        const error = refusal(withField(type, path, undefined))
        expect(error.code).to.equal('malformed-message')
        expect(error.details).to.match(new RegExp(`^${path.replace('.', '[.]')}: expected .+, got undefined`))
      }
    })

    it(`of ${type} may hold fields that are not known, which are ignored`, () => {
      const message = sample(type)
      const envelope = JSON.parse(encodeMessage(message)) as object
      const later = JSON.stringify({ ...envelope, later: { nested: [1, 2] }, V: 2, constructor: 'x' })
      expect(decodeMessage(later, maxDataFrame)).to.deep.equal(message)
    })
  }

  it('name a missing object, not only its fields', () => {
    expect(refusal(withField('open', 'channel', undefined)).details).to.equal(
      'channel: expected an object, got undefined',
    )
    expect(refusal(withField('snapshot', 'highest', 'x')).details).to.equal(
      'highest: expected an object, got "x"',
    )
    expect(refusal(withField('open', 'channel', [])).details).to.match(/^channel[.]payer: /)
  })

  it('of another version are refused as such', () => {
    for (const version of [0, 2, '1', null, undefined, true, [1]]) {
      const frame = JSON.stringify({ v: version, type: 'close' })
      const error = refusal(frame)
      expect(error.code).to.equal('unsupported-version')
      expect(error.details).to.contain('expected 1')
    }
  })

  it('of an unknown type are refused, those that every object has included', () => {
    const types = [
      '',
      'Close',
      'hello',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      5,
      null,
      [],
      {},
    ]
    for (const type of types) {
      const error = refusal(JSON.stringify({ v: 1, type }))
      expect(error.code).to.equal('malformed-message')
      expect(error.details).to.match(/^type: expected offer \| open \| /)
    }
    expect(refusal('{"v":1}').details).to.match(/^type: .*got undefined$/)
  })

  it('that are no JSON object are refused', () => {
    for (const frame of [
      '',
      ' ',
      'null',
      'true',
      '1',
      '"x"',
      '[]',
      '[{"v":1,"type":"close"}]',
      '{',
      '{"v":1,',
      '\u0000',
    ]) {
      const error = refusal(frame)
      expect(error.code).to.equal('malformed-message')
      expect(error.details).to.match(/^frame: expected /)
    }
  })

  it('cannot reach an object through __proto__', () => {
    const inherited = '{"v":1,"__proto__":{"type":"close"}}'
    expect(refusal(inherited).details).to.match(/^type: /)
    const close = decodeMessage('{"v":1,"type":"close","__proto__":{"polluted":true}}')
    expect(close).to.deep.equal({ type: 'close' })
    expect(Object.getPrototypeOf(close)).to.equal(Object.prototype)
    const terms =
      '{"v":1,"type":"resume","signature":"0x","__proto__":{"channelId":"0x' + '11'.repeat(32) + '"}}'
    expect(refusal(terms).details).to.match(/^channelId: /)
    expect(Object.hasOwn(Object.prototype, 'polluted')).to.equal(false)
  })

  it('of one megabyte are refused before they are read', () => {
    const huge = `{"v":1,"type":"close","padding":"${'x'.repeat(1_048_576)}"}`
    const error = refusal(huge)
    expect(error.code).to.equal('message-too-large')
    expect(error.details).to.equal(`frame of ${huge.length} characters, at most ${maxFrame} accepted`)
    expect(refusal(huge, maxDataFrame).code).to.equal('message-too-large')
    const widest = `{"v":1,"type":"close","padding":"${'x'.repeat(maxFrame - 35)}"}`
    expect(widest).to.have.length(maxFrame)
    expect(decodeMessage(widest)).to.deep.equal({ type: 'close' })
    expect(refusal(`${widest} `).code).to.equal('message-too-large')
  })

  it('nested a thousand deep are refused or ignored, never fatal', () => {
    const deep = `{"v":1,"type":"close","x":${'['.repeat(8000)}${']'.repeat(8000)}}`
    expect(decodeMessage(deep)).to.deep.equal({ type: 'close' })
    expect(
      refusal(`{"v":1,"type":"tip","id":${'['.repeat(4000)}${']'.repeat(4000)},"amount":"1","message":""}`)
        .code,
    ).to.equal('malformed-message')
  })

  it('of any text at all are read or refused with a SluiceError, nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        refusal(text)
      }),
      { numRuns: runs },
    )
  })
})

const amountMark = 'amount:'
const mark = (value: unknown): unknown => (typeof value === 'bigint' ? `${amountMark}${value}` : value)

function revive(text: string): Message {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^amount:\d+$/.test(value) ? BigInt(value.slice(amountMark.length)) : value,
  ) as Message
}
