import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { expect } from 'chai'
import { getAddress, id, MaxUint256, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'
import { day } from '../support/terms.js'
import { treeOf } from './support/prizes.js'
import { payoutTable, type TournamentTerms } from './support/terms.js'

const unit = 1_000_000n

/** What paying out a large field cost. */
type LargePayout = {
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
async function measureLargePayout(connection: NetworkConnection, count: number): Promise<LargePayout> {
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

/** The long run: `npm run test:deep`. */
const deep = process.env['SLUICE_DEEP'] === '1'

describe('a payout to very many', () => {
  const players = deep ? 10_000 : 200

  it(`of ${players.toLocaleString('en-US')} players is exact to the base unit and stays below the ceiling for each (T2)`, async function () {
    this.timeout(1_800_000)
    const connection = await network.create()
    const payout = await measureLargePayout(connection, players)
    await connection.close()
    if (deep) console.log(`      ${JSON.stringify(payout)}`)
    expect(payout.exact).to.equal(true)
    expect(payout.transactions).to.equal(players / 50)
    // These accounts never held the token before, which costs 17,100 more than a balance that grows.
    expect(payout.perPlayer).to.be.at.most(60_000)
  })
})
