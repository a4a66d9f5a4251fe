import { isAddress } from 'viem'
import type { SluiceError } from '../errors.js'
import { zeroAddress, type Address, type Hex } from '../types.js'
import { invalidTournament } from './invalid.js'
import { basisPoints, longestPlay, longestWindow, maximumPot, maximumRake, shortestWindow } from './limits.js'
import type { Tournament } from './types.js'

const zeroWord: Hex = `0x${'00'.repeat(32)}`

/**
 * The terms of a tournament, with what is not said filled in, and checked as the contract checks them; only the present
 * time, which it alone knows, is left to it.
 *
 * @param parameters the terms
 * @throws SluiceError `invalid-argument` naming the term, what was found and what was expected
 *
 * @example
 * ```ts
 * import type { Address } from '@sluice/sdk'
 * import { defineTournament } from '@sluice/sdk/tournament'
 *
 * const cup = (host: Address, referee: Address, token: Address, start: number) =>
 *   defineTournament({
 *     host,
 *     referee,
 *     token,
 *     stake: 10_000_000n,
 *     maximumPlayers: 8,
 *     joinDeadline: start,
 *     resultDeadline: start + 86_400,
 *     payouts: [5_000, 3_000, 2_000],
 *   })
 * ```
 */
export function defineTournament(parameters: defineTournament.Parameters): defineTournament.ReturnType {
  const tournament: Tournament = {
    ...parameters,
    token: parameters.token ?? zeroAddress,
    bond: parameters.bond ?? 0n,
    challengeBond: parameters.challengeBond ?? 0n,
    keeperReward: parameters.keeperReward ?? 0n,
    minimumPlayers: parameters.minimumPlayers ?? 2,
    challengeWindow: parameters.challengeWindow ?? 60 * 60,
    rulingWindow: parameters.rulingWindow ?? 3 * 24 * 60 * 60,
    rake: parameters.rake ?? 0,
    rulesHash: parameters.rulesHash ?? zeroWord,
    salt: parameters.salt ?? zeroWord,
  }
  checkPeople(tournament)
  checkMoney(tournament)
  checkTimes(tournament)
  return tournament
}

export declare namespace defineTournament {
  type Parameters = Pick<
    Tournament,
    'host' | 'referee' | 'stake' | 'maximumPlayers' | 'joinDeadline' | 'resultDeadline' | 'payouts'
  > & {
    /** Default: the chain's native coin. */
    readonly token?: Address | undefined
    /** Default 0. */
    readonly bond?: bigint | undefined
    /** Default 0. */
    readonly challengeBond?: bigint | undefined
    /** Default 0. */
    readonly keeperReward?: bigint | undefined
    /** Default 2. */
    readonly minimumPlayers?: number | undefined
    /** Default an hour. */
    readonly challengeWindow?: number | undefined
    /** Default three days. */
    readonly rulingWindow?: number | undefined
    /** Default 0. */
    readonly rake?: number | undefined
    /** Default zero: no rules. */
    readonly rulesHash?: Hex | undefined
    /** Default zero. */
    readonly salt?: Hex | undefined
  }
  type ReturnType = Tournament
  type ErrorType = SluiceError
}

function checkPeople({ host, token, referee, minimumPlayers, maximumPlayers }: Tournament): void {
  for (const [name, address] of Object.entries({ host, token, referee })) {
    if (!isAddress(address, { strict: false })) throw invalidTournament(name, address, 'an address')
  }
  if (host === zeroAddress) throw invalidTournament('host', host, 'an address other than zero')
  if (referee === zeroAddress || referee.toLowerCase() === host.toLowerCase()) {
    throw invalidTournament('referee', referee, 'somebody else than the host')
  }
  requireWhole('minimumPlayers', minimumPlayers, 2, maximumPlayers)
  requireWhole('maximumPlayers', maximumPlayers, minimumPlayers, 2 ** 32 - 1)
}

function checkMoney(tournament: Tournament): void {
  const { stake, bond, challengeBond, keeperReward, maximumPlayers, payouts, rake } = tournament
  for (const [name, amount] of Object.entries({ stake, bond, challengeBond, keeperReward })) {
    if (amount < 0n || amount > maximumPot) throw invalidTournament(name, amount, `0 to ${maximumPot}`)
  }
  const pot = stake * BigInt(maximumPlayers)
  if (pot > maximumPot) throw invalidTournament('stakes of a full field', pot, `${maximumPot} at most`)
  requireWhole('rake', rake, 0, maximumRake)
  for (const points of payouts) requireWhole('payouts', points, 0, basisPoints)
  const given = payouts.reduce((sum, points) => sum + points, 0)
  if (given !== basisPoints) throw invalidTournament('payouts', `${given} in all`, `${basisPoints}`)
}

function checkTimes(tournament: Tournament): void {
  const { joinDeadline, resultDeadline, challengeWindow, rulingWindow, rulesHash, salt } = tournament
  requireWhole('joinDeadline', joinDeadline, 1, 2 ** 32 - 1)
  requireWhole('resultDeadline', resultDeadline, joinDeadline + 1, joinDeadline + longestPlay)
  requireWhole('challengeWindow', challengeWindow, shortestWindow, longestWindow)
  requireWhole('rulingWindow', rulingWindow, shortestWindow, longestWindow)
  for (const [name, word] of Object.entries({ rulesHash, salt })) {
    if (!/^0x[0-9a-f]{64}$/i.test(word)) throw invalidTournament(name, word, '32 bytes')
  }
}

function requireWhole(name: string, found: number, least: number, most: number): void {
  if (!Number.isInteger(found) || found < least || found > most) {
    throw invalidTournament(name, found, `${least} to ${most}`)
  }
}
