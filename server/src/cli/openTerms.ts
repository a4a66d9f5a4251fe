import type { Address, Hex } from '@sluice/sdk'
import type { TokenInfo } from './amounts.js'
import { readToken, type ChainConnection } from './chain.js'
import type { CommonOptions, Context } from './command.js'
import { openJournal, type Journal } from './journal.js'
import { reachTerms } from './nodes.js'

/** What every verb about some terms works with, whatever their contract. */
export type OpenedTerms = {
  readonly connection: ChainConnection
  readonly token: TokenInfo
  readonly journal: Journal
}

/**
 * Reaches the chain of some terms.
 *
 * @param context the verb's
 * @param terms
 * - `id`: what the contract calls them by
 * - `file`: the name of their file
 * - `token`: what is paid in
 */
export async function openTerms(
  context: Context<CommonOptions>,
  terms: {
    readonly id: Hex
    readonly file: string
    readonly chainId: number
    readonly token: Address
  },
): Promise<OpenedTerms> {
  const { id, file, chainId, token } = terms
  const connection = await reachTerms(context, chainId)
  return {
    connection,
    token: await readToken(connection, token),
    journal: await openJournal(context.io, file, id),
  }
}
