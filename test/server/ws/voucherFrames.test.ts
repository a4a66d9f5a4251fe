import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { WebSocketServer } from 'ws'
import { maxFrame } from '@sluice/sdk/session'
import { SessionSocket } from '../../../server/dist/ws/socket.js'
import { createWsTransport } from '../../../server/dist/ws/transport.js'
import { systemClock } from '../../../server/dist/edge/system.js'

const runs = process.env['SLUICE_DEEP'] === '1' ? 1_000 : 60

/** RFC 6455 opcodes. */
const continuation = 0x0
const text = 0x1
const close = 0x8
const ping = 0x9

function frameOf(payload: string | Buffer, opcode = text, final = true): Buffer {
  const bytes = Buffer.from(payload)
  const head =
    bytes.length <= 125
      ? Buffer.from([(final ? 0x80 : 0) | opcode, 0x80 | bytes.length])
      : Buffer.from([(final ? 0x80 : 0) | opcode, 0xfe, bytes.length >> 8, bytes.length & 0xff])
  const mask = randomBytes(4)
  const masked = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([head, mask, masked])
}

function voucherOf(rest: string): string {
  return `{"v":1,"type":"voucher","channelId":"0x${'ab'.repeat(32)}","cumulative":"1","more":"${'x'.repeat(40)}${rest}"}`
}

describe('vouchers that are read past the stream of ws', () => {
  let server: Server
  const wss = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxFrame,
    WebSocket: SessionSocket,
  })
  const ends: (() => void)[] = []

  before(async () => {
    server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => {
    for (const end of ends.splice(0)) end()
  })
  after(() => {
    wss.close()
    server.close()
  })

  /** A connection whose client writes bytes as it likes, and what the server makes of them. */
  async function joined() {
    const frames: string[] = []
    let heard = 0
    let byStream = 0
    const taken = new Promise<SessionSocket>((resolve) => {
      server.once('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
        wss.handleUpgrade(request, connection, head, (socket) => {
          socket.on('message', () => (byStream += 1))
          const transport = createWsTransport({
            socket,
            connection,
            clock: systemClock,
            endBytes: 1 << 20,
            observer: {
              onAcknowledged: () => undefined,
              onRefused: () => undefined,
              onEnded: () => undefined,
            },
            onHeard: () => (heard += 1),
          })
          transport.onFrame((frame) => frames.push(frame))
          resolve(socket)
        })
      })
    })
    const client: Socket = connect({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      noDelay: true,
    })
    client.on('error', () => undefined)
    const answers: Buffer[] = []
    client.on('data', (chunk) => answers.push(chunk))
    client.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    const socket = await taken
    ends.push(() => {
      client.destroy()
      socket.terminate()
    })
    /** Writes so that each chunk is read by itself. */
    const write = async (chunks: readonly Buffer[]): Promise<void> => {
      for (const chunk of chunks) {
        client.write(chunk)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    const until = async (count: number): Promise<void> => {
      for (let tries = 0; frames.length < count && tries < 2_000; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    return {
      socket,
      frames,
      answers,
      write,
      until,
      client,
      counts: () => ({ heard, byStream }),
    }
  }

  it('come whole and alone: ws does not see them', async () => {
    const { frames, write, until, counts } = await joined()
    const sent = ['a', 'b', 'c'].map(voucherOf)
    for (const [index, each] of sent.entries()) {
      await write([frameOf(each)])
      await until(index + 1)
    }
    expect(frames).to.deep.equal(sent)
    expect(counts()).to.deep.equal({ heard: 3, byStream: 0 })
  })

  it('keep their order among all others, however the bytes are cut', async () => {
    const voucher = fc.string({ unit: 'grapheme-ascii', maxLength: 300 }).map((rest) => voucherOf(rest))
    const other = fc.constantFrom('{"v":1,"type":"close"}', '{}', `{"long":"${'y'.repeat(500)}"}`, 'für 🎉')
    const foreign = fc.constantFrom(voucherOf('é'), voucherOf('🎉'))
    const message = fc.oneof(
      { weight: 4, arbitrary: voucher.map((payload) => ({ payload, pieces: [frameOf(payload)] })) },
      { weight: 2, arbitrary: other.map((payload) => ({ payload, pieces: [frameOf(payload)] })) },
      { weight: 1, arbitrary: foreign.map((payload) => ({ payload, pieces: [frameOf(payload)] })) },
      { weight: 1, arbitrary: fc.constant({ payload: undefined, pieces: [frameOf('beat', ping)] }) },
      {
        weight: 2,
        // A message in parts, and a sign of life between them.
        arbitrary: voucher.map((payload) => ({
          payload,
          pieces: [
            frameOf(payload.slice(0, 200), text, false),
            frameOf('beat', ping),
            frameOf(payload.slice(200), continuation),
          ],
        })),
      },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 12 }),
        async (messages, cuts) => {
          const { frames, write, until, client } = await joined()
          const pieces = messages.flatMap((each) => each.pieces)
          let rest = Buffer.concat(pieces)
          const chunks: Buffer[] = []
          for (const cut of cuts) {
            chunks.push(rest.subarray(0, cut))
            rest = rest.subarray(cut)
          }
          await write(cuts.length === 0 ? pieces : [...chunks, rest].filter(({ length }) => length > 0))
          const expected = messages.flatMap(({ payload }) => (payload === undefined ? [] : [payload]))
          await until(expected.length)
          expect(frames).to.deep.equal(expected)
          client.destroy()
        },
      ),
      { numRuns: runs },
    )
  }).timeout(120_000)

  const malformed = 'malformed-message'
  const broken: readonly [string, Buffer, string][] = [
    [
      'that are not UTF-8',
      frameOf(Buffer.concat([Buffer.from(voucherOf('')), Buffer.from([0xff])])),
      malformed,
    ],
    ['that are too long', frameOf(voucherOf('z'.repeat(maxFrame))), 'message-too-large'],
    [
      'of bits nobody agreed on',
      Buffer.concat([Buffer.from([0xc1]), frameOf(voucherOf('')).subarray(1)]),
      malformed,
    ],
    ['that are not masked', Buffer.from([0x81, 0x7e, 0x01, 0x00, ...Buffer.alloc(256, 0x20)]), malformed],
  ]
  for (const [what, bytes, code] of broken) {
    it(`are none ${what}: ws refuses them`, async () => {
      const { socket, frames, write } = await joined()
      const refused = once(socket, 'refused')
      await write([bytes])
      expect(await refused).to.deep.equal([code])
      expect(socket.readyState).not.to.equal(SessionSocket.OPEN)
      await write([frameOf(voucherOf('after'))])
      expect(frames).to.deep.equal([])
    })
  }

  it('are none after the client said goodbye, and none are heads without a rest', async () => {
    const { socket, frames, write, until, client } = await joined()
    await write([Buffer.from([0x81, 0xfe]), frameOf(voucherOf('a')).subarray(2)])
    await until(1)
    expect(frames).to.deep.equal([voucherOf('a')])
    const closed = once(socket, 'close')
    await write([frameOf(Buffer.from([0x03, 0xe8]), close)])
    await write([frameOf(voucherOf('late'))])
    client.end()
    await closed
    expect(frames).to.deep.equal([voucherOf('a')])
  })
})
