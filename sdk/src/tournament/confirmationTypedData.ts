import { tournamentsDomain } from '../domains.js'
import type { Deployment, Hex } from '../types.js'

/** A player's agreement to a reported result. Checked on the chain. */
export const confirmationTypes = {
  Confirmation: [
    { name: 'tournamentId', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
  ],
} as const

/**
 * What every player signs so that a reported result is final at once, as any wallet's `signTypedData` takes it.
 *
 * @param parameters the deployment, the tournament's id, and the root of the result (`getTournament`)
 *
 * @example
 * ```ts
 * import type { LocalAccount } from 'viem'
 * import { confirmationTypedData, type Confirmation } from '@sluice/sdk/tournament'
 *
 * async function agree(player: LocalAccount, to: confirmationTypedData.Parameters): Promise<Confirmation> {
 *   return { player: player.address, signature: await player.signTypedData(confirmationTypedData(to)) }
 * }
 * ```
 */
export function confirmationTypedData(parameters: confirmationTypedData.Parameters) {
  const { chainId, contract, tournamentId, root } = parameters
  return {
    domain: tournamentsDomain({ chainId, contract }),
    types: confirmationTypes,
    primaryType: 'Confirmation',
    message: { tournamentId, root },
  } as const
}

export declare namespace confirmationTypedData {
  type Parameters = Deployment & { readonly tournamentId: Hex; readonly root: Hex }
}
