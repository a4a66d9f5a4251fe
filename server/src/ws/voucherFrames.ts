import { maxFrame } from '@sluice/sdk/session'
import type { SessionSocket } from './socket.js'

/** How the frame of a voucher begins, as `encodeMessage` writes it. */
export const voucherStart = '{"v":1,"type":"voucher"'

/** What is used of the part of `ws` that reads frames. It is not part of the interface of `ws`, hence looked for. */
type Receiver = {
  /** 0: waits for a frame. */
  readonly _state: number
  readonly _bufferedBytes: number
  /** The opcode of a message of which only a part has come; 0: none. */
  readonly _fragmented: number
  write: (chunk: Buffer) => boolean
}

/** RFC 6455, 5.2: the last frame of a text; masked, and as long as the two bytes after this say. */
const finalText = 0x81
const maskedMedium = 0xfe
const headBytes = 8

const startBytes = Buffer.from(voucherStart)

/**
 * Reads vouchers whose frames come whole and alone, as most do, without the stream that `ws` reads through, whose objects
 * are much of what a voucher leaves to the garbage collector. Everything else is left to `ws`, and everything where a
 * later `ws` is made differently.
 *
 * @param socket open
 * @param deliver takes the text of such a frame, all of it ASCII
 */
export function readVouchers(socket: SessionSocket, deliver: (frame: string) => void): void {
  const receiver = receiverOf(socket)
  if (receiver === undefined) return
  const byStream = receiver.write.bind(receiver)
  receiver.write = (chunk) => {
    const isBetween = receiver._state === 0 && receiver._bufferedBytes === 0 && receiver._fragmented === 0
    const frame = isBetween && socket.readyState === socket.OPEN ? wholeVoucher(chunk) : undefined
    if (frame === undefined) return byStream(chunk)
    deliver(frame)
    return true
  }
}

/** Where a frame is unmasked, one after the other. */
const unmasked = Buffer.alloc(maxFrame)

/** The text of a chunk that is the frame of one voucher. */
function wholeVoucher(chunk: Buffer): string | undefined {
  if (chunk.length < headBytes || chunk[0] !== finalText || chunk[1] !== maskedMedium) return undefined
  const length = chunk.readUInt16BE(2)
  if (chunk.length !== headBytes + length || length > maxFrame) return undefined
  let seen = 0
  for (let index = 0; index < length; index += 1) {
    const byte = (chunk[headBytes + index] ?? 0) ^ (chunk[4 + (index & 3)] ?? 0)
    unmasked[index] = byte
    seen |= byte
  }
  if (seen > 0x7f || unmasked.compare(startBytes, 0, startBytes.length, 0, startBytes.length) !== 0)
    return undefined
  return unmasked.toString('latin1', 0, length)
}

function receiverOf(socket: SessionSocket): Receiver | undefined {
  const receiver: unknown = Reflect.get(socket, '_receiver')
  return isReceiver(receiver) ? receiver : undefined
}

function isReceiver(value: unknown): value is Receiver {
  if (typeof value !== 'object' || value === null || !('write' in value)) return false
  return ['_state', '_bufferedBytes', '_fragmented'].every((key) => Reflect.get(value, key) === 0)
}
