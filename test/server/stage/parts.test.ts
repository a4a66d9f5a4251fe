import { expect } from 'chai'
import { RtpHeader, RtpPacket } from 'werift'
import { timing, type Transport } from '@sluice/sdk/session'
import { watchSilence } from '../../../server/dist/stage/heartbeat.js'
import { createMediaMeter } from '../../../server/dist/stage/meter.js'
import { createPictureCache } from '../../../server/dist/stage/pictures.js'
import { createVirtualClock } from '../../support/virtualClock.ts'
import { frame } from './peers.js'

/** One packet of a picture, from the bytes that tell what it is. */
function packet(timestamp: number, ...payload: number[]): RtpPacket {
  const header = new RtpHeader({ sequenceNumber: 1, timestamp, payloadType: 96 })
  return new RtpPacket(header, Buffer.from([...payload, 0, 0, 0, 0]))
}

/** Types of H.264 units (RFC 6184): what begins a picture that stands by itself, and what does not. */
const [parameters, pictureParameters, wholePicture, laterPicture] = [0x67, 0x68, 0x65, 0x41]
/** A piece of a picture that stands by itself: the first, and one after it. */
const firstPiece = [0x7c, 0x85]
const nextPiece = [0x7c, 0x05]

describe('the last group of pictures', () => {
  it('begins with parameter sets, a whole picture or the first piece of one in H264', () => {
    const cache = createPictureCache('H264')
    const begins = [
      packet(1, laterPicture),
      packet(2, parameters),
      packet(2, pictureParameters),
      packet(2, ...firstPiece),
      packet(2, ...nextPiece),
      packet(3, laterPicture),
    ].map(cache.add)
    expect(begins).to.deep.equal([false, true, false, false, false, false])
    expect(cache.packets().length).to.equal(5)
    expect(cache.add(packet(4, ...firstPiece))).to.equal(true)
    expect(cache.add(packet(5, wholePicture))).to.equal(true)
    expect(cache.packets().length).to.equal(1)
  })

  it('begins with a key frame in VP8, and is given up when it grows too long to be sent at once', () => {
    const cache = createPictureCache('VP8')
    expect(cache.add(frame(1, 1, false))).to.equal(false)
    expect(cache.packets().length).to.equal(0)
    expect(cache.add(frame(2, 2, true))).to.equal(true)
    for (let number = 3; number < 602; number += 1) cache.add(frame(number, number, false))
    expect(cache.packets().length).to.equal(600)
    cache.add(frame(602, 602, false))
    expect(cache.packets().length).to.equal(0)
    cache.add(frame(603, 603, true))
    expect(cache.packets().length).to.equal(1)
  })
})

describe('a session on a data channel', () => {
  it('is ended when nothing was heard for longer than a payer is ever silent', async () => {
    const clock = createVirtualClock()
    const ended: string[] = []
    let hear: (frame: string) => void = () => undefined
    let hangUp: (reason: string) => void = () => undefined
    const transport: Transport = {
      send: () => undefined,
      bufferedBytes: () => 0,
      onFrame: (listener) => (hear = listener),
      onClose: (listener) => (hangUp = listener),
      close: (reason) => {
        ended.push(reason)
        hangUp(reason)
      },
    }
    const watched = watchSilence(transport, clock)
    const frames: string[] = []
    watched.onFrame((each) => frames.push(each))
    watched.onClose(() => undefined)
    await clock.advance(timing.silenceMs - 1)
    hear('ping')
    await clock.advance(timing.silenceMs - 1)
    expect([frames, ended]).to.deep.equal([['ping'], []])
    await clock.advance(1)
    expect(ended).to.deep.equal(['silent'])
  })
})

describe('a meter of media', () => {
  it('lets nothing out that was not bought, and buys what is wanted at once in one purchase (I15)', async () => {
    const bought: bigint[] = []
    const clock = createVirtualClock()
    const meter = createMediaMeter({
      deliver: async (milliseconds) => {
        bought.push(milliseconds)
        return true
      },
      schedule: clock.schedule,
      onFault: () => undefined,
    })
    expect(meter.take(20)).to.equal(false)
    await settled()
    expect(meter.take(20)).to.equal(true)
    expect(meter.afford(1_500)).to.equal(false)
    await settled()
    expect(meter.afford(1_500)).to.equal(true)
    expect(meter.take(1_500)).to.equal(true)
    const sum = bought.reduce((total, each) => total + each, 0n)
    expect(sum >= 1_520n && sum <= 1_520n + 1_000n).to.equal(true)
    meter.stop()
    expect(meter.take(1)).to.equal(false)
  })
})

/** Once promises that are fulfilled have told so. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
