import { createOperatorSigner, operatorSignerFromAccount } from '@sluice/sdk'
import type { Deployment, OperatorSigner, SluiceCrypto } from '@sluice/sdk'
import { loadNodeCrypto } from '@sluice/sdk/node'
import { systemClock } from '../edge/system.js'
import { limitsOf } from '../limits.js'
import { openSqliteStore } from '../store/sqlite.js'
import { assemble } from './assemble.js'
import type { PayeeOptions } from './options.js'
import type { Payee } from './payee.js'
import { createStanding } from './standing.js'
import { checkContract, connectChain, invalid, lower, readToken } from './startup.js'

/**
 * Starts a payee: checks everything it depends on, opens its store, takes up where it stopped.
 *
 * @param options what is sold and where; see {@link PayeeOptions}
 * @throws SluiceError `wrong-chain`, `wrong-token`, `rpc-unreachable`, `store-failed` or `invalid-argument`; then nothing
 * is left open
 *
 * @example
 * ```ts
 * import { createPayee } from '@sluice/server'
 * import { Hono } from 'hono'
 * import { privateKeyToAccount } from 'viem/accounts'
 * import { base } from 'viem/chains'
 *
 * const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
 * const app = new Hono()
 * const payee = await createPayee({ account, chain: base, price: '0.002/s', store: 'sluice.db' })
 * app.use('/live/*', payee.middleware())
 * ```
 */
export async function createPayee(options: PayeeOptions): Promise<Payee> {
  const limits = limitsOf(options.limits)
  const { realm } = options
  if (realm?.includes('|') === true) throw invalid('The realm cannot be.', `realm "${realm}" contains "|"`)
  const client = connectChain(options)
  const contract = await checkContract(client, options)
  const token = await readToken(client, options)
  const standing = createStanding({ options, contract, token, client })
  const crypto = await loadNodeCrypto({ engine: options.engine ?? 'auto' })
  const deployment: Deployment = { chainId: options.chain.id, contract }
  const operator = operatorOf(crypto, deployment, options)
  const { clock = systemClock, store: given } = options
  const store = typeof given === 'string' ? openSqliteStore({ path: given, clock }) : given
  try {
    return await assemble({
      options,
      limits,
      client,
      standing,
      crypto,
      deployment,
      operator,
      store,
      ownsStore: typeof given === 'string',
      clock,
    })
  } catch (error) {
    if (typeof given === 'string') await store.close()
    throw error
  }
}

/** Signs receipts at once when the key is given, through the account otherwise. */
function operatorOf(crypto: SluiceCrypto, deployment: Deployment, options: PayeeOptions): OperatorSigner {
  if (options.privateKey === undefined) return operatorSignerFromAccount(options.account, deployment)
  const signer = createOperatorSigner(crypto, deployment, options.privateKey)
  if (signer.address === lower(options.account.address)) return signer
  throw invalid(
    "The private key is not the account's.",
    `key of ${signer.address}, account ${options.account.address}`,
  )
}
