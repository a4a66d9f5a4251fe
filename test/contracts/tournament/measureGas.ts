import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { getAddress, id, MaxUint256, ZeroHash, type BaseContract } from 'ethers'
import type { NetworkConnection } from 'hardhat/types/network'
import { day, saltOf } from '../support/terms.js'
import { treeOf, treeOfRanking } from './support/prizes.js'
import { payoutTable, ranking, type TournamentTerms } from './support/terms.js'

/** Gas of whole transactions, events included. */
export type TournamentGas = {
  /** A tournament with a bond in an ERC-20 token from an infinite allowance. */
  create: number
  /** One player's stake from an infinite allowance. */
  join: number
  /** A player out again, with its stake. */
  leave: number
  /** A ranking of eight players. */
  submitResult8: number
  /** An unchallenged result made final, with the host's bond. */
  finalize: number
  /** Each of fifty winners of a field of fifty ranked players paid at once, with the keeper's reward. */
  pay50: number
}

const unit = 1_000_000n

/**
 * Measures the contract as the channels are measured: a plain OpenZeppelin ERC-20, infinite allowances, people and a
 * contract that hold some of the token already. Terms are as the SDK makes them: every field set, payouts for the first
 * three of eight or for each of fifty.
 *
 * @param connection a Hardhat network with nothing else going on
 */
export async function measureTournamentGas(connection: NetworkConnection): Promise<TournamentGas> {
  const { ethers, networkHelpers } = connection
  const [host, referee, keeper] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]
  const tournaments = await ethers.deployContract('Tournaments')
  const token = await ethers.deployContract('PlainToken')
  const [contract, tokenAddress] = await Promise.all([tournaments, token].map(addressOf))
  for (const holder of [host, keeper]) {
    await token.mint(holder, 1_000_000n * unit)
    await token.connect(holder).approve(tournaments, MaxUint256)
  }
  await token.mint(tournaments, unit)
  const field = Array.from({ length: 50 }, (_, index) => getAddress(id(`gas ${index}`).slice(0, 42)))
  for (const player of field) await token.mint(player, unit)

  const start = await networkHelpers.time.latest()
  const terms = (maximumPlayers: number, payouts: string): TournamentTerms => ({
    host: host.address,
    token: tokenAddress ?? '',
    referee: referee.address,
    stake: 10n * unit,
    bond: 100n * unit,
    challengeBond: 50n * unit,
    keeperReward: 10_000n,
    minimumPlayers: 2,
    maximumPlayers,
    joinDeadline: start + day,
    resultDeadline: start + 2 * day,
    challengeWindow: 3_600,
    rulingWindow: day,
    rake: 500,
    rulesHash: id('rules'),
    salt: saltOf(0),
    payouts,
  })
  const gasOf = async (sent: Promise<{ wait: () => Promise<{ gasUsed: bigint } | null> }>) =>
    Number((await (await sent).wait())?.gasUsed)
  const join = (of: TournamentTerms, player: string) => tournaments.connect(keeper).join(of, player, '0x')

  const eight = terms(8, payoutTable(5_000, 3_000, 2_000))
  const fifty = terms(50, payoutTable(...field.map(() => 200)))
  const create = await gasOf(tournaments.connect(host).create(eight, '0x'))
  await tournaments.connect(host).create(fifty, '0x')
  for (const player of field.slice(0, 6)) await join(eight, player)
  const joined = await gasOf(tournaments.connect(host).join(eight, host.address, '0x'))
  const left = await gasOf(tournaments.connect(host).leave(eight))
  for (const player of field.slice(6, 8)) await join(eight, player)
  for (const player of field) await join(fifty, player)

  await networkHelpers.time.increaseTo(start + day)
  const ranked = (count: number) =>
    ranking(new Map(field.slice(0, count).map((player, index) => [player, index + 1])))
  const submitted = await gasOf(tournaments.connect(host).submitResult(eight, ranked(8)))
  await tournaments.connect(host).submitResult(fifty, ranked(50))
  await networkHelpers.time.increase(3_600)
  const finalized = await gasOf(tournaments.connect(keeper).finalize(eight))
  await tournaments.connect(keeper).finalize(fifty)
  const { prizes } = treeOfRanking(fifty.payouts, (500n * unit * 95n) / 100n, ranked(50))
  const paid = await gasOf(tournaments.connect(keeper).payMany(fifty, prizes))

  return {
    create,
    join: joined,
    leave: left,
    submitResult8: submitted,
    finalize: finalized,
    pay50: Math.round(paid / 50),
  }
}

/** What paying out a large field cost. */
export type LargePayout = {
  readonly players: number
  readonly transactions: number
  /** Gas of all `payMany`, divided by the players. */
  readonly perPlayer: number
  /** Whether everybody got exactly the prize, and the contract kept nothing. */
  readonly exact: boolean
}

/**
 * Pays every player of a large field by a root, in batches of fifty, from a contract that never saw any of them.
 *
 * @param connection a Hardhat network with nothing else going on
 * @param count players
 */
export async function measureLargePayout(connection: NetworkConnection, count: number): Promise<LargePayout> {
  const { ethers, networkHelpers } = connection
  const [host, referee] = (await ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner]
  const tournaments = await ethers.deployContract('Tournaments')
  const token = await ethers.deployContract('PlainToken')
  await token.mint(host, 10n ** 30n)
  await token.connect(host).approve(tournaments, MaxUint256)
  const start = await networkHelpers.time.latest()
  const terms: TournamentTerms = {
    host: host.address,
    token: await token.getAddress(),
    referee: referee.address,
    stake: 10n * unit,
    bond: 0n,
    challengeBond: 0n,
    keeperReward: 0n,
    minimumPlayers: 2,
    maximumPlayers: count,
    joinDeadline: start + 30 * day,
    resultDeadline: start + 60 * day,
    challengeWindow: 3_600,
    rulingWindow: day,
    rake: 0,
    rulesHash: ZeroHash,
    salt: ZeroHash,
    payouts: payoutTable(10_000),
  }
  const field = Array.from({ length: count }, (_, index) => getAddress(id(`player ${index}`).slice(0, 42)))
  await tournaments.create(terms, '0x')
  for (const group of inGroups(field, 100)) {
    await tournaments.multicall(
      group.map((player) => tournaments.interface.encodeFunctionData('join', [terms, player, '0x'])),
    )
  }
  await networkHelpers.time.increaseTo(terms.joinDeadline)
  // Everybody gets something else, and together they get everything.
  const pool = terms.stake * BigInt(count)
  const amounts = field.map((_, index) => 1n + BigInt(index))
  amounts[0] = pool - amounts.slice(1).reduce((sum, amount) => sum + amount, 0n)
  const { root, prizes } = treeOf(field, amounts)
  await tournaments.submitResult(terms, { players: [], ranks: [], root, total: pool })
  await networkHelpers.time.increase(terms.challengeWindow)
  await tournaments.finalize(terms)

  let gas = 0n
  const batches = inGroups(prizes, 50)
  for (const batch of batches) gas += (await (await tournaments.payMany(terms, batch)).wait())?.gasUsed ?? 0n
  let exact = (await token.balanceOf(tournaments)) === 0n
  for (const [index, player] of field.entries()) {
    exact &&= (await token.balanceOf(player)) === amounts[index]
  }
  return { players: count, transactions: batches.length, perPlayer: Math.round(Number(gas) / count), exact }
}

function inGroups<item>(items: readonly item[], size: number): item[][] {
  const groups: item[][] = []
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size))
  return groups
}

const addressOf = (contract: BaseContract) => contract.getAddress()
