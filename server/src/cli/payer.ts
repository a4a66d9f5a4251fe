import { join, resolve } from 'node:path'
import type { LocalAccount } from 'viem'
import { createSluice, type Sluice } from '@sluice/sdk'
import { createFileKeyStore, createFileStore, loadNodeCrypto } from '@sluice/sdk/node'
import type { PayerStore } from '@sluice/sdk/session'
import { reachChain, writerFor, type ChainConnection, type ChainWriter } from './chain.js'
import type { Io } from './io.js'

/** A payer on this machine: a wallet, and files that remember channels and session keys. */
export type Payer = {
  readonly connection: ChainConnection
  readonly wallet: ChainWriter
  readonly sluice: Sluice
  readonly store: PayerStore
}

/**
 * Where a payer's channels and session keys are.
 *
 * @param io the environment and the person's own directory
 * @param flag `--home`
 */
export function payerHome(io: Io, flag: string | undefined): string {
  return resolve(io.directory, flag ?? io.env['SLUICE_HOME'] ?? join(io.home, '.sluice'))
}

/** The store of a payer's channels, for looking without a key. */
export function payerStore(home: string): PayerStore {
  return createFileStore({ directory: join(home, 'channels') })
}

/**
 * @param parameters
 * - `home`: from `payerHome`
 * - `account`: pays deposits and gas
 * - `chainId`: the chain the payee is paid on
 * - `rpc`: a node; undefined: the chain's public one
 * - `store`: wraps the store, such as to count
 */
export async function openPayer(parameters: {
  readonly home: string
  readonly account: LocalAccount
  readonly chainId: number
  readonly rpc: string | undefined
  readonly store?: (store: PayerStore) => PayerStore
}): Promise<Payer> {
  const { home, account, chainId } = parameters
  const connection = await reachChain(parameters.rpc, chainId)
  const wallet = writerFor(connection, account)
  const store = (parameters.store ?? ((plainStore) => plainStore))(payerStore(home))
  const keys = createFileKeyStore({ directory: join(home, 'keys') })
  return {
    connection,
    wallet,
    store,
    sluice: createSluice({ wallet, store, keys, crypto: await loadNodeCrypto() }),
  }
}
