import { expect } from 'chai'
import { encodeErrorResult } from 'viem'
import { tournamentsErrors } from '../../../sdk/dist/abi/index.js'
import { zeroAddress, type Address } from '../../../sdk/dist/index.js'
import {
  annulCall,
  cancelTournamentCall,
  challengeCall,
  claimPrizeCall,
  confirmCall,
  createTournamentCall,
  finalizeCall,
  getOwed,
  getPlayer,
  getTournament,
  joinCall,
  leaveCall,
  payManyCalls,
  prizesOfResult,
  rebuildTournaments,
  refundCall,
  refundable,
  revertToSluiceError,
  ruleCall,
  sponsorCall,
  unpaidPrizes,
  withdrawOwedCall,
  type RebuiltTournament,
  type Tournament,
} from '../../../sdk/dist/tournament/index.js'
import { bond, createTournamentWorld, stake } from './world.js'

const world = await createTournamentWorld()
const { contract, client, deployment, host, referee, sponsor, stranger, players, field, send } = world
const [alice, bob] = players as [(typeof players)[0], (typeof players)[0]]

/** The tournament as its events tell it, whether they are read in one go or piece by piece. */
async function rebuilt(tournament: Tournament): Promise<RebuiltTournament> {
  const logs = await world.logs()
  const whole = rebuildTournaments({}, logs, deployment)
  const pieces = logs.reduce((before, log) => rebuildTournaments(before, [log], deployment), {})
  expect(pieces).to.deep.equal(whole)
  const found = whole[world.idOf(tournament)]
  if (found === undefined) throw new Error('the tournament was not found')
  expect(found.stage).to.equal((await world.state(tournament)).stage)
  return found
}

const low = (address: string) => address.toLowerCase() as Address

describe('sdk tournaments, from the terms to the last base unit', () => {
  beforeEach(world.reset)

  it('are created, sponsored, joined for others and left, and rebuilt from events', async () => {
    const tournament = world.tournament()
    await send(host, createTournamentCall({ contract, tournament }))
    await send(sponsor, sponsorCall({ contract, tournament, amount: 40n }))
    await send(stranger, joinCall({ contract, tournament, player: alice.address as Address }))
    await send(bob, joinCall({ contract, tournament, player: bob.address as Address }))
    await send(bob, leaveCall({ contract, tournament }))
    expect(await world.state(tournament)).to.include({ stage: 'open', players: 1, sponsored: 40n })
    const seat = await getPlayer(client, { contract, tournament, account: alice.address as Address })
    expect(seat).to.deep.equal({ seat: 'joined', sponsored: 0n })
    const found = await rebuilt(tournament)
    expect(found.tournament).to.deep.equal(tournament)
    expect(found.players).to.deep.equal({ [low(alice.address)]: low(stranger.address) })
    expect(found.sponsors).to.deep.equal({ [low(sponsor.address)]: 40n })
  })

  it('are confirmed by everybody and paid in batches, the keeper out of the rake (T2, T3, T9)', async () => {
    const tournament = world.tournament()
    await world.reported(tournament)
    const signatures = await world.confirmations(tournament, 4)
    await send(stranger, confirmCall({ contract, tournament, signatures: [...signatures].reverse() }))
    const known = await rebuilt(tournament)
    const { prizes } = prizesOfResult(known)
    const calls = payManyCalls({ contract, tournament, prizes, batch: 2 })
    expect(calls).to.have.length(2)
    for (const call of calls) await send(stranger, call)
    const paid = await rebuilt(tournament)
    expect(paid.stage).to.equal('paid')
    expect(paid.prizes).to.deep.equal(
      Object.fromEntries([180n, 108n, 72n].map((amount, index) => [low(field[index] ?? ''), amount])),
    )
    expect(paid.rewards).to.deep.equal({ [low(stranger.address)]: 3n })
    expect(unpaidPrizes(paid, { prizes })).to.deep.equal([])
    expect(await world.token.balanceOf(contract)).to.equal(0n)
  })

  it('let a winner claim to another address, and leave only the others to be paid', async () => {
    const tournament = world.tournament()
    const { prizes } = await world.reported(tournament)
    await world.nextBlockAt(tournament.joinDeadline + tournament.challengeWindow)
    await send(stranger, finalizeCall({ contract, tournament }))
    const prize = prizes.find(({ player }) => player === alice.address)
    if (prize === undefined) throw new Error('alice won nothing')
    const to = '0x00000000000000000000000000000000000000aa'
    await send(alice, claimPrizeCall({ contract, tournament, prize, to }))
    expect(await world.token.balanceOf(to)).to.equal(prize.amount)
    const known = await rebuilt(tournament)
    expect(unpaidPrizes(known, prizesOfResult(known)).map(({ player }) => player)).to.have.members(
      prizes
        .map(({ player }) => low(player))
        .filter((player) => player !== low(alice.address))
        .map(checksummed),
    )
  })

  it('are challenged and ruled, the loser’s bond to the winner (T12)', async () => {
    const tournament = world.tournament()
    await world.reported(tournament)
    const before = await world.token.balanceOf(bob)
    await send(bob, challengeCall({ contract, tournament }))
    const right = world.resultOf(tournament, 4).result
    const ranks = right.ranks.map((rank) => (rank === 1 ? 2 : rank === 2 ? 1 : rank))
    await send(referee, ruleCall({ contract, tournament, result: { ...right, ranks } }))
    expect((await world.token.balanceOf(bob)) - before).to.equal(bond)
    const known = await rebuilt(tournament)
    expect(known).to.include({ stage: 'final', upheld: false, challenger: low(bob.address) })
    expect(prizesOfResult(known).prizes.find(({ amount }) => amount === 180n)?.player).to.equal(bob.address)
  })

  it('are annulled, and everybody is refunded once (T4, T12)', async () => {
    const tournament = world.tournament()
    await world.reported(tournament)
    await send(alice, challengeCall({ contract, tournament }))
    await send(referee, annulCall({ contract, tournament }))
    const known = await rebuilt(tournament)
    expect(known).to.include({ stage: 'refunding', reason: 'annulled', share: stake })
    expect(refundable(known)).to.have.length(4)
    await send(stranger, refundCall({ contract, tournament, accounts: refundable(known) }))
    expect(refundable(await rebuilt(tournament))).to.deep.equal([])
    expect(await world.token.balanceOf(contract)).to.equal(0n)
  })

  it('whose host vanishes give the players its bond, and sponsors their money (T6, T12)', async () => {
    const tournament = world.tournament()
    await world.filled(tournament, 3)
    await send(sponsor, sponsorCall({ contract, tournament, amount: 7n }))
    await world.nextBlockAt(tournament.resultDeadline)
    await send(stranger, cancelTournamentCall({ contract, tournament }))
    const known = await rebuilt(tournament)
    expect(known).to.include({ reason: 'no-result', share: stake + bond / 3n })
    await send(stranger, refundCall({ contract, tournament, accounts: refundable(known) }))
    expect((await rebuilt(tournament)).refunds).to.deep.equal(
      Object.fromEntries([
        [low(sponsor.address), 7n],
        ...field.slice(0, 3).map((player) => [low(player), 120n]),
      ]),
    )
  })

  it('keep what cannot be delivered, and the account takes it out (T7)', async () => {
    const wallet = await world.ethers.deployContract('RevertingRecipient')
    const player = (await wallet.getAddress()) as Address
    const tournament = world.tournament({ token: zeroAddress, bond: 0n })
    await send(host, createTournamentCall({ contract, tournament }))
    await send(stranger, joinCall({ contract, tournament, player }))
    await send(host, cancelTournamentCall({ contract, tournament }))
    await send(stranger, refundCall({ contract, tournament, accounts: [player] }))
    const owed = { contract, account: player, token: zeroAddress }
    expect(await getOwed(client, owed)).to.equal(stake)
    const to = '0x00000000000000000000000000000000000000aa'
    await wallet.relay(contract, 0n, withdrawOwedCall({ contract, token: zeroAddress, to }).data)
    expect(await getOwed(client, owed)).to.equal(0n)
    expect(await world.ethers.provider.getBalance(to)).to.equal(stake)
  })

  it('tell why the contract refuses, with both numbers', async () => {
    const id = world.idOf(world.tournament())
    const stageError = (stage: number, needed: number) =>
      revertToSluiceError(
        encodeErrorResult({ abi: tournamentsErrors, errorName: 'WrongStage', args: [id, stage, needed] }),
      )
    expect(stageError(0, 1).code).to.equal('unknown-tournament')
    expect(stageError(1, 0).code).to.equal('tournament-exists')
    expect(stageError(5, 1).code).to.equal('wrong-stage')
    expect(stageError(5, 1).details).to.include('stage: paid').and.include('needed: open')
    const late = encodeErrorResult({
      abi: tournamentsErrors,
      errorName: 'DeadlinePassed',
      args: [id, 7n, 9n],
    })
    expect(revertToSluiceError(late)).to.include({ code: 'deadline-passed' })
    expect(revertToSluiceError(late).details).to.include('deadline: 7, currentTime: 9')
    expect(revertToSluiceError('0x12345678').details).to.equal('revert data 0x12345678')
  })

  it('say so when there is no such contract', async () => {
    const nowhere = { contract: stranger.address as Address, tournament: world.tournament() }
    const error: unknown = await getTournament(client, nowhere).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'invalid-argument' })
  })
})

function checksummed(address: Address): string {
  return world.ethers.getAddress(address)
}
