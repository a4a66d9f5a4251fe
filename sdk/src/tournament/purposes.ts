import { encodeAbiParameters, keccak256, stringToHex } from 'viem'
import type { Address, Hex } from '../types.js'

/**
 * What a host's signed payment of the bond is for: EIP-3009 nonce and Permit2 witness follow from it.
 *
 * @param id the tournament's
 */
export function createPurpose(id: Hex): Hex {
  return hash('Create(bytes32 tournamentId)', ['bytes32'], [id])
}

/**
 * What a sponsor's signed payment is for.
 *
 * @param id the tournament's
 */
export function sponsorPurpose(id: Hex): Hex {
  return hash('Sponsor(bytes32 tournamentId)', ['bytes32'], [id])
}

/**
 * What the signed payment of a player's stake is for: this player in this tournament, whoever submits it.
 *
 * @param id the tournament's
 * @param player who joins
 *
 * @example
 * ```ts
 * import { joinPurpose } from '@sluice/sdk/tournament'
 *
 * const purposeOf = (tournamentId: `0x${string}`, player: `0x${string}`) => joinPurpose(tournamentId, player)
 * ```
 */
export function joinPurpose(id: Hex, player: Address): Hex {
  return hash('Join(bytes32 tournamentId,address player)', ['bytes32', 'address'], [id, player])
}

/**
 * What a challenger's signed payment of its bond is for: disputing this result and no other.
 *
 * @param id the tournament's
 * @param root of the result it disputes (`getTournament`)
 */
export function challengePurpose(id: Hex, root: Hex): Hex {
  return hash('Challenge(bytes32 tournamentId,bytes32 root)', ['bytes32', 'bytes32'], [id, root])
}

/** A struct hash of EIP-712. */
function hash(type: string, kinds: readonly string[], values: readonly Hex[]): Hex {
  const words = ['bytes32', ...kinds].map((kind) => ({ type: kind }))
  return keccak256(encodeAbiParameters(words, [keccak256(stringToHex(type)), ...values]))
}
