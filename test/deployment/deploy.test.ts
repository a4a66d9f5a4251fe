import { expect } from 'chai'
import { keccak256, parseEther, zeroHash } from 'viem'
import { deployContracts, type Deployer } from '../../server/dist/deploy/deploy.js'
import { planDeployment, type DeploymentPlan } from '../../server/dist/deploy/plan.js'
import { artifactOf, contractNames, readContractNames } from '../../server/dist/deploy/artifact.js'
import { runtimeCode } from '../../server/dist/deploy/runtimeCode.js'
import * as sdk from '@sluice/sdk'
import { creationAddress, creator } from '../../server/dist/deploy/target.js'
import { type Node, startNode } from '../support/node.js'
import { rejection } from './support/rejection.js'

const alice = `0x${'a1'.repeat(32)}` as const
const bob = `0x${'b2'.repeat(32)}` as const
const pauper = `0x${'c3'.repeat(32)}` as const
/** First account of every Hardhat node. */
const everybodys = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const artifacts = contractNames.map(artifactOf)

const neverAsked = () => Promise.reject(new Error('nobody should be asked'))

/** What would change if anything was sent. */
async function traces(node: Node, wallet: Deployer) {
  const account = wallet.account.address
  return {
    block: await node.client.getBlockNumber({ cacheTime: 0 }),
    nonce: await node.client.getTransactionCount({ address: account }),
    balance: await node.client.getBalance({ address: account }),
  }
}

describe('deployment to a local chain over JSON-RPC', function () {
  this.timeout(120_000)
  let node: Node

  before(async () => {
    node = await startNode(31337)
  })

  after(async () => {
    await node.stop()
  })

  it('sends nothing in a dry run', async () => {
    const wallet = await node.wallet(alice, parseEther('1'))
    const before = await traces(node, wallet)
    const { status, plan } = await deployContracts({
      client: node.client,
      wallet,
      consent: neverAsked,
      dryRun: true,
    })
    expect(status).to.equal('planned')
    expect(plan.contracts.map(({ address }) => address)).to.deep.equal(artifacts.map(creationAddress))
    expect(plan.creatorCost > creator.cost).to.equal(true)
    const gas = plan.contracts.reduce((sum, each) => sum + each.gas, 0n)
    expect(plan.cost).to.equal(gas * plan.gasPrice + plan.creatorCost)
    expect(await traces(node, wallet)).to.deep.equal(before)
  })

  it('refuses an account that cannot pay, before anything is sent', async () => {
    const wallet = await node.wallet(pauper, 1n)
    const error = await rejection(deployContracts({ client: node.client, wallet, consent: neverAsked }))
    expect(error.code).to.equal('insufficient-gas')
    expect(error.details).to.match(/has 1 wei, \d+ wei needed/)
    expect(await node.client.getCode({ address: creator.address })).to.equal(undefined)
  })

  it('puts every contract at its address without asking, at the announced cost, and records it', async () => {
    const wallet = await node.wallet(alice, parseEther('1'))
    const before = await traces(node, wallet)
    const result = await deployContracts({ client: node.client, wallet, consent: neverAsked })
    if (result.status !== 'deployed') return expect.fail(result.status)
    const spent = before.balance - (await traces(node, wallet)).balance
    // The base fee falls from block to block while the chain does little else.
    const { cost } = result.plan
    expect(spent > cost / 2n && spent <= cost, `${spent} of ${cost} wei`).to.equal(true)
    expect(result.record.chainId).to.equal(31337)
    for (const artifact of artifacts) {
      const address = creationAddress(artifact)
      const code = await node.client.getCode({ address })
      expect(code).to.equal(runtimeCode(artifact, 31337, address).toLowerCase())
      const record = result.record.contracts[artifact.contract]
      if (code === undefined || typeof record?.transaction !== 'string') return expect.fail(artifact.contract)
      const receipt = await node.client.getTransactionReceipt({ hash: record.transaction })
      const block = await node.client.getBlock({ blockNumber: receipt.blockNumber })
      expect(record).to.deep.equal({
        address,
        transaction: receipt.transactionHash,
        block: Number(receipt.blockNumber),
        constructorArguments: [],
        codeHash: keccak256(code),
        deployedAt: new Date(Number(block.timestamp) * 1000).toISOString(),
      })
    }
  })

  it('finds the contracts when it is run again, whoever runs it, and changes nothing', async () => {
    const wallet = await node.wallet(bob, parseEther('1'))
    const first = await deployContracts({ client: node.client, wallet, consent: neverAsked })
    // One by one: Hardhat forgets the state of blocks that it was told to mine by the hundred.
    for (let mined = 0; mined < 20; mined++) await node.test.mine({ blocks: 1 })
    const before = await traces(node, wallet)
    const second = await deployContracts({ client: node.client, wallet, consent: neverAsked })
    expect(first.status).to.equal('found')
    expect(second)
      .to.have.property('record')
      .that.deep.equals('record' in first ? first.record : undefined)
    expect(await traces(node, wallet)).to.deep.equal(before)
  })

  it('keeps the record it has when that describes what is there, and searches when it does not', async () => {
    const wallet = await node.wallet(bob, parseEther('1'))
    const found = await deployContracts({ client: node.client, wallet, consent: neverAsked })
    if (found.status !== 'found') return expect.fail(found.status)
    const { StreamChannels: channels, ...others } = found.record.contracts
    if (channels === undefined) return expect.fail('no record of StreamChannels')
    const recorded = (change: object) => ({
      chainId: 31337,
      contracts: { ...others, StreamChannels: { ...channels, ...change } },
    })
    const known = recorded({ block: 7 })
    const kept = await deployContracts({ client: node.client, wallet, consent: neverAsked, known })
    expect(kept).to.have.nested.property('record.contracts.StreamChannels.block', 7)
    const searched = await deployContracts({
      client: node.client,
      wallet,
      consent: neverAsked,
      known: recorded({ block: 7, codeHash: zeroHash }),
    })
    expect(searched).to.have.deep.property('record', found.record)
  })

  it('plans and records only what is named, and keeps what is known of the others', async () => {
    const wallet = await node.wallet(bob, parseEther('1'))
    const other = { address: creator.address, transaction: null, block: 1, constructorArguments: [] } as const
    const known = {
      chainId: 31337,
      contracts: { Other: { ...other, codeHash: zeroHash, deployedAt: '2027-01-01T00:00:00.000Z' } },
    }
    const result = await deployContracts({
      client: node.client,
      wallet,
      consent: neverAsked,
      contracts: ['streamChannels'],
      known,
    })
    if (result.status !== 'found') return expect.fail(result.status)
    expect(result.plan.contracts.map(({ name }) => name)).to.deep.equal(['streamChannels'])
    expect(Object.keys(result.record.contracts)).to.deep.equal(['Other', 'StreamChannels'])
    expect(result.record.contracts['Other']).to.deep.equal(known.contracts.Other)
  })

  for (const { name, at } of [
    ...artifacts.map((artifact) => ({ name: artifact.contract, at: creationAddress(artifact) })),
    { name: 'the deployment proxy', at: creator.address },
  ]) {
    it(`refuses a chain with wrong code in the place of ${name}`, async () => {
      const code = await node.client.getCode({ address: at })
      if (code === undefined) return expect.fail('no code')
      const last = code.endsWith('00') ? '01' : '00'
      const saved = await node.test.snapshot()
      await node.test.setCode({ address: at, bytecode: `0x${code.slice(2, -2)}${last}` })
      try {
        const error = await rejection(planDeployment(node.client, everybodys))
        expect(error.code).to.equal('invalid-argument')
        expect(error.message).to.equal(`The contract at ${at} is not ${name}. Do not use it.`)
        expect(error.details).to.match(/^code hash 0x[0-9a-f]{64}, expected 0x[0-9a-f]{64}$/)
      } finally {
        await node.test.revert({ id: saved })
      }
      const { contracts } = await planDeployment(node.client, everybodys)
      for (const { codeHash } of contracts) expect(codeHash).to.be.a('string')
    })
  }
})

describe('deployment to a public chain over JSON-RPC', function () {
  this.timeout(120_000)
  const chainId = 84532
  let node: Node

  before(async () => {
    node = await startNode(chainId)
  })

  after(async () => {
    await node.stop()
  })

  it('refuses an account whose key everybody has', async () => {
    const error = await rejection(planDeployment(node.client, everybodys))
    expect(error.code).to.equal('key-misuse')
    expect(error.details).to.equal(`account ${everybodys} on chain ${chainId}, which is not a local one`)
  })

  it('asks first, and sends nothing when the answer is no', async () => {
    const wallet = await node.wallet(alice, parseEther('1'))
    const before = await traces(node, wallet)
    const asked: DeploymentPlan[] = []
    const { status } = await deployContracts({
      client: node.client,
      wallet,
      consent: (plan) => {
        asked.push(plan)
        return Promise.resolve(false)
      },
    })
    expect(status).to.equal('declined')
    expect(asked.map(({ isPublic, deployer }) => ({ isPublic, deployer }))).to.deep.equal([
      { isPublic: true, deployer: wallet.account.address },
    ])
    expect(await traces(node, wallet)).to.deep.equal(before)
  })

  it('deploys to the same address as on every other chain when the answer is yes', async () => {
    const wallet = await node.wallet(alice, parseEther('1'))
    const result = await deployContracts({
      client: node.client,
      wallet,
      consent: () => Promise.resolve(true),
    })
    expect(result.status).to.equal('deployed')
    for (const artifact of artifacts) {
      const address = creationAddress(artifact)
      const expected = runtimeCode(artifact, chainId, address)
      expect(await node.client.getCode({ address })).to.equal(expected.toLowerCase())
      expect(expected).not.to.equal(runtimeCode(artifact, 31337, address))
    }
  })
})

for (const artifact of artifacts) {
  describe(`the code of ${artifact.contract}`, () => {
    it('runs on every chain since Cancun: it has no newer instruction', () => {
      const code = Buffer.from(artifact.bytecode.slice(2), 'hex')
      const used = new Set<number>()
      for (let at = 0; at < code.length; at++) {
        const instruction = code[at] ?? 0
        used.add(instruction)
        // What follows PUSH1 to PUSH32 is data.
        if (instruction >= 0x60 && instruction <= 0x7f) at += instruction - 0x5f
      }
      expect(used.has(0x5c), 'TLOAD: the code was read as instructions').to.equal(true)
      // CLZ, of the fork after: some chains and their explorers still lack it.
      expect(used.has(0x1e)).to.equal(false)
    })

    it('is created where the SDK looks for it, with room below the limit of 24,576 bytes', () => {
      expect(sdk).to.have.property(`${artifact.name}Address`, creationAddress(artifact))
      expect(artifact.runtime.length).to.be.at.most(23_500)
    })
  })
}

describe('naming contracts', () => {
  it('is by their names, with commas between them, or all', () => {
    expect(readContractNames('all')).to.deep.equal(contractNames)
    expect(readContractNames([...contractNames].reverse().join(', '))).to.deep.equal(contractNames)
    expect(readContractNames('streamChannels')).to.deep.equal(['streamChannels'])
  })

  for (const text of ['', 'channels', 'streamChannels,', 'all,streamChannels']) {
    it(`is not "${text}"`, () => {
      expect(readContractNames(text)).to.equal(undefined)
    })
  }
})
