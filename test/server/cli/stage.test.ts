import { expect } from 'chai'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { WebSocket } from 'ws'
import { publish } from '../stage/peers.js'
import { createWorld, type World } from './world.js'

describe('the command with a live stream', function () {
  this.timeout(120_000)
  let world: World
  let streamKey: string

  before(async () => {
    world = await createWorld(['--stage', '--pages', 'pages'])
    streamKey = (await readFile(join(world.folder, 'stream.key'), 'utf8')).trim()
    await mkdir(join(world.folder, 'pages/watch'), { recursive: true })
    await writeFile(join(world.folder, 'pages/watch/index.html'), '<!doctype html><title>Sluice</title>')
  })
  after(() => world.stop())

  it('init makes a stream key that only this user can read, and shows it once', async () => {
    expect(streamKey).to.match(/^[\w-]{32}$/)
    expect((await stat(join(world.folder, 'stream.key'))).mode & 0o077).to.equal(0)
    expect(await readFile(join(world.folder, 'sluice.json'), 'utf8')).not.to.contain(streamKey)
    const args = ['init', '--rpc', world.node.url, '--price', '0.0001/s', '--stage', '--config']
    const again = await world.sluice([...args, 'second.json'])
    expect(again.code).to.equal(0)
    expect(again.stdout).to.contain('stream.key (kept)').and.not.to.contain(streamKey)
    const other = await world.sluiceJson([...args, 'other/third.json'])
    expect(other.code, 'a folder that is not there').not.to.equal(0)
  })

  it('serve takes a publisher in with the key alone, serves the pages, and never tells the key', async () => {
    const server = world.start(['serve', '--port', '0', '--log', 'trace'])
    const listening = await server.until(({ event }) => event === 'listening')
    expect(listening).to.deep.include({ stage: true, pages: true, feed: 'none' })
    const url = String(listening['url'])

    const page = await fetch(`${url}/watch/`)
    expect(await page.text()).to.contain('<title>Sluice</title>')
    expect(page.headers.get('content-security-policy')).to.contain(`connect-src 'self' ${url}`)
    const config = (await (await fetch(`${url}/stage/config.json`)).json()) as Record<string, unknown>
    expect(config).to.deep.include({ chainId: 31337, payee: url, rpcUrl: world.node.url, stage: true })

    const refused = await publish(`${url}/stage/whip`, 'not the key of this one').catch(String)
    expect(refused).to.contain('answered 401')
    const publisher = await publish(`${url}/stage/whip`, streamKey)
    expect(await (await fetch(`${url}/stage/status`)).json()).to.deep.equal({ live: true, viewers: 0 })
    await publisher.stop()
    server.signal('SIGTERM')
    const { code, stdout, stderr } = await server.ended
    expect(code).to.equal(0)
    expect(stdout + stderr).not.to.contain(streamKey)
  })

  it('serve tells viewers apart behind a proxy of its own where the settings say that there is one', async () => {
    const file = join(world.folder, 'sluice.json')
    const settings = JSON.parse(await readFile(file, 'utf8')) as object
    const places = 100
    for (const trustProxy of [true, false]) {
      await writeFile(file, JSON.stringify({ ...settings, trustProxy }))
      const { server, url } = await world.serve()
      const answers = await Promise.all(
        Array.from({ length: places + 1 }, (_, index) => statusOf(url, `2001:db8::${index.toString(16)}`)),
      )
      expect(answers.filter((status) => status === 101)).to.have.length(trustProxy ? places + 1 : places)
      server.signal('SIGKILL')
      await server.ended
    }
    await writeFile(file, JSON.stringify(settings))
  })

  it('serve refuses two things that would both be charged, and a key that others can read', async () => {
    const both = await world.sluice(['serve', '--stage', '--feed', 'telemetry'])
    expect([both.code, both.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && said.includes('would both be charged'),
    )
    const file = join(world.folder, 'stream.key')
    await chmod(file, 0o644)
    const open = await world.sluice(['serve', '--port', '0'])
    await chmod(file, 0o600)
    expect(open.code).to.equal(1)
    expect(open.stderr).to.contain('Others can read the stream key')
    expect(open.stderr).not.to.contain(streamKey)
  })
})

/** What a WebSocket is answered that a proxy passes on for an address; those that are taken in stay open. */
function statusOf(url: string, address: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'X-Forwarded-For': address }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/sluice`, { headers })
    socket.on('open', () => {
      resolve(101)
    })
    socket.on('unexpected-response', (request, { statusCode }) => {
      request.destroy()
      resolve(statusCode)
    })
    socket.on('error', reject)
  })
}
