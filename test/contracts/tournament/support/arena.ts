import { ZeroAddress, ZeroHash, type SigningKey } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { built, createGround } from '../../support/ground.js'
import { compact, day, minute, saltOf } from '../../support/terms.js'
import { treeOfRanking, type PrizeTree } from './prizes.js'
import {
  confirmationDigest,
  payoutTable,
  ranking,
  stages,
  tournamentIdOf,
  type Result,
  type Stage,
  type TournamentTerms,
} from './terms.js'

export const hour = 60 * minute

/** What the tests' tournaments share: nine players at most, stakes of 100, a tenth for the host. */
export const stake = 100n
export const bond = 60n
export const challengeBond = 30n

/** One chain with the contract, a plain token and the people of a tournament. Call `reset` before each test. */
export async function createArena(): Promise<Arena> {
  return await built(build())
}

async function build() {
  const ground = await createGround((ethers) => ethers.deployContract('Tournaments'))
  const { contract: tournaments, ethers, networkHelpers, place, stock, time, token, tokenAddress } = ground
  const [host, referee, sponsor, stranger, ...others] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ]
  const players = others.slice(0, 8)
  await stock(token, [host, sponsor, stranger, ...players], 10n ** 12n)
  const start = await time.latest()
  const snapshot = await networkHelpers.takeSnapshot()

  /** Terms of an ordinary tournament, save what a test cares about. */
  const terms = (change: Partial<TournamentTerms> = {}): TournamentTerms => ({
    host: host.address,
    token: tokenAddress,
    referee: referee.address,
    stake,
    bond,
    challengeBond,
    keeperReward: 1n,
    minimumPlayers: 2,
    maximumPlayers: 9,
    joinDeadline: start + day,
    resultDeadline: start + 2 * day,
    challengeWindow: hour,
    rulingWindow: 2 * hour,
    rake: 1_000,
    rulesHash: ethers.id('the rules'),
    salt: saltOf(0),
    payouts: payoutTable(5_000, 3_000, 2_000),
    ...change,
  })
  const id = (of: TournamentTerms) => tournamentIdOf(place, of)
  const native = (of: TournamentTerms, value: bigint) => ({ value: of.token === ZeroAddress ? value : 0n })
  const as = (person: HardhatEthersSigner) => tournaments.connect(person)

  const create = (of: TournamentTerms) => as(host).create(of, '0x', native(of, of.bond))
  const join = (of: TournamentTerms, player: HardhatEthersSigner) =>
    as(player).join(of, player.address, '0x', native(of, of.stake))
  const give = (of: TournamentTerms, amount: bigint) =>
    as(sponsor).sponsor(of, amount, '0x', native(of, amount))
  const challenge = (of: TournamentTerms, player: HardhatEthersSigner) =>
    as(player).challenge(of, '0x', native(of, of.challengeBond))

  /** Makes the next block's time the given second. */
  const nextBlockAt = (second: number) => time.setNextBlockTimestamp(second)

  /** The state as a plain object, with the stage's name. */
  const state = async (of: TournamentTerms) => {
    const raw = await tournaments.tournamentState(id(of))
    return {
      stage: stages[Number(raw.stage)] as Stage,
      players: Number(raw.players),
      changedAt: Number(raw.changedAt),
      settled: Number(raw.settled),
      sponsored: raw.sponsored,
      unpaid: raw.unpaid,
      rakeLeft: raw.rakeLeft,
      share: raw.share,
      challenger: raw.challenger,
      root: raw.root,
    }
  }

  /** The players ranked in the order given; whoever of `field` is not in it did not show up. */
  const ranked = (order: HardhatEthersSigner[], field = order): Result =>
    ranking(new Map(field.map((player) => [player.address, order.indexOf(player) + 1])))

  /** What the players win: stakes without the rake, and the sponsors' money. */
  const poolOf = (of: TournamentTerms, count: number, sponsored = 0n) => {
    const stakes = of.stake * BigInt(count)
    return stakes - (stakes * BigInt(of.rake)) / 10_000n + sponsored
  }
  const treeFor = (of: TournamentTerms, result: Result, sponsored = 0n): PrizeTree =>
    treeOfRanking(of.payouts, poolOf(of, result.players.length, sponsored), result)

  /** Created, and joined by the first `count` players. */
  const filled = async (of: TournamentTerms, count: number) => {
    await create(of)
    for (const player of players.slice(0, count)) await join(of, player)
    return players.slice(0, count)
  }
  /** Reported in the first second: the players came in in their own order. */
  const reported = async (of: TournamentTerms, count = 4) => {
    const field = await filled(of, count)
    await nextBlockAt(of.joinDeadline)
    const result = ranked(field)
    await as(host).submitResult(of, result)
    return { field, result, ...treeFor(of, result) }
  }
  /** Disputed by the last of the players. */
  const disputed = async (of: TournamentTerms, count = 4) => {
    const facts = await reported(of, count)
    const challenger = facts.field[count - 1] as HardhatEthersSigner
    await challenge(of, challenger)
    return { ...facts, challenger }
  }
  /** Final in the first second. */
  const final = async (of: TournamentTerms, count = 4) => {
    const facts = await reported(of, count)
    await nextBlockAt((await state(of)).changedAt + of.challengeWindow)
    await as(stranger).finalize(of)
    return facts
  }

  const phrase = 'test test test test test test test test test test test junk'
  /** The key of one of the players, for signatures that go inside calls. */
  const keyOf = (index: number): SigningKey =>
    ethers.HDNodeWallet.fromMnemonic(ethers.Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${index + 4}`)
      .signingKey

  /** Every player's agreement to a root, in ascending order of address. */
  const confirmations = (of: TournamentTerms, count: number, root: string) => {
    const signed = players.slice(0, count).map(({ address: player }, index) => ({
      player,
      signature: compact(keyOf(index), confirmationDigest(place, id(of), root)),
    }))
    signed.sort((a, b) => (BigInt(a.player) < BigInt(b.player) ? -1 : 1))
    return {
      players: signed.map(({ player }) => player),
      signatures: signed.map(({ signature }) => signature),
    }
  }

  return {
    ...ground,
    host,
    referee,
    sponsor,
    stranger,
    players,
    tournaments,
    start,
    terms,
    id,
    as,
    create,
    join,
    give,
    challenge,
    nextBlockAt,
    state,
    ranked,
    poolOf,
    treeFor,
    filled,
    reported,
    disputed,
    final,
    keyOf,
    confirmations,
    reset: () => snapshot.restore(),
  }
}

export type Arena = Awaited<ReturnType<typeof build>>

/** No result at all, for calls that must fail before they look at it. */
export const noResult: Result = { players: [], ranks: [], root: ZeroHash, total: 0n }
