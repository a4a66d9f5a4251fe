import { expect } from 'chai'
import fc from 'fast-check'
import { SluiceError } from '@sluice/sdk'
import { costOf } from '@sluice/sdk/session'
import { FaultyWorld, fairWeather, type Weather } from './faultyWorld.js'
import { channelId, operator, verifier } from './world.js'

const deep = process.env['SLUICE_DEEP'] === '1'
const runs = deep ? 4_000 : 100
const leastCommands = deep ? 100_000 : 2_000

/** One thing that happens to a payer, a payee, their disks or the network between them. */
type Command =
  | { readonly do: 'stream'; readonly pieces: number; readonly atOnce: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'tip'; readonly amount: bigint }
  | { readonly do: 'player'; readonly state: 'playing' | 'paused' | 'buffering' }
  | { readonly do: 'cut' }
  | { readonly do: 'weather'; readonly weather: Weather }
  | { readonly do: 'outage'; readonly ms: number }
  | { readonly do: 'killPayee' }
  | { readonly do: 'restartPayer' }
  | { readonly do: 'restoreOldPayer'; readonly copy: number }
  | { readonly do: 'secondTab' }
  | { readonly do: 'topUp'; readonly amount: bigint }
  | { readonly do: 'requestClose' }
  | { readonly do: 'stop' }

const weather: fc.Arbitrary<Weather> = fc.oneof(
  fc.constant(fairWeather),
  fc.record({
    loss: fc.constantFrom(0, 0.1, 0.5, 1),
    twice: fc.constantFrom(0, 0.3, 1),
    delayMs: fc.constantFrom(0, 50, 400, 3_000),
  }),
)

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('stream' as const),
      pieces: fc.integer({ min: 1, max: 60 }),
      atOnce: fc.constantFrom(1, 1, 3, 20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('tip' as const), amount: fc.bigInt({ min: 1n, max: 30_000n }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('player' as const),
      state: fc.constantFrom('playing' as const, 'playing' as const, 'paused' as const, 'buffering' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'cut' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('weather' as const), weather }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('outage' as const), ms: fc.integer({ min: 100, max: 40_000 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'killPayee' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'restartPayer' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restoreOldPayer' as const), copy: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'secondTab' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('topUp' as const),
      amount: fc.bigInt({ min: 1n, max: 200_000n }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'requestClose' as const }, { do: 'stop' as const }) },
)

async function perform(world: FaultyWorld, command: Command, serial: number): Promise<void> {
  const { clock } = world
  switch (command.do) {
    case 'stream':
      for (let piece = 0; piece < command.pieces; piece += 1) {
        world.deliver(command.atOnce)
        await clock.advance(100)
      }
      return
    case 'pass':
      return clock.advance(command.ms)
    case 'tip':
      try {
        world.payer.tip({ id: `tip-${serial}`, amount: command.amount, message: '' })
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error
        expect(error.code).to.be.oneOf(['budget-spent', 'amount-exceeds-rate', 'second-tab'])
      }
      return clock.advance(20)
    case 'player':
      world.payer.media(command.state === 'playing', command.state === 'buffering' ? 'buffering' : 'viewer')
      return clock.advance(5)
    case 'cut':
      world.cut()
      return clock.advance(5)
    case 'weather':
      world.weather = command.weather
      return
    case 'outage':
      world.online = false
      world.cut()
      await clock.advance(command.ms)
      world.online = true
      return
    case 'killPayee':
      await world.killPayee()
      return clock.advance(1)
    case 'restartPayer':
      world.restartPayer()
      return clock.advance(1)
    case 'restoreOldPayer':
      world.restartPayer(command.copy)
      return clock.advance(1)
    case 'secondTab':
      world.openTab()
      return clock.advance(10)
    case 'topUp': {
      const deposited = world.chain.deposited + command.amount
      if (world.chain.closeRequestedAt !== 0) return
      world.chain = { ...world.chain, deposited }
      world.budget += command.amount
      world.payer.fund({ deposited, budget: world.budget })
      return clock.advance(5)
    }
    case 'requestClose':
      world.chain = { ...world.chain, closeRequestedAt: Math.floor(clock.now() / 1000) }
      return world.tellChain()
    case 'stop':
      world.payer.stop()
      return clock.advance(50)
  }
}

/** Faults stop: the viewer opens the page again if it was closed or taken over, and all frames arrive. */
async function calmDown(world: FaultyWorld): Promise<void> {
  world.weather = fairWeather
  world.online = true
  const { phase } = world.payer.state()
  if (phase === 'displaced' || phase === 'failed') world.restartPayer()
  await world.clock.advance(40_000)
  const now = world.payer.state().phase
  if (now === 'displaced' || now === 'failed') world.restartPayer()
  world.payer.media(true, 'viewer')
  await world.clock.advance(10_000)
}

function requireNone(violations: readonly string[]): void {
  if (violations.length > 0) throw new Error(violations.slice(0, 3).join('\n'))
}

const isEnding = (world: FaultyWorld): boolean =>
  world.chain.closeRequestedAt !== 0 || world.record?.consent !== undefined

/** I25: the feed flows again unless the channel ends or the budget is used up. */
async function requireFlow(world: FaultyWorld): Promise<void> {
  if (isEnding(world) || world.isAccused || world.payer.state().stopWanted) return
  const before = world.granted
  for (let piece = 0; piece < 100 && world.granted === before; piece += 1) {
    world.deliver(1)
    await world.clock.advance(100)
  }
  if (world.granted > before) return
  const { signed, budget, deposited } = world.payer.record()
  const cap = budget < deposited ? budget : deposited
  const state = world.payer.state()
  const { record } = world
  expect(
    signed >= cap,
    `I25 stuck: payer ${state.phase} signed ${signed} of ${cap}, units ${state.record.units}, tipped ${state.record.tipped}; ` +
      `payee accepted ${record?.accepted}, spent ${record?.spent}, units ${record?.units}, tipped ${record?.tipped}`,
  ).to.equal(true)
}

/** I25: a player that waits for data gets what is paid ahead, and nothing is signed for it while it waits. */
async function requireDataWhileWaiting(world: FaultyWorld): Promise<boolean> {
  if (isEnding(world) || world.isAccused || world.payer.state().stopWanted) return false
  world.payer.media(false, 'buffering')
  await world.clock.advance(2_000)
  const { signed } = world.payer.record()
  const { accepted, spent, deposited } = world.record ?? { accepted: 0n, spent: 0n, deposited: 0n }
  const before = world.granted
  for (let piece = 0; piece < 200; piece += 1) {
    world.deliver(1)
    await world.clock.advance(100)
  }
  const got = world.granted - before
  const paidAhead = (accepted < deposited ? accepted : deposited) - spent
  const { price, credit } = world.payer.record().offer
  expect(
    got === 20_000n || got * price >= (paidAhead - price / 10n) * 1000n,
    `waiting for data, got ${got} of ${paidAhead}`,
  ).to.equal(true)
  expect(got * price <= (paidAhead + credit * price) * 1000n, `got ${got} for ${paidAhead}`).to.equal(true)
  expect(world.payer.record().signed, 'signed while the player waited').to.equal(signed)
  world.payer.media(true, 'viewer')
  await world.clock.advance(2_000)
  return got > 0n
}

/** I25: a wish to stop ends in a consent to exactly what was spent. */
async function requireEnd(world: FaultyWorld): Promise<void> {
  if (world.chain.closeRequestedAt !== 0) return
  world.payer.stop()
  await world.clock.advance(20_000)
  const { record } = world
  expect(world.payer.record().closed, `I25: no consent, payer ${world.payer.state().phase}`).to.equal(true)
  if (record?.consent === undefined) throw new Error('the payee has not consented')
  const earned = record.spent < record.accepted ? record.spent : record.accepted
  expect(record.consent.capturedAmount, 'captured').to.equal(earned)
  const { payeeSignature } = record.consent
  expect(await verifier.verifyClose(operator.address, channelId, earned, payeeSignature)).to.equal(true)
  for (const event of world.payers.flatMap(({ events }) => events)) {
    if (event.type === 'closed') expect(event.capturedAmount).to.equal(earned)
  }
  const { offer } = world.payer.record()
  const price = { amount: offer.price, unit: offer.unit, per: offer.per }
  expect(record.spent, 'spent').to.equal(costOf(price, record.units) + record.tipped)
}

describe('both machines, failing disks, processes and network', () => {
  it('keep every promise at every moment, and get going again or close once faults stop (I15, I16, I17, I18, I19, I20, I25)', async function () {
    this.timeout(deep ? 3_600_000 : 60_000)
    let executed = 0
    const counts = new Map<Command['do'], number>()
    let granted = 0n
    let waited = 0
    let accused = 0
    // A failure is made smaller for a quarter of an hour; what it was at first should not wait for that.
    let told = false
    const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)
    const keep = async (commands: readonly Command[], seed: number): Promise<void> => {
      const world = new FaultyWorld(seed)
      for (const command of commands) {
        await perform(world, command, executed)
        executed += 1
        counts.set(command.do, (counts.get(command.do) ?? 0) + 1)
        requireNone(world.violations)
      }
      await calmDown(world)
      await requireFlow(world)
      if (await requireDataWhileWaiting(world)) waited += 1
      await requireFlow(world)
      await requireEnd(world)
      requireNone(world.violations)
      requireNone(world.faults.map(String))
      granted += world.granted
      if (world.isAccused) accused += 1
      for (const process of world.payers) process.kill()
      world.hub.stop()
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 10, maxLength: 60, size: 'max' }),
        fc.integer(),
        async (commands, seed) => {
          try {
            await keep(commands, seed)
          } catch (error) {
            if (!told)
              console.log(`      seed ${seed}: ${String(error)}\n      ${JSON.stringify(commands, digits)}`)
            told = true
            throw error
          }
        },
      ),
      { numRuns: runs },
    )
    expect(executed).to.be.at.least(leastCommands)
    expect(counts.size, 'kinds of commands').to.equal(14)
    for (const [kind, count] of counts) expect(count, kind).to.be.at.least(leastCommands / 200)
    // A model in which nothing flows proves nothing.
    expect(granted > BigInt(executed) * 100n).to.equal(true)
    expect(waited).to.be.at.least(runs / 4)
    expect(accused).to.be.at.most(Math.max(1, runs / 500))
    console.log(
      `      ${executed} commands in ${runs} runs, ${granted / 1000n} s delivered, accused in ${accused}`,
    )
  })

  it('flow again when an old copy of the payer comes back while tips are on their way that it knows nothing of (I25)', async () => {
    const commands: readonly Command[] = [
      { do: 'tip', amount: 1n },
      { do: 'tip', amount: 10_454n },
      { do: 'killPayee' },
      { do: 'tip', amount: 9_546n },
      { do: 'secondTab' },
      { do: 'restoreOldPayer', copy: 0 },
      { do: 'stream', pieces: 1, atOnce: 1 },
      { do: 'tip', amount: 10_400n },
      { do: 'restartPayer' },
      { do: 'pass', ms: 0 },
      { do: 'stream', pieces: 47, atOnce: 1 },
      { do: 'cut' },
    ]
    const world = new FaultyWorld(-3)
    for (const [index, command] of commands.entries()) await perform(world, command, index)
    await calmDown(world)
    await requireFlow(world)
    await requireEnd(world)
    requireNone(world.violations)
    for (const process of world.payers) process.kill()
    world.hub.stop()
  })

  it('flow again after a blackout too short to be noticed, in which a whole window and the credit were lost (I25)', async () => {
    const world = new FaultyWorld(1)
    await world.clock.advance(1_000)
    await perform(world, { do: 'stream', pieces: 20, atOnce: 1 }, 0)
    world.weather = { loss: 1, twice: 0, delayMs: 0 }
    await perform(world, { do: 'stream', pieces: 120, atOnce: 1 }, 0)
    const { record } = world
    expect((record?.spent ?? 0n) > (record?.accepted ?? 0n)).to.equal(true)
    world.weather = fairWeather
    await world.clock.advance(8_000)
    const before = world.granted
    await perform(world, { do: 'stream', pieces: 20, atOnce: 1 }, 0)
    expect(world.granted - before).to.equal(2_000n)
    requireNone(world.violations)
    expect(world.payers[0]?.events.filter((event) => event.type === 'joined')).to.have.length(1)
    world.payers[0]?.kill()
    world.hub.stop()
  })
})
