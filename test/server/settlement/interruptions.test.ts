import { expect } from 'chai'
import { SluiceError, zeroAddress, type Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import type { Log } from '../../../server/dist/chain/log.js'
import { createWorld, rig, type Request, type Rig, type World } from './harness.js'

const precious = { price: () => ({ wei: 10n ** 18n, tokens: 1n }) }

/** A node that cannot try what settles one channel, and counts how often it was asked to; or goes away over it. */
type Moody = { hated: boolean; tries: number; goesAway: boolean; gone: boolean }

/** Found in whatever is tried for the channel with it, and in nothing else. */
const salt: Hex = `0x${'bad0'.repeat(16)}`

describe('settlement that is interrupted', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    await world.end()
  })

  function moody(log?: Log): Rig & { readonly mood: Moody } {
    const mood: Moody = { hated: false, tries: 0, goesAway: false, gone: false }
    const client = world.client(({ method, params }: Request) => {
      if (mood.gone) return Promise.reject(new Error('connection refused'))
      const isTried = method === 'eth_call' && JSON.stringify(params).includes(salt.slice(2))
      if (!isTried || !mood.hated) return undefined
      mood.tries += 1
      mood.gone = mood.goesAway
      return Promise.reject(new Error('timed out'))
    })
    return { ...rig(world, { policy: precious, client, ...(log === undefined ? {} : { log }) }), mood }
  }

  /** Two channels of different tokens, which settle in different transactions. */
  async function two({ store }: Rig): Promise<readonly [PayeeRecord, PayeeRecord]> {
    const bad = await world.paid(await world.open({ salt }), 500n)
    const good = await world.paid(await world.open({ token: zeroAddress }), 300n)
    for (const record of [bad, good]) await store.save(record)
    return [bad, good]
  }

  const native = (): Promise<bigint> => world.ethers.provider.getBalance(world.payee)

  it('goes on with the others, says so, and tries the interrupted one again at the next look', async () => {
    const lines: [object, string][] = []
    const silent = (): void => undefined
    const log: Log = { debug: silent, info: silent, error: silent, warn: (...line) => void lines.push(line) }
    const made = moody(log)
    const [bad] = await two(made)
    made.mood.hated = true
    const error: unknown = await made.settler.tick().catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(SluiceError).and.to.include({ code: 'rpc-unreachable' })
    expect([await world.paidOut(), await native()]).to.deep.equal([0n, 300n])
    const { work } = made.events.find(({ type }) => type === 'error') as { work?: unknown }
    expect(work).to.deep.equal({ kind: 'claim', channelIds: [bad.channelId], failures: 1, pauseMs: 0 })
    const [[fields, text] = [{}, '']] = lines
    expect(text).to.contain('one settlement was interrupted, the others go on')
    expect(fields).to.deep.include({ kind: 'claim', first: bad.channelId, failures: 1, pauseMs: 0 })
    expect(made.settler.status().problem).to.contain('node does not answer')

    made.mood.hated = false
    await made.settler.tick()
    expect(await world.paidOut()).to.equal(500n)
    expect(made.settler.status().problem).to.equal(undefined)
  })

  it('is tried less and less often while it goes on, and at once when asked', async () => {
    const made = moody()
    const { settler, clock, mood } = made
    const [bad] = await two(made)
    mood.hated = true
    const triesIn = async (looks: number): Promise<number> => {
      const before = mood.tries
      for (let look = 0; look < looks; look += 1) await settler.tick().catch(() => undefined)
      return mood.tries - before
    }
    expect(await triesIn(5), 'twice, then put off').to.equal(2)
    expect(settler.status().skipped).to.deep.include({
      channelId: bad.channelId,
      reason: 'interrupted',
      amount: 500n,
      atSeconds: undefined,
    })
    clock.advance(14_999)
    expect(await triesIn(2)).to.equal(0)
    clock.advance(1)
    expect(await triesIn(2)).to.equal(1)
    clock.advance(29_999)
    expect(await triesIn(2)).to.equal(0)
    clock.advance(1)
    expect(await triesIn(2)).to.equal(1)
    clock.advance(3_600_000)
    expect(await triesIn(1)).to.equal(1)

    mood.hated = false
    const { submitted } = await settler.settle([bad.channelId])
    expect(submitted).to.have.length(1)
    expect(await world.paidOut()).to.equal(500n)
  })

  it('is tried at every look once a deadline runs (I6)', async () => {
    const made = moody()
    const { settler, mood } = made
    const [bad] = await two(made)
    mood.hated = true
    for (let look = 0; look < 4; look += 1) await settler.tick().catch(() => undefined)
    await world.channels.requestClose(bad.channel)
    settler.noteState(bad.channelId, await world.stateOf(bad.channelId))
    const before = mood.tries
    for (let look = 0; look < 4; look += 1) await settler.tick().catch(() => undefined)
    expect(mood.tries - before).to.equal(4)
    mood.hated = false
    await settler.tick()
    expect(await world.paidOut()).to.equal(500n)
  })

  it('by request reports what went out and what did not', async () => {
    const made = moody()
    const [bad, good] = await two(made)
    made.mood.hated = true
    const { submitted, claimed, failed } = await made.settler.settle()
    expect(submitted).to.have.length(1)
    expect(claimed.map(({ channelId }) => channelId)).to.deep.equal([good.channelId])
    expect(failed.map(({ channelIds }) => channelIds)).to.deep.equal([[bad.channelId]])
    expect(failed[0]?.error).to.include({ code: 'rpc-unreachable' })
  })

  it('ends when the node answers nobody any more, and blames no channel for that', async () => {
    const made = moody()
    const { settler, mood, events } = made
    await two(made)
    mood.hated = true
    mood.goesAway = true
    for (let look = 1; look <= 3; look += 1) {
      mood.gone = false
      const error: unknown = await settler.tick().catch((reason: unknown) => reason)
      expect(error).to.include({ code: 'rpc-unreachable' })
      expect(events.at(-1)).to.deep.include({ type: 'error', work: undefined })
      expect(mood.tries).to.equal(look)
    }
    mood.hated = false
    mood.gone = false
    await settler.tick()
    expect([await world.paidOut(), await native()]).to.deep.equal([500n, 300n])
  })

  it('does not keep other transactions from being followed', async () => {
    let deaf: Hex | undefined
    const client = world.client(({ method, params }) =>
      method === 'eth_getTransactionReceipt' && deaf !== undefined && JSON.stringify(params).includes(deaf)
        ? Promise.reject(new Error('timed out'))
        : undefined,
    )
    const made = rig(world, { policy: precious, client })
    await two(made)
    await made.settler.tick()
    const entries = await made.store.outbox.open()
    expect(entries).to.have.length(2)
    deaf = entries[0]?.attempts[0]?.hash
    await world.mine()
    await made.settler.tick().catch(() => undefined)
    expect((await made.store.outbox.finished(0)).map(({ id }) => id)).to.deep.equal([entries[1]?.id])
    const { work } = made.events.find(({ type }) => type === 'error') as { work?: { kind: string } }
    expect(work?.kind).to.equal('follow')
    deaf = undefined
    await made.settler.tick()
    expect(await made.store.outbox.open()).to.deep.equal([])
  })
})
