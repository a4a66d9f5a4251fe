import { createTestClient, createWalletClient, http, type Account, type Address } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { formatAmount, tournamentsAddress } from '@sluice/sdk'
import {
  bracketPlacings,
  buildResult,
  commitSeed,
  createBracket,
  createTournament,
  defineTournament,
  finalize,
  getTournament,
  join,
  payMany,
  randomFromSeed,
  recordWinner,
  revealSeed,
  shuffle,
  signJoin,
  splitPot,
  sponsor as giveToPrizes,
  submitResult,
  type Bracket,
  type RandomSource,
  type Tournament,
} from '@sluice/sdk/tournament'
import { host, keeper, referee, sponsor } from './accounts.ts'
import { mint, putContracts, startChain, type LocalChain } from './chain.ts'
import { allExact, type Check } from './checks.ts'
import { readBalances } from './ledger.ts'
import type { Part } from './part.ts'
import { createPlayers, type Player } from './players.ts'
import type { Screen } from './screen.ts'

const decimals = 6
const fortune = 100_000_000n
const stake = 10_000_000n
const bond = 20_000_000n
/** Does not divide, so that something is left over. */
const sponsored = 25_000_001n
const keeperReward = 10_000n
const day = 86_400
const hour = 3_600

/** The tour of tournaments: eight players from their stakes to their prizes, and every base unit accounted for. */
export const tournament: Part = {
  name: 'tournament',
  about: 'eight players from their stakes to their prizes, paid without doing anything',
  run: async (screen) => {
    screen.step('Starting a chain on this machine')
    const local = await startChain()
    try {
      screen.say(local.url)
      return await play(screen, local)
    } finally {
      await local.stop()
    }
  },
}

type Stage = {
  readonly screen: Screen
  readonly local: LocalChain
  readonly token: Address
  readonly players: readonly Player[]
}

async function play(screen: Screen, local: LocalChain): Promise<boolean> {
  screen.step('Deploying')
  const { token } = await putContracts(local, ['tournaments'])
  const players = createPlayers()
  const stage: Stage = { screen, local, token, players }
  const accounts = players.map(({ account }) => account.address)
  await mint(local, token, [...accounts, host.address, sponsor.address], fortune)
  screen.table([
    ['Tournaments', tournamentsAddress],
    ['token', `${token} (behaves like USDC)`],
  ])
  const holders: Readonly<Record<string, Address>> = {
    ...Object.fromEntries(players.map(({ name, account }) => [name, account.address])),
    host: host.address,
    sponsor: sponsor.address,
    keeper: keeper.address,
    contract: tournamentsAddress,
  }
  const before = await readBalances(local.client, token, holders)

  const { terms, secret } = await open(stage)
  await fill(stage, terms)
  await until(local, terms.joinDeadline)
  const bracket = playBracket(stage, secret)
  await settle(stage, terms, bracket)

  const after = await readBalances(local.client, token, holders)
  showBalances(screen, before, after)
  const { stage: last } = await getTournament(local.client, { tournament: terms })
  const expected = expectedChanges(bracket, players)
  return allExact(screen, [
    ['the tournament is paid', last === 'paid' ? 1n : 0n, 1n],
    ...Object.keys(holders).map((name): Check => {
      const changed = (after[name] ?? 0n) - (before[name] ?? 0n)
      return [`${name}: ${signed(expected.get(name) ?? 0n)}`, changed, expected.get(name) ?? 0n]
    }),
    ['nothing appeared or vanished', total(after), total(before)],
  ])
}

/** The host creates the tournament, and commits to its part of the draw before anybody joins. */
async function open({ screen, local, token }: Stage) {
  const { timestamp } = await local.client.getBlock()
  const now = Number(timestamp)
  const terms = defineTournament({
    host: host.address,
    referee,
    token,
    stake,
    bond,
    keeperReward,
    rake: 500,
    minimumPlayers: 8,
    maximumPlayers: 8,
    joinDeadline: now + day,
    resultDeadline: now + 2 * day,
    challengeWindow: hour,
    payouts: [5_000, 3_000, 2_000],
  })
  const secret = generatePrivateKey()
  screen.step('A host creates a tournament for eight')
  const { tournamentId } = await createTournament(walletOf(local, host), { tournament: terms })
  screen.table([
    ['tournament', tournamentId],
    ['entry', usdc(stake)],
    ['split', '50 %, 30 %, 20 %; the losers of the semi-finals share the third place'],
    ["host's share", '5 % of the entries, of which whoever pays the winners gets 0.01 for each'],
    ["host's bond", `${usdc(bond)}, for the players if it never reports`],
    ['draw', `the host commits to ${commitSeed(secret).slice(0, 18)}…`],
  ])
  screen.step(`A sponsor adds ${usdc(sponsored)} to the prizes`)
  await giveToPrizes(walletOf(local, sponsor), { tournament: terms, amount: sponsored })
  return { terms, secret }
}

/** Nobody who joins owns any coin: each signs once, and somebody else submits it. */
async function fill({ screen, local, players }: Stage, terms: Tournament): Promise<void> {
  screen.step('Eight players join: each signs once, owns no coin, and a relayer pays the gas')
  const relayer = walletOf(local, keeper)
  for (const { name, account } of players) {
    const { payment } = await signJoin(walletOf(local, account), { tournament: terms })
    await join(relayer, { tournament: terms, player: account.address, payment })
    screen.say(`${name.padEnd(5)} ${account.address}  stakes ${usdc(stake)}`)
  }
  const { pool, rake } = splitPot(terms, players.length, sponsored)
  screen.say(`prizes ${usdc(pool)}, the host's share ${usdc(rake)}`)
}

/** The draw follows from the host's secret and from who joined; so do, in this tour, the matches. */
function playBracket({ screen, players }: Stage, secret: `0x${string}`): Bracket {
  screen.step('Nobody can join any more: the host reveals, the bracket is drawn and played')
  const commitments = [{ by: host.address, commitment: commitSeed(secret) }]
  const accounts = players.map(({ account }) => account.address)
  const seed = revealSeed({ commitments, reveals: [{ by: host.address, secret }], players: accounts })
  const random: RandomSource = randomFromSeed(seed)
  let bracket = createBracket(shuffle(accounts, random))
  for (const [round, { length }] of bracket.rounds.entries()) {
    for (let match = 0; match < length; match += 1) {
      const winner = bracket.rounds[round]?.[match]?.sides[random(2)]
      if (winner === undefined || winner === 'bye') throw new Error('eight players have no byes')
      bracket = recordWinner(bracket, { round, match, winner })
    }
    screen.say(['quarter-finals', 'semi-finals', 'final'][round] ?? '')
    for (const { sides, winner } of bracket.rounds[round] ?? []) {
      const [a, b] = sides.map((side) => nameOf(players, side))
      screen.say(`  ${(a ?? '').padEnd(4)} – ${(b ?? '').padEnd(4)}  ${nameOf(players, winner)} wins`)
    }
  }
  return bracket
}

/** Reported, not challenged, final, and paid by somebody who wants the reward. */
async function settle({ screen, local, players }: Stage, terms: Tournament, bracket: Bracket): Promise<void> {
  screen.step('The host reports; nobody challenges the result for an hour')
  const placings = bracketPlacings(bracket)
  const { result, prizes } = buildResult({ tournament: terms, players: players.length, sponsored, placings })
  await submitResult(walletOf(local, host), { tournament: terms, result })
  for (const { player, rank } of [...placings].sort((a, b) => a.rank - b.rank)) {
    const prize = prizes.find((each) => each.player === player)?.amount ?? 0n
    screen.say(`${String(rank)}. ${nameOf(players, player).padEnd(5)} ${usdc(prize)}`)
  }
  const { changedAt } = await getTournament(local.client, { tournament: terms })
  await until(local, changedAt + hour)
  screen.step('A keeper makes it final and pays every winner')
  const wallet = walletOf(local, keeper)
  await finalize(wallet, { tournament: terms })
  const { transactions } = await payMany(wallet, { tournament: terms, prizes })
  for (const { hash, paid } of transactions) screen.say(`${hash}: ${String(paid.length)} winners`)
}

/** Worked out by hand, not by what is under test: pool 101.000001, half, three tenths, and a tenth twice. */
function expectedChanges(bracket: Bracket, players: readonly Player[]): ReadonlyMap<string, bigint> {
  const prizeOfRank = new Map([
    [1, 50_500_001n], // and the base unit that does not divide
    [2, 30_300_000n],
    [3, 10_100_000n],
  ])
  const ranks = new Map(bracketPlacings(bracket).map(({ player, rank }) => [player, rank]))
  return new Map([
    ...players.map(({ name, account }): readonly [string, bigint] => [
      name,
      (prizeOfRank.get(ranks.get(account.address) ?? 0) ?? 0n) - 10_000_000n,
    ]),
    ['host', 3_960_000n],
    ['sponsor', -25_000_001n],
    ['keeper', 40_000n],
    ['contract', 0n],
  ])
}

function showBalances(screen: Screen, before: Held, after: Held): void {
  screen.step('Balances')
  screen.table(
    Object.entries(before).map(([name, amount]) => [name, `${usdc(amount)} → ${usdc(after[name] ?? 0n)}`]),
  )
}

type Held = Readonly<Record<string, bigint>>

function total(balances: Held): bigint {
  return Object.values(balances).reduce((sum, amount) => sum + amount, 0n)
}

function walletOf({ chain, url }: LocalChain, account: Account) {
  return createWalletClient({ account, chain, transport: http(url), pollingInterval: 100 })
}

/** Makes the next block's time at least this second. */
async function until({ chain, url, client }: LocalChain, second: number): Promise<void> {
  const test = createTestClient({ mode: 'hardhat', chain, transport: http(url) })
  const { timestamp } = await client.getBlock()
  if (Number(timestamp) < second) await test.setNextBlockTimestamp({ timestamp: BigInt(second) })
  await test.mine({ blocks: 1 })
}

function nameOf(players: readonly Player[], side: Address | 'bye' | undefined): string {
  return players.find(({ account }) => account.address === side)?.name ?? '?'
}

function usdc(amount: bigint): string {
  return `${formatAmount(amount, decimals)} USDC`
}

function signed(amount: bigint): string {
  return amount < 0n ? `−${usdc(-amount)}` : `+${usdc(amount)}`
}
