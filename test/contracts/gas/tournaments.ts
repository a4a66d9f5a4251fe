import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { getAddress, id, MaxUint256 } from 'ethers'
import type { NetworkConnection } from 'hardhat/types/network'
import { day, saltOf } from '../support/terms.js'
import { treeOfRanking } from '../tournament/support/prizes.js'
import { payoutTable, ranking, type TournamentTerms } from '../tournament/support/terms.js'
import { gasOf, type GasSection } from './section.js'

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
  const tokenAddress = await token.getAddress()
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
    token: tokenAddress,
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

/** The tournaments' part of docs/gas.md. */
export const tournamentsGas: GasSection<keyof TournamentGas> = {
  product: 'tournaments',
  heading: 'Tournaments',
  ceilings: {
    create: 160_000,
    join: 90_000,
    leave: 60_000,
    submitResult8: 160_000,
    finalize: 130_000,
    pay50: 40_000,
  },
  measure: measureTournamentGas,
}
