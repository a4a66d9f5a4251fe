import type { Client } from 'viem'
import { getChainId } from 'viem/actions'
import { tournamentsAddress, tournamentsAddresses } from '../addresses.js'
import { SluiceError } from '../errors.js'
import type { Address, Deployment, Hex } from '../types.js'
import { tournamentId } from './tournamentId.js'
import type { Tournament } from './types.js'

/** What every question takes. */
export type ReadParameters = {
  /** Address of `Tournaments`; default: the known deployment on the client's chain. */
  readonly contract?: Address | undefined
}

/** A tournament by its terms or its id. */
export type WhichTournament =
  | { readonly tournament: Tournament; readonly tournamentId?: undefined }
  | { readonly tournamentId: Hex; readonly tournament?: undefined }

/**
 * Where the contract is that a question is about.
 *
 * @param client any viem client
 * @param parameters the contract, when it is not a known one
 */
export async function deploymentOf(client: Client, parameters: ReadParameters): Promise<Deployment> {
  const chainId = await answered(getChainId(client))
  const known = tournamentsAddresses[chainId]?.address ?? tournamentsAddress
  return { chainId, contract: parameters.contract ?? known }
}

/**
 * The id of the tournament that is meant.
 *
 * @param deployment where it is
 * @param which the terms or the id
 */
export function whichTournament(deployment: Deployment, which: WhichTournament): Hex {
  return which.tournament === undefined
    ? which.tournamentId
    : tournamentId({ ...deployment, tournament: which.tournament })
}

/**
 * An answer of the chain. The views of the contract never revert, so what goes wrong is the node, or that there is no
 * such contract.
 *
 * @param answer what was asked
 */
export async function answered<answer>(answer: Promise<answer>): Promise<answer> {
  try {
    return await answer
  } catch (cause) {
    const details = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    if (details.includes('returned no data')) {
      const message = 'There are no tournaments on this chain.'
      throw new SluiceError({ code: 'invalid-argument', message, details, cause })
    }
    throw new SluiceError({
      code: 'rpc-unreachable',
      message: 'The network does not answer. Nothing was charged.',
      details,
      action: 'retry',
      retryable: true,
      cause,
    })
  }
}
