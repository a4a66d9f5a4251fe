import { expect } from 'chai'
import { SluiceError } from '@sluice/sdk'
import { createChainView } from '../../../server/dist/chain/reader.js'
import { createWorld, deposit, type Request, type World } from './harness.js'

async function refusal(promise: Promise<unknown>): Promise<SluiceError> {
  const error = await promise.catch((reason: unknown) => reason)
  expect(error).to.be.instanceOf(SluiceError)
  return error as SluiceError
}

describe('chain view', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  const view = (before?: (request: Request) => Promise<unknown> | undefined) =>
    createChainView({ client: world.client(before), deployment: world.deployment })

  it('reads a channel at the depth it is asked for (I21)', async () => {
    const { channelId, openedAt } = await world.open()
    const chain = view()
    const opened = { deposited: deposit, claimed: 0n, openedAt, closeRequestedAt: 0, closed: false }
    expect(await chain.channelState(channelId, 1)).to.deep.equal(opened)
    expect((await chain.channelState(channelId, 2)).deposited).to.equal(0n)
    await world.mine()
    expect(await chain.channelState(channelId, 2)).to.deep.equal(opened)
    expect((await chain.channelState(channelId, 1_000)).deposited, 'deeper than the chain').to.equal(0n)
  })

  it('refuses a node of another chain', async () => {
    const chain = view(({ method }) => (method === 'eth_chainId' ? Promise.resolve('0x1') : undefined))
    const error = await refusal(chain.head())
    expect(error).to.include({ code: 'wrong-chain', action: 'switch-chain' })
    expect(error.details).to.equal('the node is on chain 1, expected 31337')
  })

  it('says that there is no contract rather than that a channel is empty', async () => {
    const { channelId } = await world.open()
    const deployment = { ...world.deployment, contract: world.payee }
    const chain = createChainView({ client: world.client(), deployment })
    expect((await refusal(chain.channelState(channelId, 1))).code).to.equal('invalid-argument')
  })

  it('reports an unreachable node as such', async () => {
    const chain = view(() => Promise.reject(new Error('connection refused')))
    const error = await refusal(chain.head())
    expect(error).to.include({ code: 'rpc-unreachable', retryable: true, action: 'wait' })
    expect(error.details).to.contain('eth_chainId').and.contain('connection refused')
  })

  it('refuses an answer that cannot be true', async () => {
    const { channelId } = await world.open()
    const words = [5n, 6n, 1n, 0n, 0n].map((word) => word.toString(16).padStart(64, '0')).join('')
    const chain = view(({ method }) => (method === 'eth_call' ? Promise.resolve(`0x${words}`) : undefined))
    const error = await refusal(chain.channelState(channelId, 1))
    expect(error.code).to.equal('rpc-unreachable')
    expect(error.details).to.contain('6 claimed of 5')
  })

  it('tells a node that is behind from a chain that was reorganised', async () => {
    let shown: unknown
    const chain = view(({ method, params }) =>
      shown !== undefined && method === 'eth_getBlockByNumber' && (params as unknown[])[0] === 'latest'
        ? Promise.resolve(shown)
        : undefined,
    )
    const snapshot = await world.snapshot()
    await world.mine()
    const first = await chain.head()
    const early: unknown = await world.send('eth_getBlockByNumber', ['latest', false])
    await world.mine(3)
    const last = await chain.head()
    shown = early
    expect((await refusal(chain.head())).details).to.equal(
      `the node is at block ${first.number}, block ${last.number} was seen before`,
    )
    shown = undefined
    await world.reorganise(snapshot, 2)
    const other = await chain.head()
    expect(other.number).to.equal(first.number + 1n)
    expect(await chain.blockHash(first.number)).not.to.equal(first.hash)
    expect(await chain.blockHash(last.number)).to.equal(undefined)
  })

  it('recognises a reorganisation of the newest block right after the start', async () => {
    const snapshot = await world.snapshot()
    await world.mine(2)
    const chain = view()
    const { number } = await chain.head()
    await world.reorganise(snapshot, 1)
    expect((await chain.head()).number).to.equal(number - 1n)
  })

  it('takes a branch that forked below all it saw for a node that is behind, until it is as long', async () => {
    const snapshot = await world.snapshot()
    await world.mine(4)
    const chain = view()
    const { number } = await chain.head()
    await world.reorganise(snapshot, 1)
    expect((await refusal(chain.head())).details).to.equal(
      `the node is at block ${number - 3n}, block ${number} was seen before`,
    )
    await world.mine(3)
    expect((await chain.head()).number).to.equal(number)
  })

  it('takes no offence when answers to questions asked at once overtake one another', async () => {
    let answerNow: (() => void) | undefined
    const chain = view(async ({ method, params }) => {
      if (answerNow !== undefined || method !== 'eth_getBlockByNumber') return undefined
      const early: unknown = await world.send(method, params as unknown[])
      await new Promise<void>((resolve) => (answerNow = resolve))
      return early
    })
    await world.mine()
    const slow = chain.head()
    while (answerNow === undefined) await new Promise((resolve) => setImmediate(resolve))
    await world.mine()
    const quick = await chain.head()
    answerNow()
    expect((await slow).number).to.equal(quick.number - 1n)
    expect((await chain.head()).number).to.equal(quick.number)
  })
})
