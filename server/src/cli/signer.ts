import { resolve } from 'node:path'
import type { LocalAccount } from 'viem'
import { writerFor, type ChainConnection, type ChainWriter } from './chain.js'
import type { CommonOptions, Context } from './command.js'
import { findConfig } from './config.js'
import { loadAccount } from './privateKey.js'
import { refusePublicKey } from './safety.js'

/** Somebody who can sign, and a client that sends what is signed. */
export type Signer = { readonly account: LocalAccount; readonly wallet: ChainWriter }

/**
 * Loads the key that signs: the one named, else the one in the environment, else the operator's.
 *
 * @param context the verb's
 * @param connection of the chain
 * @throws CommandError exit code 2 without a key, 3 for a key that everybody has on a public chain
 */
export async function loadSigner(
  { io, options }: Context<CommonOptions & { readonly keyFile?: string }>,
  connection: ChainConnection,
): Promise<Signer> {
  const config = await findConfig(io, options)
  const account = await loadAccount(io, {
    keyFile: options.keyFile === undefined ? config?.keyFilePath : resolve(io.directory, options.keyFile),
    advice: 'Set SLUICE_PRIVATE_KEY, add --key-file, or run "sluice init".',
  })
  refusePublicKey(account.address, connection.chain.id)
  return { account, wallet: writerFor(connection, account) }
}
