import { expect } from 'chai'
import { Hono } from 'hono'
import { H264RtpPayload, RTCPeerConnection, useH264, useOPUS, type RtpPacket } from 'werift'
import type { Transport } from '@sluice/sdk/session'
import type { Payee } from '@sluice/server'
import { openStage, type LiveStage } from '@sluice/server/stage'
import { createDataChannelTransport } from '../../../server/dist/stage/dataChannel.js'
import { beginsPicture } from '../../../server/dist/stage/pictures.js'
import { startObs, type Obs } from '../../support/media/obs.ts'
import { createWorld, type Running, type World } from '../payee/world.js'

const streamKey = 'a key for tests only'

describe('a stage that OBS publishes to', function () {
  this.timeout(120_000)
  let world: World
  let stage: LiveStage
  let running: Running
  let obs: Obs
  const connections: RTCPeerConnection[] = []

  before(async () => {
    world = await createWorld()
    running = await world.start(
      { price: { amount: 1_000n, unit: 'second', per: 1n }, window: 3, credit: 1 },
      (payee: Payee) => {
        stage = openStage(payee, { streamKey })
        const app = new Hono()
        app.route('/', stage.routes)
        app.route('/', payee.app)
        return app
      },
    )
    obs = await startObs(`${running.url}/stage/whip`, streamKey)
  })
  after(async () => {
    obs.vanish()
    await Promise.all(connections.map((connection) => connection.close()))
    await stage.close()
    await world.reset()
    await world.end()
  })

  /** A viewer's connection, with all packets it was sent. */
  function createScreen() {
    const pictures: RtpPacket[] = []
    let sounds = 0
    const reach = async (): Promise<Transport> => {
      const connection = new RTCPeerConnection({
        codecs: { video: [useH264()], audio: [useOPUS()] },
        iceServers: [],
        bundlePolicy: 'max-bundle',
      })
      connections.push(connection)
      connection.addTransceiver('video', { direction: 'recvonly' }).onTrack.subscribe((track) => {
        track.onReceiveRtp.subscribe((packet) => pictures.push(packet))
      })
      connection.addTransceiver('audio', { direction: 'recvonly' }).onTrack.subscribe((track) => {
        track.onReceiveRtp.subscribe(() => (sounds += 1))
      })
      const channel = connection.createDataChannel('sluice')
      const opened = new Promise<void>((resolve) => {
        channel.stateChanged.subscribe((state) => {
          if (state === 'open') resolve()
        })
      })
      const transport = createDataChannelTransport(channel, () => void connection.close())
      await connection.setLocalDescription(await connection.createOffer())
      const response = await fetch(`${running.url}/stage/whep`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp' },
        body: connection.localDescription?.sdp ?? '',
      })
      await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
      await opened
      return transport
    }
    return { pictures, sounds: () => sounds, reach }
  }

  it('takes one POST without further candidates, and answers 201 with the place to end it', async () => {
    expect(obs.status).to.equal(201)
    expect(obs.resource).to.match(/\/stage\/whip\/[0-9a-f]{32}$/)
    expect(stage.status()).to.deep.equal({ live: true, viewers: 0 })
  })

  it('shows each viewer a picture that stands by itself at once, although OBS makes none when asked (I15)', async () => {
    // In the middle of a group: the next key picture is up to a second away.
    while (obs.sent() % 25 !== 8) await turn()
    const opened = await world.open(running.payee.offer)
    const screen = createScreen()
    const viewer = world.viewer(opened, running.payee.offer, () => running.ws, { reach: screen.reach })
    viewer.session.media(true, 'viewer')
    viewer.session.start()
    await viewer.until('joined')
    while (screen.pictures.length < 60 || screen.sounds() < 20) {
      viewer.session.delivered(0n)
      await turn()
    }
    const [first] = screen.pictures
    expect(first && beginsPicture('H264', first.payload)).to.equal(true)
    expect(holes(screen.pictures)).to.equal(0)
    // Every piece of a picture that is in several belongs to one that was begun.
    const unit = first && H264RtpPayload.deSerialize(first.payload)
    expect(unit?.nalUnitType).to.not.equal(undefined)

    // Behind a closed gate and open again: nothing is lost, and nothing comes twice.
    viewer.session.media(false, 'viewer')
    await viewer.until('receipt')
    const stoodAt = obs.sent()
    while (obs.sent() < stoodAt + 40) await turn()
    const before = screen.pictures.length
    viewer.session.media(true, 'viewer')
    while (screen.pictures.length < before + 60) await turn()
    const again = screen.pictures[before]
    expect(again && beginsPicture('H264', again.payload)).to.equal(true)
    expect(holes(screen.pictures)).to.equal(0)
    const times = screen.pictures.map(({ header }) => header.timestamp)
    expect(times).to.deep.equal([...times].sort((one, other) => one - other))
    const record = running.payee.hub.sessions()[0]?.channel.record()
    const seconds = new Set(times).size / 25
    expect(Number(record?.units)).to.be.at.least((seconds - 0.1) * 1000)
  })

  it('is ended by DELETE, which is answered with 200', async () => {
    expect(await obs.stop()).to.equal(200)
    expect(stage.status().live).to.equal(false)
  })
})

/** Sequence numbers that did not follow one another. */
function holes(packets: readonly RtpPacket[]): number {
  return packets.filter(({ header }, index) => {
    const before = packets[index - 1]
    return before !== undefined && (before.header.sequenceNumber + 1) % 0x1_0000 !== header.sequenceNumber
  }).length
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}
