import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { parseEther } from 'viem'
import { agreed } from '../../scripts/deploy/consent.ts'
import { addressesModule } from '../../scripts/generate/addresses.ts'
import { streamChannelsAddress } from '@sluice/sdk'
import { artifactOf, contractNames } from '../../server/dist/deploy/artifact.js'
import { creationAddress } from '../../server/dist/deploy/target.js'
import { verifyDeployment } from '../../server/dist/deploy/verify.js'
import { contracts } from '../../scripts/generate/contracts.ts'
import { type Node, startNode } from '../support/node.js'

const root = path.resolve(import.meta.dirname, '../..')
const key = `0x${'d4'.repeat(32)}` as const

describe('npm run deploy', function () {
  this.timeout(120_000)
  let local: Node
  let live: Node
  let deployments: string

  before(async () => {
    deployments = mkdtempSync(path.join(tmpdir(), 'sluice-deployments-'))
    ;[local, live] = await Promise.all([startNode(31337), startNode(84532)])
    await live.wallet(key, parseEther('1'))
  })

  after(async () => {
    await Promise.all([local.stop(), live.stop()])
    rmSync(deployments, { recursive: true })
  })

  /** Runs the script as npm does, with nobody at the keyboard. */
  async function deploy(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, ['scripts/deploy.ts', ...args, '--deployments', deployments], {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output }
  }

  it('deploys through Ignition, verifies and writes the record', async () => {
    const { code, output } = await deploy(['--rpc', local.url])
    expect(code, output).to.equal(0)
    expect(output).to.match(/Deployed and verified\. Recorded in .*31337\.json/)
    const record: unknown = JSON.parse(readFileSync(path.join(deployments, '31337.json'), 'utf8'))
    expect(record).to.have.property('chainId', 31337)
    for (const artifact of contractNames.map(artifactOf)) {
      const address = creationAddress(artifact)
      expect(record).to.have.deep.nested.property(`contracts.${artifact.contract}.address`, address)
      const codeHash = await verifyDeployment(local.client, artifact, address)
      expect(record).to.have.nested.property(`contracts.${artifact.contract}.codeHash`, codeHash)
    }
    // The journal of a chain that will not last is not kept.
    const journals = readdirSync(path.join(root, 'ignition', 'deployments'))
    expect(journals.filter((name) => name.startsWith('local-'))).to.deep.equal([])
  })

  it('finds the contracts the second time and sends nothing', async () => {
    const block = await local.client.getBlockNumber({ cacheTime: 0 })
    const before = readFileSync(path.join(deployments, '31337.json'), 'utf8')
    const { code, output } = await deploy(['--rpc', local.url])
    expect(code, output).to.equal(0)
    expect(output).to.include('Found and verified.')
    expect(readFileSync(path.join(deployments, '31337.json'), 'utf8')).to.equal(before)
    expect(await local.client.getBlockNumber({ cacheTime: 0 })).to.equal(block)
  })

  it('only shows plan and cost on a public chain when nobody can be asked', async () => {
    const block = await live.client.getBlockNumber({ cacheTime: 0 })
    const { code, output } = await deploy(['--rpc', live.url, '--contract', 'streamChannels'], {
      SLUICE_DEPLOYER_KEY: key,
    })
    expect(code, output).to.equal(0)
    expect(output).to.match(/Chain +Base Sepolia \(84532\)/)
    expect(output).to.match(/Deployer +0x[0-9a-fA-F]{40}, has 1 ETH/)
    expect(output).to.match(/Cost +about 0\.0\d+ ETH/)
    expect(output).to.include('Dry run: nothing was sent.')
    expect(existsSync(path.join(deployments, '84532.json'))).to.equal(false)
    expect(await live.client.getBlockNumber({ cacheTime: 0 })).to.equal(block)
  })

  it('wants the contracts named on a public chain', async () => {
    const { code, output } = await deploy(['--rpc', live.url, '--yes'], { SLUICE_DEPLOYER_KEY: key })
    expect(code, output).to.equal(64)
    expect(output).to.include('Give --contract: this costs real money.')
  })

  it('refuses a key that everybody has on a public chain, --yes or not', async () => {
    const { code, output } = await deploy(['--rpc', live.url, '--contract', 'all', '--yes'])
    expect(code, output).to.equal(1)
    expect(output).to.include('This is a test account: everybody has its key.')
  })

  it('says in a line that a node cannot be reached', async () => {
    const { code, output } = await deploy(['--rpc', 'http://127.0.0.1:1'])
    expect(code, output).to.equal(1)
    expect(output).to.include('ECONNREFUSED')
    expect(output).not.to.match(/^\s+at /m)
  })

  for (const args of [
    [],
    ['--network', 'base', '--rpc', 'http://127.0.0.1:1'],
    ['--rpc', 'nonsense'],
    ['--what'],
  ]) {
    it(`explains itself when it is called with "${args.join(' ')}"`, async () => {
      const { code, output } = await deploy(args)
      expect(code, output).to.equal(64)
      expect(output).to.include('Usage: npm run deploy')
    })
  }
})

describe('consent to a deployment', () => {
  const typing = (answer: string) => () => Promise.resolve(answer)

  it('is typing the name of the chain, and nothing else', async () => {
    expect(await agreed('Base', false, typing('Base\n'))).to.equal(true)
    expect(await agreed('Base', false, typing('yes'))).to.equal(false)
    expect(await agreed('Base', false, typing('base sepolia'))).to.equal(false)
    expect(await agreed('Base', false, typing(''))).to.equal(false)
  })

  it('is the flag, without a question', async () => {
    expect(await agreed('Base', true, () => Promise.reject(new Error('asked')))).to.equal(true)
  })

  it('is not given when nobody is there', async () => {
    expect(await agreed('Base', false, undefined)).to.equal(false)
  })
})

describe('addresses for the SDK', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'sluice-records-'))
  })

  afterEach(() => {
    rmSync(directory, { recursive: true })
  })

  function record(chainId: number, content: unknown) {
    writeFileSync(path.join(directory, `${chainId}.json`), JSON.stringify(content))
  }

  const address = streamChannelsAddress
  const placed = contracts.map((entry) => ({ entry, everywhere: address }))

  it('list what was recorded in order of chains, without those of one machine', () => {
    record(8453, { contracts: { StreamChannels: { address, block: 12 } } })
    record(10, { contracts: { StreamChannels: { address, block: 34 } } })
    record(1, { contracts: { Other: { address, block: 56 } } })
    record(31337, { contracts: { StreamChannels: { address, block: 1 } } })
    expect(addressesModule(directory, placed)).to.include(
      `streamChannelsAddresses: Readonly<Record<number, DeployedAt>> = {\n  10: { address: '${address}', block: 34n },\n  8453: { address: '${address}', block: 12n },\n}\n`,
    )
  })

  it('refuse a record without contracts', () => {
    record(10, { address, block: 1 })
    expect(() => addressesModule(directory, placed)).to.throw('10.json has no contracts')
  })

  for (const content of [{}, { address: '0x1234', block: 1 }, { address, block: '1' }]) {
    it(`refuse the record ${JSON.stringify(content)}`, () => {
      record(10, { contracts: { StreamChannels: content } })
      expect(() => addressesModule(directory, placed)).to.throw(
        '10.json has no address and block of StreamChannels',
      )
    })
  }
})
