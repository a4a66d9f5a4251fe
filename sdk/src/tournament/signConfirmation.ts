import { resolveAccount, resolveDeployment, type ChainClient } from '../chain/context.js'
import { signTyped } from '../chain/signTyped.js'
import type { WriteParameters } from '../chain/transact.js'
import type { SluiceError } from '../errors.js'
import type { Confirmation } from './confirm.js'
import { confirmationTypedData } from './confirmationTypedData.js'
import { readState } from './getTournament.js'
import { requireStage } from './paying.js'
import { tournaments } from './product.js'
import { tournamentId } from './tournamentId.js'
import type { Tournament } from './types.js'

/**
 * Signs a player's agreement to the result that stands now: one prompt and no gas. With those of all players, anyone
 * makes it final at once (`confirm`).
 *
 * @param client a wallet client of the player
 * @param parameters the terms
 * @throws SluiceError `unknown-tournament`, `wrong-stage`, and wallet errors
 *
 * @example
 * ```ts
 * import type { WalletClient } from 'viem'
 * import { signConfirmation, type Tournament } from '@sluice/sdk/tournament'
 *
 * const agree = (player: WalletClient, tournament: Tournament) => signConfirmation(player, { tournament })
 * ```
 */
export async function signConfirmation(
  client: ChainClient,
  parameters: signConfirmation.Parameters,
): Promise<Confirmation> {
  const { tournament } = parameters
  const account = resolveAccount(client, parameters)
  const deployment = await resolveDeployment(client, parameters, tournaments)
  const id = tournamentId({ ...deployment, tournament })
  const state = await readState(client, deployment, id)
  requireStage(id, state, 'reported')
  const data = confirmationTypedData({ ...deployment, tournamentId: id, root: state.root })
  const signature = await signTyped(client, account, data, tournaments)
  return { player: account.address, signature }
}

export declare namespace signConfirmation {
  type Parameters = Pick<WriteParameters, 'account' | 'contract'> & { readonly tournament: Tournament }
  type ReturnType = Confirmation
  type ErrorType = SluiceError
}
