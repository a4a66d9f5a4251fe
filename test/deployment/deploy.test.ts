import { expect } from 'chai'
import { keccak256, parseEther, zeroHash } from 'viem'
import { deployStreamChannels, type Deployer } from '../../server/dist/deploy/deploy.js'
import { planDeployment, type DeploymentPlan } from '../../server/dist/deploy/plan.js'
import { runtimeCode } from '../../server/dist/deploy/runtimeCode.js'
import { streamChannelsAddress } from '@sluice/sdk'
import { creationCall, creator } from '../../server/dist/deploy/target.js'
import { type Node, startNode } from './support/node.js'
import { rejection } from './support/rejection.js'

const alice = `0x${'a1'.repeat(32)}` as const
const bob = `0x${'b2'.repeat(32)}` as const
const pauper = `0x${'c3'.repeat(32)}` as const
/** First account of every Hardhat node. */
const everybodys = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const address = streamChannelsAddress

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
    const { status, plan } = await deployStreamChannels({
      client: node.client,
      wallet,
      consent: neverAsked,
      dryRun: true,
    })
    expect(status).to.equal('planned')
    expect(plan.address).to.equal(address)
    expect(plan.creatorCost > creator.cost).to.equal(true)
    expect(plan.cost).to.equal(plan.gas * plan.gasPrice + plan.creatorCost)
    expect(await traces(node, wallet)).to.deep.equal(before)
  })

  it('refuses an account that cannot pay, before anything is sent', async () => {
    const wallet = await node.wallet(pauper, 1n)
    const error = await rejection(deployStreamChannels({ client: node.client, wallet, consent: neverAsked }))
    expect(error.code).to.equal('insufficient-gas')
    expect(error.details).to.match(/has 1 wei, \d+ wei needed/)
    expect(await node.client.getCode({ address: creator.address })).to.equal(undefined)
  })

  it('puts the contract at its address without asking, at the announced cost, and records it', async () => {
    const wallet = await node.wallet(alice, parseEther('1'))
    const before = await traces(node, wallet)
    const result = await deployStreamChannels({ client: node.client, wallet, consent: neverAsked })
    if (result.status !== 'deployed') return expect.fail(result.status)
    const spent = before.balance - (await traces(node, wallet)).balance
    expect(spent > (result.plan.cost * 9n) / 10n && spent <= result.plan.cost, `${spent} wei`).to.equal(true)
    const code = await node.client.getCode({ address })
    expect(code).to.equal(runtimeCode(31337, address).toLowerCase())
    const { record } = result
    if (code === undefined || record.transaction === null) return expect.fail('no code or no transaction')
    const receipt = await node.client.getTransactionReceipt({ hash: record.transaction })
    const block = await node.client.getBlock({ blockNumber: receipt.blockNumber })
    expect(record).to.deep.equal({
      name: 'StreamChannels',
      chainId: 31337,
      address,
      transaction: receipt.transactionHash,
      block: Number(receipt.blockNumber),
      constructorArguments: [],
      codeHash: keccak256(code),
      deployedAt: new Date(Number(block.timestamp) * 1000).toISOString(),
    })
  })

  it('finds the contract when it is run again, whoever runs it, and changes nothing', async () => {
    const wallet = await node.wallet(bob, parseEther('1'))
    const first = await deployStreamChannels({ client: node.client, wallet, consent: neverAsked })
    // One by one: Hardhat forgets the state of blocks that it was told to mine by the hundred.
    for (let mined = 0; mined < 20; mined++) await node.test.mine({ blocks: 1 })
    const before = await traces(node, wallet)
    const second = await deployStreamChannels({ client: node.client, wallet, consent: neverAsked })
    expect(first.status).to.equal('found')
    expect(second)
      .to.have.property('record')
      .that.deep.equals('record' in first ? first.record : undefined)
    expect(await traces(node, wallet)).to.deep.equal(before)
  })

  it('keeps the record it has when that describes what is there, and searches when it does not', async () => {
    const wallet = await node.wallet(bob, parseEther('1'))
    const found = await deployStreamChannels({ client: node.client, wallet, consent: neverAsked })
    if (found.status !== 'found') return expect.fail(found.status)
    const known = { ...found.record, block: 7 }
    const kept = await deployStreamChannels({ client: node.client, wallet, consent: neverAsked, known })
    expect(kept).to.have.nested.property('record.block', 7)
    const foreign = { ...known, codeHash: zeroHash }
    const searched = await deployStreamChannels({
      client: node.client,
      wallet,
      consent: neverAsked,
      known: foreign,
    })
    expect(searched).to.have.deep.property('record', found.record)
  })

  for (const { name, at } of [
    { name: 'StreamChannels', at: address },
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
      expect((await planDeployment(node.client, everybodys)).codeHash).to.be.a('string')
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
    const { status } = await deployStreamChannels({
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
    const result = await deployStreamChannels({
      client: node.client,
      wallet,
      consent: () => Promise.resolve(true),
    })
    expect(result.status).to.equal('deployed')
    expect(await node.client.getCode({ address })).to.equal(runtimeCode(chainId, address).toLowerCase())
    expect(runtimeCode(chainId, address)).not.to.equal(runtimeCode(31337, address))
  })
})

describe('the code that is deployed', () => {
  it('runs on every chain since Cancun: it has no newer instruction', () => {
    const code = Buffer.from(creationCall().data.slice(2 + 64), 'hex')
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
})
