import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther, type Address } from 'viem'
import { deployUsdc } from './usdc.js'
import { base, createWorld, type Payer, type World } from './world.js'

const hour = 3_600
const coins = parseEther('10')

describe('tournaments by command line', function () {
  this.timeout(300_000)
  let world: World
  let host: Payer
  let referee: Payer
  let keeper: Payer
  let players: readonly Payer[]

  before(async () => {
    world = await createWorld()
    const people = await Promise.all(Array.from({ length: 7 }, () => world.payer(coins)))
    ;[host, referee, keeper] = people as [Payer, Payer, Payer]
    players = people.slice(3)
  })

  after(() => world.stop())

  const run = (file: string, args: readonly string[], who: Payer) =>
    world.sluiceJson(['tournament', ...args, '--tournament', file], who.env)
  const yes = async (file: string, args: readonly string[], who: Payer) => {
    const done = await run(file, [...args, '--yes'], who)
    expect(done.code, `${args.join(' ')}: ${done.stdout} ${done.stderr}`).to.equal(0)
    return done.value
  }
  const show = async (file: string) => (await run(file, ['show'], keeper)).value
  const codeOf = (value: Record<string, unknown>) => (value['error'] as { code?: string }).code

  /** Entry 1, half, three tenths and a fifth, a bond of 2. */
  const init = async (file: string, args: readonly string[] = []) => {
    const money = ['--entry', '1', '--split', '50,30,20', '--bond', '2', '--challenge-bond', '0.5']
    const times = ['--join-until', '2h', '--result-until', '1d', '--challenge', '1h']
    const people = ['--referee', referee.address]
    const done = await run(file, ['init', ...money, ...times, ...people, ...args], host)
    expect(done.code, done.stderr).to.equal(0)
    return done.value
  }
  const joinAll = (file: string, who: readonly Payer[]) =>
    Promise.all(who.map((player) => yes(file, ['join'], player)))
  const order = (...who: readonly Payer[]) => ['--order', who.map(({ address }) => address).join(',')]

  /** What somebody gained or lost but for gas, wei. */
  const gained = async ({ address }: Payer, since: bigint) =>
    (await world.balance(address)) + (await world.gasPaidBy(address)) - since
  const worth = async ({ address }: Payer) =>
    (await world.balance(address)) + (await world.gasPaidBy(address))

  it('goes from a file to prizes that nobody had to ask for, exact to the wei (T2, T3)', async () => {
    const file = 'cup.json'
    const asked = await run(file, ['init', '--entry', '1'], host)
    expect(asked.code).to.equal(2)
    const wrong = await world.sluice(['tournament', 'init', '--split', '50,30'], host.env)
    expect(wrong.code).to.equal(2)
    expect(wrong.stderr).to.include('add up to 100, found 80')
    const written = await init(file, ['--rake', '5', '--keeper-reward', '0.01', '--min-players', '3'])
    expect(written['tournament']).to.deep.include({ payouts: [5_000, 3_000, 2_000], rake: 500 })

    const refused = await world.sluice(['tournament', 'create', '--tournament', file], host.env)
    expect(refused.code).to.equal(3)
    expect(refused.stderr)
      .to.match(/Put down 2[.0]* ETH/)
      .and.to.match(/gas {3}at most \d+/)
    expect(await yes(file, ['create'], host)).to.include({ created: true, stage: 'open' })
    expect(await yes(file, ['create'], host)).to.include({ created: false })

    await yes(file, ['sponsor', '0.5'], keeper)
    await joinAll(file, players)
    expect(await yes(file, ['join'], players[0] as Payer)).to.include({ joined: false, players: 4 })
    const early = await run(file, ['report', ...order(...players), '--yes'], host)
    expect([early.code, codeOf(early.value)]).to.deep.equal([1, 'deadline-not-reached'])
    expect((await run(file, ['draw'], keeper)).code).to.equal(1)

    await world.later(2 * hour)
    const drawn = await run(file, ['draw'], host)
    expect(drawn.code, drawn.stderr).to.equal(0)
    // Whoever draws gets the same.
    expect((await run(file, ['draw', '--bracket', 'again.json'], keeper)).value['seeds']).to.deep.equal(
      drawn.value['seeds'],
    )
    const open = await run(file, ['report', '--yes'], host)
    expect(open.code).to.equal(2)
    const [first, second] = (drawn.value['rounds'] as { sides: [Address, Address] }[][])[0] ?? []
    if (first === undefined || second === undefined) throw new Error('four players meet in two matches')
    const [champion, third] = first.sides
    const [runnerUp, fourth] = second.sides
    for (const winner of [champion, runnerUp, champion]) {
      expect((await run(file, ['win', winner], host)).code).to.equal(0)
    }
    expect((await run(file, ['win', third], host)).code).to.equal(2)

    await yes(file, ['report'], host)
    const told = await show(file)
    expect(told['people']).to.deep.include({
      player: champion,
      rank: 1,
      prize: { amount: '2.15', base: parseEther('2.15').toString(), symbol: 'ETH' },
      paid: { amount: '0', base: '0', symbol: 'ETH' },
      refunded: { amount: '0', base: '0', symbol: 'ETH' },
    })
    expect((told['next'] as { verb: string }[]).map(({ verb }) => verb)).to.deep.equal([
      'challenge',
      'confirm',
      'finalize',
    ])
    const text = await world.sluice(['tournament', 'show', '--tournament', file], keeper.env)
    expect(text.stdout)
      .to.include('semi-finals')
      .and.to.match(/challenge a player until/)

    await world.later(hour)
    await yes(file, ['finalize'], keeper)
    const paid = await yes(file, ['pay', '--batch', '2'], keeper)
    expect(paid).to.include({ stage: 'paid' })
    expect(paid['transactions']).to.have.length(2)
    expect(base(paid['reward'])).to.equal(parseEther('0.04'))
    expect((await yes(file, ['pay'], keeper))['paid']).to.deep.equal([])

    // Four entries of 1 with 0.2 for the host, and half from a sponsor: 4.3 for the winners.
    const prizes = new Map<string, bigint>([
      [champion, parseEther('2.15')],
      [runnerUp, parseEther('1.29')],
      [third, parseEther('0.43')],
      [fourth, parseEther('0.43')],
    ])
    for (const player of players) {
      const prize = prizes.get(player.address.toLowerCase()) ?? 0n
      expect(await gained(player, coins)).to.equal(prize - parseEther('1'))
    }
    expect(await gained(host, coins)).to.equal(parseEther('0.16'))
    expect(await gained(keeper, coins)).to.equal(parseEther('0.04') - parseEther('0.5'))
  })

  it('gives stakes and bond to the players when the host disappears (T6, T12)', async () => {
    const file = 'gone.json'
    await init(file)
    await yes(file, ['create'], host)
    const [alice, bob, carol] = players as [Payer, Payer, Payer]
    const before = await Promise.all([alice, bob].map(worth))
    await joinAll(file, [alice, bob, carol])
    await yes(file, ['leave'], carol)
    const early = await run(file, ['cancel', '--yes'], keeper)
    expect([early.code, codeOf(early.value)]).to.deep.equal([1, 'not-allowed'])
    await world.later(26 * hour)
    expect(await yes(file, ['cancel'], keeper)).to.include({ stage: 'refunding' })
    expect((await yes(file, ['refund'], keeper))['refunded']).to.have.length(2)
    expect((await yes(file, ['refund'], keeper))['refunded']).to.deep.equal([])
    for (const [index, player] of [alice, bob].entries()) {
      expect(await gained(player, before[index] ?? 0n)).to.equal(parseEther('1'))
    }
  })

  it('lets a player challenge and the referee rule, the bonds to whoever was right (T12)', async () => {
    const file = 'dispute.json'
    await init(file)
    await yes(file, ['create'], host)
    const [alice, bob, carol] = players as [Payer, Payer, Payer]
    const before = await worth(alice)
    await joinAll(file, [alice, bob, carol])
    await world.later(2 * hour)
    await yes(file, ['report', ...order(bob, carol, alice)], host)
    const stranger = await run(file, ['challenge', '--yes'], keeper)
    expect([stranger.code, codeOf(stranger.value)]).to.deep.equal([1, 'not-a-player'])
    expect(await yes(file, ['challenge'], alice)).to.include({ stage: 'disputed' })
    const notYours = await run(file, ['rule', '--uphold', '--yes'], host)
    expect([notYours.code, codeOf(notYours.value)]).to.deep.equal([1, 'not-allowed'])
    const ruled = await yes(file, ['rule', ...order(alice, bob, carol)], referee)
    expect(ruled).to.include({ upheld: false, stage: 'final' })
    await yes(file, ['pay'], keeper)
    // Half of three entries for one, and the bond of the host.
    expect(await gained(alice, before)).to.equal(parseEther('1.5') - parseEther('1') + parseEther('2'))
    expect(await show(file)).to.include({ stage: 'paid' })
  })

  it('pays in a token, makes a result final by the signatures of all players, and lets a winner take its prize elsewhere', async () => {
    const file = 'agreed.json'
    const { token, mint, balanceOf } = await deployUsdc(world)
    await init(file, ['--token', token])
    const [alice, bob] = players as [Payer, Payer]
    for (const { address } of [host, alice, bob]) await mint(address, 10_000_000n)
    await yes(file, ['create'], host)
    await joinAll(file, [alice, bob])
    expect(await balanceOf(alice.address)).to.equal(9_000_000n)
    await world.later(2 * hour)
    await yes(file, ['report', ...order(alice, bob)], host)
    const signed = await Promise.all(
      [alice, bob].map((player) => world.sluice(['tournament', 'sign', '--tournament', file], player.env)),
    )
    for (const [index, { stdout }] of signed.entries()) {
      await writeFile(join(world.folder, `signed${String(index)}.json`), stdout)
    }
    const half = await run(file, ['confirm', 'signed0.json', '--yes'], keeper)
    expect(half.code).to.equal(1)
    expect(await yes(file, ['confirm', 'signed0.json', 'signed1.json'], keeper)).to.include({
      stage: 'final',
    })
    const to: Address = '0x00000000000000000000000000000000000000aa'
    await yes(file, ['claim', '--to', to], alice)
    expect(await balanceOf(to)).to.equal(1_400_000n)
    expect((await yes(file, ['pay'], keeper))['paid']).to.have.length(1)
    const left = await Promise.all([host, alice, bob].map(({ address }) => balanceOf(address)))
    expect(left).to.deep.equal([10_000_000n, 9_000_000n, 9_600_000n])
  })

  it('enters a player who has no coin by its signature, once, and tells the player what it paid (T9)', async () => {
    const file = 'gasless.json'
    const { token, mint, balanceOf } = await deployUsdc(world)
    await init(file, ['--token', token])
    await mint(host.address, 10_000_000n)
    await yes(file, ['create'], host)
    const poor = await world.payer(0n)
    await mint(poor.address, 5_000_000n)
    const joinBy = (who: Payer, ...args: readonly string[]) => run(file, ['join', ...args], who)
    const unsaid = await joinBy(poor, '--sign')
    expect(unsaid.code).to.equal(3)
    expect(unsaid.stdout).not.to.include('payment')
    const signed = await joinBy(poor, '--sign', '--yes')
    expect(signed.code, signed.stderr).to.equal(0)
    expect(signed.value).to.include({ player: poor.address, method: 'authorization' })
    await writeFile(join(world.folder, 'poor.json'), signed.stdout)
    expect(await balanceOf(poor.address), 'signing pays nothing').to.equal(5_000_000n)

    const other = { ...signed.value, player: keeper.address }
    await writeFile(join(world.folder, 'other.json'), JSON.stringify(other))
    expect((await joinBy(keeper, '--signed', 'other.json', '--yes')).code, 'for nobody else').to.equal(1)
    const late = { ...signed.value, deadline: 7 }
    await writeFile(join(world.folder, 'late.json'), JSON.stringify(late))
    const tooLate = await joinBy(keeper, '--signed', 'late.json', '--yes')
    expect(tooLate.code).to.equal(1)
    expect(tooLate.stdout).to.match(/until second 7, and it is \d+/)
    const both = ['tournament', 'join', '--tournament', file, '--signed', 'poor.json', '--sign']
    expect((await world.sluice(both, keeper.env)).code).to.equal(2)

    const joined = await yes(file, ['join', '--signed', 'poor.json'], keeper)
    expect(joined).to.deep.include({ player: poor.address, joined: true, players: 1 })
    expect(await balanceOf(poor.address)).to.equal(4_000_000n)
    expect(await world.balance(poor.address)).to.equal(0n)
    const again = await yes(file, ['join', '--signed', 'poor.json'], keeper)
    expect(again).to.include({ joined: false, players: 1 })
    expect(await balanceOf(poor.address)).to.equal(4_000_000n)
  })

  it('goes on from what earlier versions had noted, without whose it was or in a file of its own', async () => {
    const file = 'earlier.json'
    await init(file)
    await yes(file, ['create'], host)
    const sponsor = () => yes(file, ['sponsor', '0.5'], keeper)
    const purpose = `sponsor ${parseEther('0.5')} ${keeper.address.toLowerCase()}`
    const first = await sponsor()
    const [hash] = first['transactions'] as readonly unknown[]

    await world.noteSent(file, { about: undefined, purpose, hash })
    expect((await sponsor())['transactions']).to.deep.equal([hash])

    await rm(join(world.folder, 'earlier.sent.jsonl'))
    const progress = { sent: { [purpose]: hash }, cursor: 'of that version' }
    await writeFile(join(world.folder, 'earlier.progress.json'), JSON.stringify(progress))
    const again = await sponsor()
    expect(again['transactions']).to.deep.equal([hash])
    expect(again['sponsored']).to.deep.equal(first['sponsored'])

    expect((await sponsor())['transactions'], 'what is known is forgotten').not.to.include(hash)
  })

  it('goes on where it was when it is killed after sending, and pays nothing twice', async () => {
    const file = 'killed.json'
    await init(file)
    await yes(file, ['create'], host)
    const [, , , dora] = players as [Payer, Payer, Payer, Payer]
    const before = await worth(dora)
    await world.node.test.setAutomine(false)
    const journal = join(world.folder, 'killed.sent.jsonl')
    const sentOf = async () => {
      const lines = (await readFile(journal, 'utf8')).trim().split('\n')
      const kept = lines.map((line) => JSON.parse(line) as { purpose: string; hash: string | null })
      const pending = new Map(kept.map(({ purpose, hash }) => [purpose, hash]))
      return [...pending].filter(([, hash]) => hash !== null)
    }
    const running = world.start(['tournament', 'join', '--tournament', file, '--yes'], dora.env)
    const deadline = Date.now() + 120_000
    while (
      (await world.node.client.request({ method: 'eth_getBlockByNumber', params: ['pending', false] }))
        ?.transactions.length === 0
    ) {
      if (Date.now() > deadline) throw new Error('nothing was sent')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    running.signal('SIGKILL')
    await running.ended
    const [[purpose, hash] = ['', '']] = await sentOf()
    expect(purpose).to.include('join')
    await world.node.test.setAutomine(true)
    await world.node.test.mine({ blocks: 1 })
    const again = await yes(file, ['join'], dora)
    expect(again).to.deep.include({ joined: true, transactions: [hash], players: 1 })
    expect(await sentOf()).to.deep.equal([])
    expect(await gained(dora, before)).to.equal(-parseEther('1'))
  })
})
