import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { RoomServiceClient } from 'livekit-server-sdk'
import { connectWebSocket } from '@sluice/sdk/session'
import { createLiveKitSfu, openSfuStage, type SfuStage } from '@sluice/server/stage'
import { createWorld, type Running, type World } from '../payee/world.js'

type Asked = { readonly method: string; readonly body: Readonly<Record<string, unknown>> }

/** What a room with a publisher and this viewer would answer. */
const participants = [
  {
    identity: 'alice',
    tracks: [
      { sid: 'TR_sound', type: 'AUDIO' },
      { sid: 'TR_picture', type: 'VIDEO' },
    ],
  },
]

describe('a stage on a LiveKit server', function () {
  this.timeout(120_000)
  const asked: Asked[] = []
  const listeners = new Set<() => void>()
  let server: Server
  let rooms: RoomServiceClient
  let world: World
  let running: Running
  let stage: SfuStage

  before(async () => {
    server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const method = request.url?.split('/').at(-1) ?? ''
        const isAllowed = /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(request.headers.authorization ?? '')
        asked.push({ method, body: JSON.parse(Buffer.concat(pieces).toString()) as Asked['body'] })
        response.writeHead(isAllowed ? 200 : 401, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(method === 'ListParticipants' ? { participants } : {}))
        for (const listener of listeners) listener()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    rooms = new RoomServiceClient(url, 'a key for tests', 'a secret for tests, long enough for a signature')
    world = await createWorld()
    running = await world.start({
      price: { amount: 1_000n, unit: 'second', per: 1n },
      window: 2,
      credit: 1,
    })
    stage = openSfuStage(running.payee, { sfu: createLiveKitSfu(rooms, 'alice') })
  })
  beforeEach(() => asked.splice(0))
  after(async () => {
    await stage.close()
    await world.reset()
    await world.end()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  /** Resolves once the server was asked for something that matches. */
  function until(matches: (each: Asked) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!asked.some(matches)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  }

  const isUpdate = ({ method, body }: Asked, canSubscribe: boolean): boolean =>
    method === 'UpdateParticipant' &&
    ((body['permission'] as { canSubscribe?: boolean }).canSubscribe ?? false) === canSubscribe

  it('is told to share everything, sound alone, or nothing, and to let go', async () => {
    const sfu = createLiveKitSfu(rooms, 'alice')
    await sfu.share('viewer', 'everything')
    await sfu.share('viewer', 'sound')
    await sfu.share('viewer', 'nothing')
    await sfu.remove('viewer')
    const who = { room: 'alice', identity: 'viewer' }
    expect(asked.map(({ method }) => method)).to.deep.equal([
      ...['UpdateParticipant', 'ListParticipants', 'UpdateSubscriptions'],
      ...['UpdateParticipant', 'ListParticipants', 'UpdateSubscriptions'],
      'UpdateParticipant',
      'RemoveParticipant',
    ])
    expect(asked[0]?.body).to.deep.include({ ...who, permission: { canSubscribe: true } })
    expect(asked[2]?.body).to.deep.include({ ...who, trackSids: ['TR_picture'], subscribe: true })
    expect(asked[5]?.body).to.deep.include({ ...who, trackSids: ['TR_picture'] })
    expect(asked[5]?.body['subscribe'] ?? false).to.equal(false)
    // What is not said is not allowed.
    expect(asked[6]?.body['permission']).to.deep.equal({})
    expect(asked.filter((each) => isUpdate(each, false)).length).to.equal(1)
  })

  it('shows a viewer the stream while its channel pays, and nothing when the deposit is used up (I15)', async () => {
    const opened = await world.open(running.payee.offer, {}, 4_000n)
    const { viewer } = stage.admit()
    const payer = world.viewer(opened, running.payee.offer, () => running.ws, {
      reach: () => connectWebSocket(`${running.ws}?media=${viewer}`),
    })
    payer.session.media(true, 'viewer')
    payer.session.start()
    await until((each) => isUpdate(each, true) && each.body['identity'] === viewer)
    expect(stage.viewers()).to.equal(1)
    await until((each) => isUpdate(each, false))
    const record = await running.payee.store.load(opened.channelId)
    expect(
      record !== undefined && record.spent <= record.accepted + 1_000n && record.spent <= 4_000n,
    ).to.equal(true)
    payer.session.leave()
    await until(({ method, body }) => method === 'RemoveParticipant' && body['identity'] === viewer)
    expect(stage.viewers()).to.equal(0)
  })
})
