import { expect } from 'chai'
import { once } from 'node:events'
import { readFile, stat, writeFile, chmod } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'mocha'
import { startNode, type Node } from '../../support/node.js'
import { launch, run, runJson, temporaryFolder, type Run } from './support.js'
import { createWorld, richKey, type World } from './world.js'

/** Where nobody listens: the port was closed a moment ago. */
async function deadUrl(): Promise<string> {
  const { server, port } = await occupy()
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

const occupied = new Set<Server>()

afterEach(() => {
  for (const server of occupied) server.closeAllConnections()
  for (const server of occupied) server.close()
  occupied.clear()
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const noPayee: Answer = (_, response) => response.end('not a payee')

async function occupy(answer = noPayee): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(answer)
  occupied.add(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

function expectError({ code, stderr, stdout }: Run, expected: number, ...texts: string[]): void {
  for (const text of texts) expect(stderr).to.contain(text)
  expect(stderr).not.to.match(/\n\s+at .+:\d+/)
  expect(code, stdout + stderr).to.equal(expected)
}

describe('the command without settings', function () {
  this.timeout(30_000)
  let cwd: string
  let remove: () => Promise<void>

  before(async () => {
    ;({ path: cwd, remove } = await temporaryFolder())
  })

  after(() => remove())

  it('shows its verbs, and the version', async () => {
    const help = await run([], { cwd })
    expect(help.code).to.equal(0)
    for (const verb of ['init', 'deploy', 'serve', 'channels', 'watch', 'backup', 'restore', 'doctor']) {
      expect(help.stdout).to.contain(`  ${verb} `)
    }
    const version = await run(['--version'], { cwd })
    expect(version.stdout).to.match(/^\d+\.\d+\.\d+\n$/)
  })

  it('shows options, examples and exit codes of a verb', async () => {
    const { code, stdout } = await run(['channels', 'close', '--help'], { cwd })
    expect(code).to.equal(0)
    expect(stdout).to.contain('Examples:').and.to.contain('$ sluice channels close --all --yes')
    expect(stdout).to.contain(
      'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused without --yes, 130 interrupted.',
    )
  })

  it('answers wrong usage with exit code 2 and the way to the help', async () => {
    const expected: readonly (readonly [string, string])[] = [
      ['swerve', "unknown command 'swerve'"],
      ['serve --feeed none', "unknown option '--feeed'"],
      ['serve --port 70000', 'whole number from 0 to 65535'],
      ['watch localhost:8402', 'is not the address of a payee'],
    ]
    await Promise.all(
      expected.map(async ([line, text]) => {
        expectError(await run(line.split(' '), { cwd }), 2, text)
      }),
    )
  })

  it('says what is missing and what to type', async () => {
    expectError(await run(['serve'], { cwd }), 1, 'There are no settings at', 'Run "sluice init"')
    expectError(await run(['init'], { cwd }), 2, '--rpc is missing')
    expectError(await run(['deploy'], { cwd }), 2, 'There is no chain to deploy to')
    const { code, value } = await runJson(['doctor'], { cwd })
    expect(code).to.equal(1)
    expect((value['checks'] as { name: string; status: string }[]).at(-1)).to.deep.include({
      name: 'settings',
      status: 'fail',
    })
  })

  it('names every field of the settings that is wrong', async () => {
    const file = join(cwd, 'wrong.json')
    await writeFile(file, JSON.stringify({ version: 1, port: 'x', price: 'cheap' }))
    expectError(await run(['channels', 'list', '-c', file], { cwd }), 2, 'port:', 'price:', 'payee:')
    await writeFile(file, '{')
    expectError(await run(['channels', 'list', '-c', file], { cwd }), 1, 'is not JSON')
  })

  it('says that nobody answers, at the node and at the payee, and keeps secrets of the address', async () => {
    const url = await deadUrl()
    const init = await run(['init', '--rpc', `${url}/v2/secretsecretsecret`, '--price', '1/s'], { cwd })
    expectError(init, 1, 'does not answer', 'Check the RPC address')
    expect(init.stderr).not.to.contain('secretsecret')
    expectError(await run(['watch', url], { cwd }), 1, 'Nobody answers at')
    const json = await runJson(['watch', url], { cwd })
    expect(json.value['error']).to.deep.include({ message: `Nobody answers at ${url}.` })
  })

  it('tells a page that is no payee from a payee', async () => {
    const { port } = await occupy()
    expectError(await run(['watch', `http://127.0.0.1:${port}`], { cwd }), 1, 'is not a payee')
  })
})

describe('the command when it is interrupted', () => {
  it('ends with exit code 130', async () => {
    const { path: cwd, remove } = await temporaryFolder()
    const { server, port } = await occupy(() => undefined)
    const asked = once(server, 'request')
    const watching = launch(['watch', `http://127.0.0.1:${port}`], { cwd })
    await asked
    watching.signal('SIGINT')
    expect((await watching.ended).code).to.equal(130)
    await remove()
  })
})

describe('the command with settings', function () {
  this.timeout(60_000)
  let world: World

  before(async () => {
    world = await createWorld()
  })

  after(() => world.stop())

  it('init never overwrites settings without --force, and never a key', async () => {
    const args = ['init', '--rpc', world.node.url, '--price', '0.0001/s', '--payee', world.payee]
    const key = await readFile(join(world.folder, 'operator.key.json'), 'utf8')
    expectError(await world.sluice(args), 3, 'is there already and was left as it is', '--force')
    const forced = await world.sluiceJson([...args, '--force', '--title', 'New'])
    expect(forced.value).to.deep.include({ keyCreated: false })
    expect(await readFile(join(world.folder, 'operator.key.json'), 'utf8')).to.equal(key)
    expect(JSON.parse(await readFile(join(world.folder, 'sluice.json'), 'utf8'))).to.deep.include({
      title: 'New',
    })
  })

  it('init warns of a key in plain text, which only this user can read', async () => {
    const { code, stderr } = await world.sluice([
      ...['init', '--rpc', world.node.url, '--price', '1/min'],
      ...['-c', 'other.json', '--key-file', 'other.key.json'],
    ])
    expect(code).to.equal(0)
    expect(stderr).to.contain('is not encrypted').and.to.contain('SLUICE_PASSPHRASE')
    expect((await stat(join(world.folder, 'other.key.json'))).mode & 0o777).to.equal(0o600)
    await chmod(join(world.folder, 'other.key.json'), 0o644)
    expectError(await world.sluice(['serve', '-c', 'other.json']), 1, 'Others can read', 'chmod 600')
  })

  it('init refuses a price that is none, and a token that is none', async () => {
    const args = ['init', '-c', 'third.json', '--rpc', world.node.url]
    const [cheap, noToken, otherChain] = await Promise.all([
      world.sluice([...args, '--price', 'cheap']),
      world.sluice([...args, '--price', '1/s', '--token', world.payee]),
      world.sluice([...args, '--price', '1/s', '--chain-id', '1']),
    ])
    expectError(cheap, 2, '"cheap" is not a price')
    expectError(noToken, 1, 'There is no token at')
    expectError(otherChain, 1, 'is on chain 31337, not on chain 1')
  })

  it('refuses a node on another chain than the settings name', async () => {
    const path = join(world.folder, 'sluice.json')
    const config = JSON.parse(await readFile(path, 'utf8')) as object
    await writeFile(join(world.folder, 'base.json'), JSON.stringify({ ...config, chainId: 8453 }))
    expectError(await world.sluice(['serve', '-c', 'base.json']), 1, '8453')
    const { code, value } = await world.sluiceJson(['doctor', '-c', 'base.json'])
    expect(code).to.equal(1)
    const failed = (value['checks'] as { name: string; status: string }[]).filter(
      ({ status }) => status === 'fail',
    )
    expect(failed.map(({ name }) => name)).to.deep.equal(['rpc'])
  })

  it('serve says which program should go when its port is taken, and leaves nothing locked', async () => {
    const { port } = await occupy()
    expectError(
      await world.sluice(['serve', '--port', String(port)]),
      1,
      `127.0.0.1:${port}`,
      'another program has it',
    )
    const { value } = await world.sluiceJson(['doctor'])
    expect(
      (value['checks'] as { name: string; status: string }[]).find(({ name }) => name === 'store')?.status,
    ).to.equal('ok')
  })

  it('serve refuses a database that another server uses', async () => {
    const { server } = await world.serve()
    expectError(await world.sluice(['serve', '--port', '0']), 1, 'Another server is using this database')
    server.signal('SIGTERM')
    expect((await server.ended).code).to.equal(0)
  })

  it('watch names what is missing before anything is sent: a key, coins', async () => {
    const { server, url } = await world.serve()
    expectError(
      await world.sluice(['watch', url, '--rpc', world.node.url]),
      2,
      'There is no key',
      'SLUICE_PRIVATE_KEY',
    )
    const poor = await world.payer(1000n)
    const { code, stderr } = await world.sluice(['watch', url, '--budget', '1'], poor.env)
    expect(stderr).to.match(/error: You have .* needed/)
    expect(code).to.equal(1)
    expect(await world.balance(poor.address)).to.equal(1000n)
    const mine = await world.sluiceJson(['channels', 'list', '--as', 'payer', '--all'], poor.env)
    expect(mine.value['channels']).to.deep.equal([])
    const typo = await world.sluice(['watch', url], { ...poor.env, SLUICE_PRIVATE_KEY: '0xabcdef' })
    expectError(typo, 2, 'SLUICE_PRIVATE_KEY holds no private key')
    expect(typo.stderr).not.to.contain('abcdef')
    server.signal('SIGTERM')
    await server.ended
  })

  it('channels ask for an id or --all, and know none that is not there', async () => {
    expectError(await world.sluice(['channels', 'claim']), 2, 'No channel was named')
    expectError(await world.sluice(['channels', 'view', '0x123456']), 2, 'No channel 0x123456 is known here')
    expectError(await world.sluice(['channels', 'view', 'latest']), 2, 'Expected 0x')
  })
})

describe('the command on a public chain', function () {
  this.timeout(60_000)
  let node: Node
  let cwd: string
  let remove: () => Promise<void>

  before(async () => {
    node = await startNode(8453)
    ;({ path: cwd, remove } = await temporaryFolder())
  })

  after(async () => {
    await node.stop()
    await remove()
  })

  it('refuses a key that everybody has, to deploy and to serve', async () => {
    const env = { SLUICE_PRIVATE_KEY: richKey }
    expectError(await run(['deploy', '--rpc', node.url, '--yes'], { cwd, env }), 3, 'whose key everybody has')
    const init = await run(['init', '--rpc', node.url, '--price', '0.0001/s'], { cwd })
    expect(init.code).to.equal(0)
    expectError(await run(['serve'], { cwd, env }), 3, 'whose key everybody has')
  })

  it('shows the cost of a deployment and sends nothing without a yes', async () => {
    expectError(await run(['deploy'], { cwd }), 2, 'have to be named', 'Choose from streamChannels')
    expectError(await run(['deploy', '--contract', 'nonsense'], { cwd }), 2, 'names no contract')
    const deploy = await run(['deploy', '--contract', 'streamChannels'], { cwd })
    expectError(deploy, 3, 'Cost      about', 'Add --yes')
    const { code, value } = await runJson(['doctor'], { cwd })
    expect(code).to.equal(1)
    const status = Object.fromEntries(
      (value['checks'] as { name: string; status: string }[]).map((check) => [check.name, check.status]),
    )
    expect(status).to.deep.include({ key: 'warn', contract: 'fail', gas: 'fail', rpc: 'ok' })
  })
})
