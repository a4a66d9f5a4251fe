import { loadNodeCrypto } from '../../sdk/dist/node/index.js'
import { createPayer, step } from '../fixture.mjs'

/**
 * The payer's signature under one voucher after another, as the SDK's VoucherSigner gives it: hex of 64 bytes.
 *
 * @param {'native' | 'portable'} engine
 * @returns {Promise<import('../harness/alternate.mjs').Subject>}
 */
export async function createSigning(engine) {
  const { signer, channelId } = createPayer(await loadNodeCrypto({ engine }), 0)
  let cumulative = 0n
  let remaining = 0
  return {
    name: 'sluice',
    async prepare(count) {
      remaining = count
    },
    async run() {
      for (; remaining > 0; remaining -= 1) {
        cumulative += step
        await signer.signVoucher(channelId, cumulative)
      }
    },
  }
}
