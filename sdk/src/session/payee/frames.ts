import type { Hex } from '../../types.js'
import { decodeMessage, maxFrame } from '../codec.js'
import type { Message } from '../messages.js'

/** What a payer says once its connection has joined a channel. */
type JoinedMessage = Extract<Message, { type: 'voucher' | 'tip' | 'media' | 'close' | 'topup' }>

const joinedTypes: ReadonlySet<string> = new Set<JoinedMessage['type']>([
  'voucher',
  'tip',
  'media',
  'close',
  'topup',
])

/**
 * A voucher as `encodeMessage` writes it. 28 digits stay below 2^96; more of them, and any other order or spelling, are
 * left to `decodeMessage`.
 */
const plainVoucher =
  /^\{"v":1,"type":"voucher","channelId":"(0x[0-9a-f]{64})","cumulative":"(0|[1-9]\d{0,27})","signature":"(0x(?:[0-9a-f]{2})*)"\}$/
const shortFrame = 1024

/** Whether a joined payer may say this. */
export function isPayerMessage(message: Message): message is JoinedMessage {
  return joinedTypes.has(message.type)
}

/**
 * `decodeMessage` for a payee, to whom nearly every frame is a voucher.
 *
 * @param frame one text frame
 * @throws SluiceError as `decodeMessage` does
 */
export function readFrame(frame: string): Message {
  const [, channelId, cumulative, signature] =
    frame.length <= shortFrame ? (plainVoucher.exec(frame) ?? []) : []
  if (channelId === undefined || cumulative === undefined || signature === undefined) {
    return decodeMessage(frame, maxFrame)
  }
  return {
    type: 'voucher',
    channelId: channelId as Hex,
    cumulative: BigInt(cumulative),
    signature: signature as Hex,
  }
}
