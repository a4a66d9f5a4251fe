import type { SessionSocket } from './socket.js'

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

/**
 * Reads frames that come whole and alone, as vouchers do, without the stream that `ws` reads through, whose objects are
 * much of what a voucher leaves to the garbage collector. Everything else is left to `ws`, and everything where a later
 * `ws` is made differently.
 *
 * @param socket open
 * @param start how the frames begin that are read here, ASCII
 * @param maxFrame longest of them, bytes
 * @param deliver takes their text, all of it ASCII
 */
export function readDirectly(
  socket: SessionSocket,
  { start, maxFrame }: { readonly start: string; readonly maxFrame: number },
  deliver: (frame: string) => void,
): void {
  const receiver = receiverOf(socket)
  if (receiver === undefined) return
  const first = Buffer.from(start)
  const byStream = receiver.write.bind(receiver)
  receiver.write = (chunk) => {
    const isBetween = receiver._state === 0 && receiver._bufferedBytes === 0 && receiver._fragmented === 0
    const frame =
      isBetween && socket.readyState === socket.OPEN ? wholeFrame(chunk, first, maxFrame) : undefined
    if (frame === undefined) return byStream(chunk)
    deliver(frame)
    return true
  }
}

/** Where a frame is unmasked, one after the other. */
let scratch = Buffer.alloc(1024)

/** The text of a chunk that is one frame and begins as it should. */
function wholeFrame(chunk: Buffer, start: Buffer, maxFrame: number): string | undefined {
  if (chunk.length < headBytes || chunk[0] !== finalText || chunk[1] !== maskedMedium) return undefined
  const length = chunk.readUInt16BE(2)
  if (chunk.length !== headBytes + length || length > maxFrame || length < start.length) return undefined
  if (scratch.length < length) scratch = Buffer.alloc(length)
  let seen = 0
  for (let index = 0; index < length; index += 1) {
    const byte = (chunk[headBytes + index] ?? 0) ^ (chunk[4 + (index & 3)] ?? 0)
    scratch[index] = byte
    seen |= byte
  }
  if (seen > 0x7f || scratch.compare(start, 0, start.length, 0, start.length) !== 0) return undefined
  return scratch.toString('latin1', 0, length)
}

function receiverOf(socket: SessionSocket): Receiver | undefined {
  const receiver: unknown = Reflect.get(socket, '_receiver')
  return isReceiver(receiver) ? receiver : undefined
}

function isReceiver(value: unknown): value is Receiver {
  if (typeof value !== 'object' || value === null || !('write' in value)) return false
  return ['_state', '_bufferedBytes', '_fragmented'].every((key) => Reflect.get(value, key) === 0)
}
