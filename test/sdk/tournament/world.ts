import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { createPublicClient, custom, type EIP1193Provider, type Log } from 'viem'
import { getLogs } from 'viem/actions'
import type { Address, Hex } from '../../../sdk/dist/index.js'
import {
  buildResult,
  confirmationTypedData,
  createTournamentCall,
  defineTournament,
  getTournament,
  joinCall,
  submitResultCall,
  tournamentId,
  type BuiltResult,
  type Confirmation,
  type Tournament,
  type ContractCall,
} from '../../../sdk/dist/tournament/index.js'
import { createArena, bond, challengeBond, hour, stake } from '../../contracts/tournament/support/arena.js'

export { bond, challengeBond, hour, stake }

/** The contract, the people, and a viem client as the SDK's users have one. */
export async function createTournamentWorld() {
  const arena = await createArena()
  const { host, referee, players, start, time } = arena
  const contract = arena.address as Address
  const deployment = { chainId: arena.place.chainId, contract }
  const client = createPublicClient({
    transport: custom(arena.connection.provider as unknown as EIP1193Provider, { retryCount: 0 }),
  })
  const field = players.map(({ address }) => address as Address)

  const terms = (change: Partial<Tournament> = {}): Tournament =>
    defineTournament({
      host: host.address as Address,
      referee: referee.address as Address,
      token: arena.tokenAddress as Address,
      stake,
      bond,
      challengeBond,
      keeperReward: 1n,
      rake: 1_000,
      maximumPlayers: 9,
      joinDeadline: start + 24 * hour,
      resultDeadline: start + 48 * hour,
      rulingWindow: 2 * hour,
      payouts: [5_000, 3_000, 2_000],
      ...change,
    })

  const send = async (from: HardhatEthersSigner, { to, data, value }: ContractCall) =>
    (await from.sendTransaction({ to, data, value })).wait()

  const filled = async (tournament: Tournament, count: number) => {
    await send(host, createTournamentCall({ contract, tournament }))
    for (const player of players.slice(0, count)) {
      await send(player, joinCall({ contract, tournament, player: player.address as Address }))
    }
  }

  /** The players came in in their own order. */
  const resultOf = (tournament: Tournament, count: number, sponsored = 0n): BuiltResult =>
    buildResult({
      tournament,
      players: count,
      sponsored,
      placings: field.slice(0, count).map((player, index) => ({ player, rank: index + 1 })),
    })

  const reported = async (tournament: Tournament, count = 4): Promise<BuiltResult> => {
    await filled(tournament, count)
    await arena.nextBlockAt(tournament.joinDeadline)
    const built = resultOf(tournament, count)
    await send(host, submitResultCall({ contract, tournament, result: built.result }))
    return built
  }

  const state = (tournament: Tournament) => getTournament(client, { contract, tournament })
  const idOf = (tournament: Tournament): Hex => tournamentId({ ...deployment, tournament })

  /** What every one of the first players signs. */
  const confirmations = async (tournament: Tournament, count: number): Promise<readonly Confirmation[]> => {
    const { root } = await state(tournament)
    const { domain, types, message } = confirmationTypedData({
      ...deployment,
      tournamentId: idOf(tournament),
      root,
    })
    return await Promise.all(
      players.slice(0, count).map(async (player) => ({
        player: player.address as Address,
        signature: (await player.signTypedData(
          domain,
          { Confirmation: [...types.Confirmation] },
          message,
        )) as Hex,
      })),
    )
  }

  const logs = (): Promise<readonly Log[]> => getLogs(client, { address: contract, fromBlock: 0n })

  return {
    ...arena,
    contract,
    deployment,
    client,
    field,
    tournament: terms,
    send,
    filled,
    resultOf,
    reported,
    state,
    idOf,
    time,
    confirmations,
    logs,
  }
}
