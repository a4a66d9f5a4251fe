import { privateKeyToAccount } from 'viem/accounts'
import { computeChannelId, createVoucherSigner } from '../sdk/dist/index.js'

/** Where the channels of every measurement live. Nothing is sent to a chain. */
export const deployment = { chainId: 84532, contract: '0x5353535353535353535353535353535353535353' }

const zero = '0x0000000000000000000000000000000000000000'

/** The payee server's key: signs receipts, and is the payee. */
export const operatorKey = `0x${'22'.repeat(32)}`
const payee = privateKeyToAccount(operatorKey).address.toLowerCase()

/** Base units by which one voucher exceeds the one before: the price of a second. */
export const step = 1_000n

/** Of every channel: more than any measurement signs. */
export const deposited = 10n ** 15n

/** What the payee sells: seconds, for the chain's coin. */
export const offer = {
  ...deployment,
  token: zero,
  symbol: 'ETH',
  decimals: 18,
  payee,
  operator: zero,
  price: step,
  unit: 'second',
  per: 1n,
  window: 10n,
  credit: 3n,
  minDelta: step,
  suggestedDeposit: 600n * step,
  grace: 3600,
  confirmations: 1,
  title: 'Benchmark',
}

/** What the chain would say of every channel: opened yesterday, so that no rate bound is reached. */
export function constantChain() {
  const openedAt = Math.floor(Date.now() / 1000) - 86_400
  const state = { deposited, claimed: 0n, openedAt, closeRequestedAt: 0, closed: false }
  return { channelState: async () => state }
}

/**
 * Channel number `index`: its terms as the SDK makes them (a session key, a rate, a burst), its id and its signer.
 *
 * @param {object} crypto loaded cryptography
 * @param {number} index any below 2^32 - 1
 */
export function createPayer(crypto, index) {
  const secret = Buffer.alloc(32)
  secret.writeUInt32BE(index + 1, 28)
  const privateKey = `0x${secret.toString('hex')}`
  const signer = createVoucherSigner(crypto, deployment, { kind: 'secp256k1', privateKey })
  const channel = {
    payer: '0x00000000000000000000000000000000000000bb',
    payee,
    operator: zero,
    token: zero,
    signer: signer.address,
    grace: 3600,
    rate: step,
    burst: deposited,
    salt: `0x${'00'.repeat(32)}`,
  }
  return { channel, channelId: computeChannelId(crypto, deployment, channel), signer }
}
