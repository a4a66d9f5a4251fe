import { AbiCoder, concat, keccak256, toBeHex, TypedDataEncoder, ZeroHash } from 'ethers'
import type { Place } from '../../support/terms.js'

/** The terms of a tournament as the tests pass them to the contract. */
export type TournamentTerms = {
  host: string
  token: string
  referee: string
  stake: bigint
  bond: bigint
  challengeBond: bigint
  keeperReward: bigint
  minimumPlayers: number
  maximumPlayers: number
  joinDeadline: number
  resultDeadline: number
  challengeWindow: number
  rulingWindow: number
  rake: number
  rulesHash: string
  salt: string
  payouts: string
}

/** A result as the tests pass it to the contract. */
export type Result = { players: string[]; ranks: number[]; root: string; total: bigint }

/** The contract's stages, by number. */
export const stages = [
  'None',
  'Open',
  'Reported',
  'Disputed',
  'Final',
  'Paid',
  'Refunding',
  'Abandoned',
] as const
export type Stage = (typeof stages)[number]

/** The contract's reasons for ending a tournament without its prizes, by number. */
export const reasons = [
  'HostCancelled',
  'TooFewPlayers',
  'NoResult',
  'NoRuling',
  'Annulled',
  'PrizesUnclaimed',
] as const

export const seats = { none: 0n, joined: 1n, settled: 2n } as const

const coder = AbiCoder.defaultAbiCoder()

const termsType =
  'tuple(address,address,address,uint96,uint96,uint96,uint96,uint32,uint32,uint32,uint32,uint32,uint32,uint16,bytes32,bytes32,bytes)'

/** `keccak256(abi.encode(chainId, contract, terms))`, put together without the contract. */
export function tournamentIdOf(place: Place, terms: TournamentTerms): string {
  return keccak256(
    coder.encode(
      ['uint256', 'address', termsType],
      [
        place.chainId,
        place.contract,
        [
          terms.host,
          terms.token,
          terms.referee,
          terms.stake,
          terms.bond,
          terms.challengeBond,
          terms.keeperReward,
          terms.minimumPlayers,
          terms.maximumPlayers,
          terms.joinDeadline,
          terms.resultDeadline,
          terms.challengeWindow,
          terms.rulingWindow,
          terms.rake,
          terms.rulesHash,
          terms.salt,
          terms.payouts,
        ],
      ],
    ),
  )
}

/** A payout table as the contract reads it: two bytes of basis points a rank. */
export function payoutTable(...basisPoints: number[]): string {
  return concat(basisPoints.map((points) => toBeHex(points, 2)))
}

/** What a player signs to agree to a result. */
export function confirmationDigest(place: Place, tournamentId: string, root: string): string {
  const domain = {
    name: 'Sluice Tournaments',
    version: '1',
    chainId: place.chainId,
    verifyingContract: place.contract,
  }
  const fields = [
    { name: 'tournamentId', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
  ]
  return TypedDataEncoder.hash(domain, { Confirmation: fields }, { tournamentId, root })
}

/** A ranking as a result: the players in ascending order, whatever order they come in. */
export function ranking(ranks: ReadonlyMap<string, number>): Result {
  const entries = [...ranks].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1))
  return {
    players: entries.map(([player]) => player),
    ranks: entries.map(([, rank]) => rank),
    root: ZeroHash,
    total: 0n,
  }
}
