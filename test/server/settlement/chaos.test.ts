import { expect } from 'chai'
import fc from 'fast-check'
import { SluiceError, type Hex } from '@sluice/sdk'
import type { PayeeRecord } from '@sluice/sdk/session'
import { createMemoryDisk } from '../../../server/dist/store/memory.js'
import { createWorld, deposit, rig, type Request, type Rig, type World } from './harness.js'

const runs = process.env['SLUICE_DEEP'] === '1' ? 150 : 8

type Step =
  | 'pay'
  | 'tick'
  | 'mine'
  | 'drop'
  | 'mark'
  | 'reorganise'
  | 'restart'
  | 'unplug'
  | 'plug'
  | 'dear'
  | 'request'
const step = fc.constantFrom<Step>(
  'pay',
  'pay',
  'tick',
  'tick',
  'tick',
  'mine',
  'mine',
  'drop',
  'mark',
  'reorganise',
  'restart',
  'unplug',
  'plug',
  'dear',
  'request',
)

/** Settlement under everything that can happen to it at once. */
class Chaos {
  readonly records = new Map<Hex, PayeeRecord>()
  executed = 0
  private rig: Rig
  private plugged = true
  private snapshot: Hex | undefined
  private turn = 0

  constructor(private readonly world: World) {
    this.rig = this.started()
  }

  private started(disk = createMemoryDisk()): Rig {
    const isSending = ({ method }: Request) => method === 'eth_sendRawTransaction'
    return rig(this.world, {
      policy: { price: () => ({ wei: 10n ** 18n, tokens: 1n }), stuckAfterBlocks: 2, confirmations: 3 },
      broadcaster: this.world.client((request) =>
        isSending(request) && !this.plugged ? Promise.reject(new Error('unplugged')) : undefined,
      ),
      disk,
    })
  }

  async open(): Promise<void> {
    const record = await this.world.open()
    this.records.set(record.channelId, record)
    await this.rig.store.save(record)
  }

  async run(step: Step): Promise<void> {
    this.executed += 1
    this.turn += 1
    const { world } = this
    switch (step) {
      case 'pay':
        await this.pay()
        return
      case 'tick':
        await this.rig.settler.tick().catch(() => undefined)
        return
      case 'mine':
        await world.mine()
        return
      case 'drop': {
        const [entry] = await this.rig.store.outbox.open()
        const hash = entry?.attempts.at(-1)?.hash
        if (hash !== undefined) await world.send('hardhat_dropTransaction', [hash]).catch(() => undefined)
        return
      }
      case 'mark':
        this.snapshot = await world.snapshot()
        return
      case 'reorganise':
        if (this.snapshot !== undefined) await world.reorganise(this.snapshot, 1 + (this.turn % 4))
        this.snapshot = undefined
        return
      case 'restart':
        this.rig = this.started(this.rig.disk)
        return
      case 'unplug':
        this.plugged = false
        return
      case 'plug':
        this.plugged = true
        return
      case 'dear':
        await world.send('hardhat_setNextBlockBaseFeePerGas', ['0x174876e800'])
        return
      case 'request':
        await this.request()
        return
    }
  }

  private async pay(): Promise<void> {
    const records = [...this.records.values()].filter(({ closeRequestedAt }) => closeRequestedAt === 0)
    const record = records[this.turn % records.length]
    if (record === undefined || record.accepted + 1_000n > deposit) return
    const paid = await this.world.paid(record, record.accepted + 1_000n)
    this.records.set(record.channelId, paid)
    await this.rig.store.save(paid)
  }

  private async request(): Promise<void> {
    const [record] = [...this.records.values()].filter(({ closeRequestedAt }) => closeRequestedAt === 0)
    if (record === undefined || this.turn % 3 !== 0) return
    const asked = { ...record, closeRequestedAt: 1 }
    this.records.set(record.channelId, asked)
    await this.world.channels.requestClose(record.channel, { maxFeePerGas: 10n ** 13n })
    await this.rig.store.save(asked)
  }

  /** No faults any more: blocks come, the node takes what it is given. */
  async calm(): Promise<void> {
    this.plugged = true
    for (let round = 0; round < 40; round += 1) {
      await this.rig.settler.tick().catch(requireLag)
      await this.world.mine()
    }
  }

  async check(): Promise<void> {
    let owed = 0n
    for (const { channelId, accepted } of this.records.values()) {
      expect((await this.world.stateOf(channelId)).claimed).to.equal(accepted)
      owed += accepted
    }
    expect(await this.world.paidOut()).to.equal(owed)
    expect(await this.rig.store.outbox.open()).to.deep.equal([])
    // Whatever was signed used its nonce once: no two transactions on the chain carry the same work.
    expect(await this.world.sent()).to.be.at.most((await this.rig.store.outbox.finished(0)).length)
  }
}

/** A branch that forked below all that was seen looks like a node that is behind, until it has grown as long. */
function requireLag(error: unknown): void {
  if (error instanceof SluiceError && error.details?.includes('was seen before') === true) return
  throw error
}

describe('settlement under drops, reorganisations, restarts and dear gas', () => {
  it('pays everything exactly once the faults stop, and leaves nothing open (I24, I25)', async function () {
    this.timeout(600_000)
    let executed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
        const world = await createWorld()
        try {
          const chaos = new Chaos(world)
          for (let index = 0; index < 4; index += 1) await chaos.open()
          await world.automine(false)
          for (const each of steps) await chaos.run(each)
          executed += chaos.executed
          await chaos.calm()
          await chaos.check()
        } finally {
          await world.end()
        }
      }),
      { numRuns: runs },
    )
    expect(executed).to.be.at.least(runs * 30)
  })
})
