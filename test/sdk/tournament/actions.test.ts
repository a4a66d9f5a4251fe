import { expect } from 'chai'
import { createPublicClient, custom, type Address, type Hex } from 'viem'
import { SluiceError } from '../../../sdk/dist/index.js'
import {
  buildResult,
  defineTournament,
  tournamentActions,
  type Tournament,
  type watchTournament,
} from '../../../sdk/dist/tournament/index.js'
import { collector } from '../collector.js'
import { createChainWorld, failure, type Person } from '../chainWorld.js'

const hour = 3_600
const world = await createChainWorld('Tournaments')
const { contract, reader } = world
const usdc = await world.deploy('UsdcLikeToken')
const plain = await world.deploy('PlainToken')
const of = (person: Person) => person.wallet.extend(tournamentActions({ contract }))
const chain = reader.extend(tournamentActions({ contract }))

const host = await world.person()
const referee = await world.person()
const relayer = await world.person()

async function terms(change: Partial<Tournament> = {}): Promise<Tournament> {
  const now = Number((await reader.getBlock()).timestamp)
  return defineTournament({
    host: host.address,
    referee: referee.address,
    token: usdc,
    stake: 100n,
    bond: 60n,
    challengeBond: 30n,
    keeperReward: 1n,
    rake: 1_000,
    maximumPlayers: 3,
    joinDeadline: now + hour,
    resultDeadline: now + 2 * hour,
    payouts: [7_000, 3_000],
    salt: `0x${'00'.repeat(32)}`,
    ...change,
  })
}

const rich = async (token: Address, options: { readonly coins?: bigint } = {}): Promise<Person> => {
  const person = await world.person(options)
  await world.mint(token, person.address, 1_000n)
  return person
}

const until = (second: number) => world.networkHelpers.time.increaseTo(second)

/** Created, joined by two, and reported: the first won. */
async function reported(tournament: Tournament) {
  const [first, second] = [await rich(tournament.token), await rich(tournament.token)]
  await of(host).createTournament({ tournament })
  await of(first).join({ tournament })
  await of(second).join({ tournament })
  await until(tournament.joinDeadline)
  const placings = [first, second].map(({ address }, index) => ({ player: address, rank: index + 1 }))
  const built = buildResult({ tournament, players: 2, sponsored: 0n, placings })
  await of(host).submitResult({ tournament, result: built.result })
  return { first, second, placings, ...built }
}

async function code(promise: Promise<unknown>): Promise<string> {
  const error = await failure(promise)
  if (error instanceof SluiceError) return error.code
  throw error
}

describe('sdk actions of tournaments', () => {
  before(async () => {
    for (const token of [usdc, plain]) await world.mint(token, host.address, 10_000n)
  })
  after(() => world.stop())

  it('take players from one signature and no coin to a prize (T2, T9)', async () => {
    const tournament = await terms()
    expect((await of(host).planCreateTournament({ tournament })).prompts).to.be.at.most(2)
    const { tournamentId } = await of(host).createTournament({ tournament })
    const giver = await rich(usdc)
    expect(await of(giver).sponsor({ tournament, amount: 41n })).to.include({
      sponsor: giver.address,
      amount: 41n,
    })
    const poor = [await rich(usdc, { coins: 0n }), await rich(usdc, { coins: 0n })]
    for (const player of poor) {
      const signed = await of(player).signJoin({ tournament })
      expect(player.prompts).to.deep.equal(['eth_signTypedData_v4'])
      const joined = await of(relayer).join({ tournament, ...signed })
      expect(joined).to.include({
        tournamentId,
        player: player.address,
        payer: player.address,
        method: 'given',
      })
    }
    await until(tournament.joinDeadline)
    const placings = poor.map(({ address }, index) => ({ player: address, rank: index + 1 }))
    const { result, prizes, root } = buildResult({ tournament, players: 2, sponsored: 41n, placings })
    expect((await of(host).submitResult({ tournament, result })).root).to.equal(root)
    const signatures = await Promise.all(
      poor.map((player) =>
        of(player).signConfirmation({ tournament, account: likeHardware(player.account) }),
      ),
    )
    expect(await of(relayer).confirm({ tournament, signatures })).to.include({ pool: 221n, rake: 20n })
    const { transactions } = await of(relayer).payMany({ tournament, prizes, batch: 1 })
    expect(transactions.map(({ reward }) => reward)).to.deep.equal([1n, 1n])
    expect(await Promise.all(poor.map(({ address }) => world.balanceOf(usdc, address)))).to.deep.equal([
      900n + 155n,
      900n + 66n,
    ])
    expect(await world.balanceOf(usdc, contract)).to.equal(0n)
    expect((await of(relayer).payMany({ tournament, prizes })).transactions).to.deep.equal([])
  })

  it('let a host, a sponsor and a challenger sign for others to submit (T9)', async () => {
    const tournament = await terms({ salt: `0x${'01'.repeat(32)}` })
    const { payment } = await of(host).signCreateTournament({ tournament })
    expect(await code(of(relayer).createTournament({ tournament }))).to.equal('not-allowed')
    await of(relayer).createTournament({ tournament, payment })
    const giver = await rich(usdc, { coins: 0n })
    const gift = await of(giver).signSponsor({ tournament, amount: 5n })
    const given = await of(relayer).sponsor({ tournament, amount: 5n, payment: gift.payment })
    expect(given.sponsor).to.equal(giver.address)
    const [alice, bob] = [await rich(usdc), await rich(usdc)]
    for (const player of [alice, bob]) await of(player).join({ tournament })
    await until(tournament.joinDeadline)
    const placings = [alice, bob].map(({ address }, index) => ({ player: address, rank: index + 1 }))
    const right = buildResult({ tournament, players: 2, sponsored: 5n, placings })
    const swapped = placings.map(({ player, rank }) => ({ player, rank: 3 - rank }))
    const wrong = buildResult({ tournament, players: 2, sponsored: 5n, placings: swapped })
    await of(host).submitResult({ tournament, result: wrong.result })
    const dispute = await of(alice).signChallenge({ tournament })
    const challenged = await of(relayer).challenge({ tournament, payment: dispute.payment })
    expect(challenged.challenger).to.equal(alice.address)
    expect(await code(of(host).rule({ tournament, result: right.result }))).to.equal('not-allowed')
    const { upheld, root } = await of(referee).rule({ tournament, result: right.result })
    expect({ upheld, root }).to.deep.equal({ upheld: false, root: right.root })
    const prize = right.prizes.find(({ player }) => player === alice.address)
    if (prize === undefined) throw new Error('alice won')
    const to = '0x00000000000000000000000000000000000000aa'
    expect((await of(alice).claimPrize({ tournament, prize, to })).amount).to.equal(prize.amount)
    expect(await world.balanceOf(usdc, to)).to.equal(prize.amount)
    expect(await code(of(alice).claimPrize({ tournament, prize }))).to.equal('nothing-owed')
  })

  it('refuse before the first prompt what would fail, and say why with both numbers', async () => {
    const tournament = await terms({ salt: `0x${'02'.repeat(32)}`, maximumPlayers: 2, token: plain })
    const [alice, bob, carol] = [await rich(plain), await rich(plain), await rich(plain)]
    expect(await code(of(alice).join({ tournament }))).to.equal('unknown-tournament')
    await of(host).createTournament({ tournament })
    expect(await code(of(host).createTournament({ tournament }))).to.equal('tournament-exists')
    await of(alice).join({ tournament })
    carol.prompts.length = 0
    expect(await code(of(carol).join({ tournament, player: alice.address }))).to.equal('already-joined')
    await of(bob).join({ tournament })
    const full = await failure(of(carol).join({ tournament }))
    expect(full).to.include({ code: 'field-full' })
    expect((full as SluiceError).details).to.include('players 2, maximum 2')
    expect(await code(of(carol).challenge({ tournament }))).to.equal('wrong-stage')
    expect(await code(of(carol).leave({ tournament }))).to.equal('not-a-player')
    expect(await code(of(carol).finalize({ tournament }))).to.equal('wrong-stage')
    expect(await code(of(carol).join({ tournament, payment: '0x02' }))).to.equal('invalid-argument')
    await of(bob).leave({ tournament })
    expect(await world.balanceOf(plain, bob.address)).to.equal(1_000n)
    await until(tournament.joinDeadline)
    expect(await code(of(carol).join({ tournament }))).to.equal('deadline-passed')
    expect(await code(of(carol).sponsor({ tournament, amount: 1n }))).to.equal('deadline-passed')
    const nobody = { result: { players: [], ranks: [], root: `0x${'00'.repeat(32)}`, total: 0n } } as const
    expect(await code(of(host).submitResult({ tournament, ...nobody }))).to.equal('too-few-players')
    expect(carol.prompts).to.deep.equal([])
  })

  it('give everybody the money back, and nothing twice (T4, T6)', async () => {
    const tournament = await terms({ salt: `0x${'03'.repeat(32)}` })
    const { first, second } = await reported(tournament)
    const outsider = await rich(usdc)
    expect(await code(of(outsider).challenge({ tournament }))).to.equal('not-a-player')
    await of(second).challenge({ tournament })
    expect((await of(referee).annul({ tournament })).share).to.equal(100n)
    const accounts = [first.address, second.address, outsider.address]
    const { transactions } = await of(relayer).refund({ tournament, accounts, batch: 2 })
    expect(transactions.map(({ refunded }) => refunded.length)).to.deep.equal([2, 0])
    expect(await world.balanceOf(usdc, first.address)).to.equal(1_000n)
    expect(await code(of(first).withdrawOwed({ token: usdc }))).to.equal('nothing-owed')
    expect(await chain.getOwed({ account: first.address, token: usdc })).to.equal(0n)
  })

  it('end what cannot reach its prizes, and say why', async () => {
    const tournament = await terms({ salt: `0x${'04'.repeat(32)}` })
    await of(host).createTournament({ tournament })
    expect(await code(of(relayer).cancelTournament({ tournament }))).to.equal('not-allowed')
    const cancelled = await of(host).cancelTournament({ tournament })
    expect(cancelled).to.include({ reason: 'host-cancelled', share: 100n })
  })

  it('are told as they happen, those that were asked for, and taken back with their block (I24)', async () => {
    const tournament = await terms({ salt: `0x${'06'.repeat(32)}` })
    const other = await terms({ salt: `0x${'07'.repeat(32)}` })
    const { tournamentId } = await of(host).createTournament({ tournament })
    const seen = collector<watchTournament.Event>()
    const stop = chain.watchTournament({ tournamentId, fromBlock: 0n, ...seen })
    await of(host).createTournament({ tournament: other })
    const [alice, bob] = [await rich(usdc), await rich(usdc)]
    await of(alice).join({ tournament: other })
    await of(alice).join({ tournament })
    await seen.until(() => seen.events.length === 2)
    const snapshot = await world.provider.request({ method: 'evm_snapshot' })
    await of(alice).leave({ tournament })
    await seen.until(() => seen.events.length === 3)
    await world.provider.request({ method: 'evm_revert', params: [snapshot] })
    await world.networkHelpers.mine(2)
    await of(bob).join({ tournament })
    await seen.until(() => seen.events.length === 5)
    stop()
    expect(seen.events.every((event) => event.tournamentId === tournamentId)).to.equal(true)
    expect(seen.events.map(({ type, removed }) => (removed ? `not ${type}` : type))).to.deep.equal([
      'created',
      'joined',
      'left',
      'not left',
      'joined',
    ])
    expect(seen.events[0]).to.deep.include({ type: 'created', tournament })
    expect(seen.events[4]).to.include({ player: bob.address, payer: bob.address })
    expect(seen.errors).to.deep.equal([])
  })

  it('find the tournaments of an account from the chain, go on by a cursor, and read no block twice', async () => {
    const tournament = await terms({ salt: `0x${'05'.repeat(32)}` })
    const { tournamentId } = await of(host).createTournament({ tournament })
    const player = await rich(usdc)
    await of(player).join({ tournament })
    const asked: bigint[] = []
    const counting = createPublicClient({
      chain: world.chain,
      transport: custom(
        {
          request: async (request: { method: string; params?: unknown }) => {
            if (request.method === 'eth_getLogs') {
              const [{ fromBlock }] = request.params as [{ fromBlock: `0x${string}` }]
              asked.push(BigInt(fromBlock))
            }
            return await world.provider.request(request)
          },
        },
        { retryCount: 0 },
      ),
    }).extend(tournamentActions({ contract }))
    const mine = { account: player.address, depth: 0n }
    const once = await counting.findTournaments(mine)
    expect(once.tournaments.map((each) => each.tournamentId)).to.deep.equal([tournamentId])
    expect(once.tournaments[0]?.tournament).to.deep.equal(tournament)
    asked.length = 0
    await of(host).sponsor({ tournament, amount: 7n })
    const head = await reader.getBlockNumber()
    const again = await counting.findTournaments({ ...mine, cursor: once.cursor })
    expect(Object.values(again.tournaments[0]?.sponsors ?? {})).to.deep.equal([7n])
    expect(asked.every((block) => block > head - 3n)).to.equal(true)
    const byId = await counting.findTournaments({ tournamentIds: [tournamentId] })
    expect(byId.tournaments).to.deep.equal(again.tournaments)
    const hosted = await counting.findTournaments({ account: host.address })
    expect(hosted.tournaments.length).to.be.greaterThan(3)
    const other = counting.findTournaments({ account: host.address, cursor: once.cursor })
    expect(await code(other)).to.equal('invalid-argument')
    // What is not deep enough is told and not kept.
    const shallow = await counting.findTournaments({ account: player.address })
    expect(shallow.tournaments).to.have.length(1)
    expect(shallow.cursor).to.include('"tournaments":{}')
  })
})

/** The same account as a hardware wallet signs: with 0 or 1 at the end, where contracts want 27 or 28. */
function likeHardware(account: Person['account']): Person['account'] {
  return {
    ...account,
    signTypedData: async (data) => {
      const signature = await account.signTypedData(data)
      return `${signature.slice(0, -2)}0${String(Number.parseInt(signature.slice(-2), 16) - 27)}` as Hex
    },
  }
}
