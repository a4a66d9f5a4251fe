import type { Deployment } from '@sluice/sdk'
import type { Random } from '@sluice/sdk/session'
import type { MetaStore } from '../store/ports.js'
import { invalid } from './startup.js'

/**
 * Binds a store to one deployment: vouchers of another chain or contract are worth nothing here.
 *
 * @throws SluiceError `invalid-argument` when the store belongs to another
 */
export async function claimStore(meta: MetaStore, deployment: Deployment): Promise<void> {
  const name = `${deployment.chainId}:${deployment.contract}`
  const found = await meta.get('deployment')
  if (found === undefined) await meta.set('deployment', name)
  else if (found !== name) {
    throw invalid(
      'This store belongs to another chain or contract.',
      `the store is of ${found}, expected ${name}`,
    )
  }
}

/** The secret that 402 challenges are bound with; the same after a restart, so that they stay good. */
export async function challengeSecret(meta: MetaStore, random: Random): Promise<Uint8Array> {
  const found = await meta.get('challenge-secret')
  if (found !== undefined) return Buffer.from(found, 'hex')
  const secret = random(32)
  await meta.set('challenge-secret', Buffer.from(secret).toString('hex'))
  return secret
}

/** The block the watcher starts from on a store that is new. */
export async function firstBlock(meta: MetaStore, find: () => Promise<bigint>): Promise<bigint> {
  const found = await meta.get('first-block')
  if (found !== undefined) return BigInt(found)
  const block = await find()
  await meta.set('first-block', block.toString())
  return block
}
