import { expect } from 'chai'
import { zeroAddress, type Address } from 'viem'
import { tournamentsAddress } from '@sluice/sdk'
import * as react from '@sluice/sdk/react'
import * as tournaments from '@sluice/sdk/tournament'
import { deployer, host, keeper } from '../../../../scripts/start/accounts.ts'
import type { Row, Stand } from './stand.ts'

const hour = 3_600

/** The hooks that send for tournaments, in the chain’s own coin. */
export function tournamentSends(stand: Stand): readonly Row[] {
  const { now, pass, salt, send, wallet } = stand
  /** A tournament in the chain's own coin, of the keeper and the viewer. */
  async function opening(change: Partial<tournaments.Tournament> = {}) {
    const at = await now()
    const tournament = tournaments.defineTournament({
      host: host.address,
      referee: deployer.address,
      token: zeroAddress,
      stake: 1_000n,
      challengeBond: 30n,
      maximumPlayers: 2,
      joinDeadline: at + hour,
      resultDeadline: at + 2 * hour,
      challengeWindow: hour,
      payouts: [7_000, 3_000],
      salt: salt(),
      ...change,
    })
    const hosting = tournament.host === stand.world().viewer
    const create = tournaments.createTournamentCall({ contract: tournamentsAddress, tournament })
    await (hosting ? stand.world().send(create) : tournaments.createTournament(wallet(host), { tournament }))
    return tournament
  }
  const joining = (tournament: tournaments.Tournament, player: Address) => ({
    ...tournaments.joinCall({ contract: tournamentsAddress, tournament, player }),
    value: tournament.stake,
  })
  /** Both have joined and the viewer won. */
  async function played(change: Partial<tournaments.Tournament> = {}) {
    const tournament = await opening(change)
    await stand.world().send(joining(tournament, stand.world().viewer))
    await tournaments.join(wallet(keeper), { tournament })
    await pass(hour)
    const ranked = [stand.world().viewer, keeper.address]
    const placings = ranked.map((player, index) => ({ player, rank: index + 1 }))
    return { tournament, ...tournaments.buildResult({ tournament, players: 2, sponsored: 0n, placings }) }
  }
  async function reported(change: Partial<tournaments.Tournament> = {}) {
    const all = await played(change)
    await tournaments.submitResult(wallet(host), { tournament: all.tournament, result: all.result })
    return all
  }
  async function challenged(change: Partial<tournaments.Tournament> = {}) {
    const all = await reported(change)
    await tournaments.challenge(wallet(keeper), { tournament: all.tournament })
    return all
  }
  async function final(change: Partial<tournaments.Tournament> = {}) {
    const all = await reported(change)
    await pass(hour)
    await tournaments.finalize(wallet(keeper), { tournament: all.tournament })
    return all
  }

  return [
    {
      hook: 'useSubmitResult',
      sends: async () => {
        const { tournament, result, root } = await played({ host: stand.world().viewer })
        const submitted = await send(
          react.useSubmitResult,
          { tournament, result },
          'tournaments.submitResult',
        )
        expect(submitted.root).to.equal(root)
      },
    },
    {
      hook: 'useSignConfirmation',
      sends: async () => {
        const { tournament } = await reported()
        const mine = await send(react.useSignConfirmation, { tournament })
        const other = await tournaments.signConfirmation(wallet(keeper), { tournament })
        const confirmed = await tournaments.confirm(wallet(host), { tournament, signatures: [mine, other] })
        expect(confirmed.pool).to.equal(2_000n)
      },
    },
    {
      hook: 'useConfirmResult',
      sends: async () => {
        const { tournament } = await reported()
        const viewer = await send(react.useSignConfirmation, { tournament })
        const other = await tournaments.signConfirmation(wallet(keeper), { tournament })
        const parameters = { tournament, signatures: [viewer, other] }
        const confirmed = await send(react.useConfirmResult, parameters, 'tournaments.confirm')
        expect(confirmed.pool).to.equal(2_000n)
      },
    },
    {
      hook: 'useChallengeResult',
      sends: async () => {
        const { tournament } = await reported()
        const { challenger } = await send(react.useChallengeResult, { tournament }, 'tournaments.challenge')
        expect(challenger).to.equal(stand.world().viewer)
      },
    },
    {
      hook: 'useRuleTournament',
      sends: async () => {
        const { tournament, result } = await challenged({ referee: stand.world().viewer })
        const { upheld } = await send(react.useRuleTournament, { tournament, result }, 'tournaments.rule')
        expect(upheld).to.equal(true)
      },
    },
    {
      hook: 'useAnnulTournament',
      sends: async () => {
        const { tournament } = await challenged({ referee: stand.world().viewer })
        expect(await send(react.useAnnulTournament, { tournament }, 'tournaments.annul')).to.include.keys(
          'share',
        )
      },
    },
    {
      hook: 'useFinalizeTournament',
      sends: async () => {
        const { tournament } = await reported()
        await pass(hour)
        const { pool } = await send(react.useFinalizeTournament, { tournament }, 'tournaments.finalize')
        expect(pool).to.equal(2_000n)
      },
    },
    {
      hook: 'useClaimPrize',
      sends: async () => {
        const { tournament, prizes } = await final()
        const prize = prizes.find(({ player }) => player === stand.world().viewer)
        if (prize === undefined) throw new Error('the viewer won nothing')
        const { amount } = await send(react.useClaimPrize, { tournament, prize }, 'tournaments.claim')
        expect(amount).to.equal(1_400n)
      },
    },
    {
      hook: 'usePayWinners',
      sends: async () => {
        const { tournament, prizes } = await final()
        const { transactions } = await send(
          react.usePayWinners,
          { tournament, prizes },
          'tournaments.payMany',
        )
        expect(
          transactions.flatMap(({ paid: winners }) => winners.map(({ amount }) => amount)),
        ).to.have.members([1_400n, 600n])
      },
    },
    {
      hook: 'useCancelTournament',
      sends: async () => {
        const tournament = await opening({ host: stand.world().viewer })
        const result = await send(react.useCancelTournament, { tournament }, 'tournaments.cancel')
        expect(result).to.include.keys('reason')
      },
    },
    {
      hook: 'useRefundTournament',
      sends: async () => {
        const tournament = await opening()
        await stand.world().send(joining(tournament, stand.world().viewer))
        await tournaments.cancelTournament(wallet(host), { tournament })
        const parameters = { tournament, accounts: [stand.world().viewer] }
        const { transactions } = await send(react.useRefundTournament, parameters, 'tournaments.refund')
        expect(transactions[0]?.refunded).to.deep.equal([{ account: stand.world().viewer, amount: 1_000n }])
      },
    },
  ]
}
