import { connect } from 'node:net'
import { decodeMessage, encodeMessage } from '../../sdk/dist/session/index.js'

const text = 0x1
const ping = 0x9
const ackStart = Buffer.from('{"v":1,"type":"ack","accepted":"')
const quote = 0x22

/**
 * A frame a client sends (RFC 6455): final, text, masked with zeros, so that it can be built beforehand at the price of
 * a copy. The generator has to be much cheaper than what it loads.
 */
export function clientFrame(payload, opcode = text) {
  const length = Buffer.byteLength(payload)
  const extended = length > 125
  const frame = Buffer.alloc((extended ? 8 : 6) + length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (extended ? 126 : length)
  if (extended) frame.writeUInt16BE(length, 2)
  frame.write(payload, extended ? 8 : 6)
  return frame
}

/**
 * One payer's WebSocket, open and joined to its channel.
 *
 * @param {number} port
 * @param {{ channel: object, channelId: string, signer: object }} payer
 * @param {{ onAck: (accepted: number) => void, onProblem: (text: string) => void }} listener
 * @returns {Promise<import('node:net').Socket>}
 */
export function openSession(port, { channel, channelId, signer }, { onAck, onProblem }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let rest = Buffer.alloc(0)
    let upgraded = false

    const message = (payload) => {
      if (payload.length > ackStart.length && payload.compare(ackStart, 0, 32, 0, 32) === 0) {
        onAck(decimal(payload, 32))
        return
      }
      const frame = payload.toString('latin1')
      if (frame.startsWith('{"v":1,"type":"offer"')) {
        const signature = signer.signSession(channelId, decodeMessage(frame).challenge)
        socket.write(clientFrame(encodeMessage({ type: 'open', channel, signature })))
      } else if (frame.startsWith('{"v":1,"type":"snapshot"')) resolve(socket)
      else if (frame.startsWith('{"v":1,"type":"error"')) onProblem(frame)
    }

    socket.on('data', (chunk) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (!upgraded) {
        const end = data.indexOf('\r\n\r\n')
        if (end < 0) return void (rest = data)
        if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
          return reject(new Error(data.toString('latin1')))
        }
        upgraded = true
        data = data.subarray(end + 4)
      }
      let at = 0
      while (data.length - at >= 2) {
        const short = data[at + 1] & 0x7f
        const header = short === 126 ? 4 : 2
        if (data.length - at < header) break
        const length = short === 126 ? data.readUInt16BE(at + 2) : short
        if (data.length - at < header + length) break
        const payload = data.subarray(at + header, at + header + length)
        const opcode = data[at] & 0x0f
        if (opcode === text) message(payload)
        else if (opcode === ping) socket.write(clientFrame('', 0xa))
        at += header + length
      }
      rest = at === data.length ? Buffer.alloc(0) : data.subarray(at)
    })
    socket.on('error', reject)
    socket.on('close', () => {
      onProblem('closed')
      reject(new Error('the connection was closed'))
    })
    socket.write(
      'GET /sluice HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
  })
}

function decimal(bytes, at) {
  let value = 0
  for (let index = at; bytes[index] !== quote; index += 1) value = value * 10 + bytes[index] - 48
  return value
}
