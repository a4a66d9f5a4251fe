import { expect } from 'chai'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import {
  annulCall,
  cancelTournamentCall,
  challengeCall,
  confirmCall,
  createTournamentCall,
  finalizeCall,
  joinCall,
  leaveCall,
  nextSteps,
  payManyCall,
  refundCall,
  ruleCall,
  sponsorCall,
  submitResultCall,
  type NextStep,
  type Tournament,
  type TournamentVerb,
  type ContractCall,
} from '../../../sdk/dist/tournament/index.js'
import { createTournamentWorld, hour } from './world.js'

const world = await createTournamentWorld()
const { contract, host, referee, stranger, players, field, send } = world
const [alice] = players as [(typeof players)[0]]
const tournament = world.tournament({ minimumPlayers: 3 })
const small: Tournament = world.tournament({ minimumPlayers: 8, rake: 0 })

/** Everything that can be tried, and by whom when the terms name somebody. A claim is tried by `payMany`. */
async function attempts(of: Tournament): Promise<ReadonlyMap<TournamentVerb, ContractCall>> {
  const { players: count } = await world.state(of)
  const { result, prizes } = world.resultOf(of, Math.max(count, 2))
  const at = { contract, tournament: of }
  const signatures = await world.confirmations(of, count)
  return new Map<TournamentVerb, ContractCall>([
    ['create', createTournamentCall(at)],
    ['join', joinCall({ ...at, player: world.sponsor.address as `0x${string}` })],
    ['leave', leaveCall(at)],
    ['sponsor', sponsorCall({ ...at, amount: 5n })],
    ['report', submitResultCall({ ...at, result })],
    ['confirm', confirmCall({ ...at, signatures })],
    ['challenge', challengeCall(at)],
    ['rule', ruleCall({ ...at, result })],
    ['annul', annulCall(at)],
    ['finalize', finalizeCall(at)],
    ['pay', payManyCall({ ...at, prizes })],
    ['cancel', cancelTournamentCall(at)],
    ['refund', refundCall({ ...at, accounts: field.slice(0, 2) })],
  ])
}

const actors: Readonly<Record<NextStep['who'], HardhatEthersSigner>> = {
  anyone: stranger,
  host,
  referee,
  players: stranger,
  'a player': alice,
  'a winner': alice,
}

/** What the contract lets somebody do now. */
async function possible(of: Tournament): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const [verb, { to, data, value }] of await attempts(of)) {
    for (const [who, from] of Object.entries(actors)) {
      const worked = await from.call({ to, data, value }).then(
        () => true,
        () => false,
      )
      if (worked) found.add(`${verb}: ${who}`)
    }
  }
  return [...found]
}

/** Tells the same as the contract, at this moment. */
async function holds(of: Tournament): Promise<void> {
  const now = Number((await world.ethers.provider.getBlock('latest'))?.timestamp)
  const told = nextSteps(of, await world.state(of), now).filter(({ from }) => from === undefined)
  const allowed = await possible(of)
  for (const { verb, who } of told) {
    // Claims are tried by their twin; who pays for a stake need not play.
    if (verb !== 'claim') expect(allowed, `${verb} is told`).to.include(`${verb}: ${who}`)
  }
  const verbs = new Set(told.map(({ verb }) => verb))
  for (const each of allowed) {
    const [verb = ''] = each.split(':')
    expect([...verbs], `${each} is possible`).to.include(verb)
  }
}

describe('what can be done next with a tournament', () => {
  it('is what the contract allows, in every state (T8)', async () => {
    await holds(tournament)
    await world.filled(tournament, 4)
    await holds(tournament)
    await world.networkHelpers.time.increaseTo(tournament.joinDeadline)
    await holds(tournament)
    await send(host, submitResultCall({ contract, tournament, result: world.resultOf(tournament, 4).result }))
    await holds(tournament)
    await send(alice, challengeCall({ contract, tournament }))
    await holds(tournament)
    await send(referee, ruleCall({ contract, tournament, result: world.resultOf(tournament, 4).result }))
    await holds(tournament)
    const { prizes } = world.resultOf(tournament, 4)
    await send(stranger, payManyCall({ contract, tournament, prizes }))
    await holds(tournament)
    expect(nextSteps(tournament, await world.state(tournament), 2 ** 32)).to.deep.equal([])
  }).timeout(60_000)

  it('tells what will be possible, and from when', async () => {
    await world.reset()
    await world.filled(small, 3)
    const steps = nextSteps(small, await world.state(small), small.joinDeadline - 1)
    expect(steps.at(-1)).to.deep.include({ verb: 'cancel', who: 'anyone', from: small.joinDeadline })
    await world.networkHelpers.time.increaseTo(small.joinDeadline)
    await holds(small)
    await send(stranger, cancelTournamentCall({ contract, tournament: small }))
    await holds(small)
    await send(stranger, refundCall({ contract, tournament: small, accounts: field.slice(0, 3) }))
    await world.reset()
    await world.reported(tournament)
    await world.networkHelpers.time.increase(hour)
    await holds(tournament)
  }).timeout(60_000)
})
