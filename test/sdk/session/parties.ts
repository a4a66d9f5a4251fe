import type { PayeeRecord, PayerRecord, StandingOffer } from '@sluice/sdk/session'
import type { Channel, Deployment, Hex } from '../../../sdk/dist/types.js'
import { computeChannelId } from '../../../sdk/dist/crypto/channelId.js'
import { createOperatorSigner, createVoucherSigner } from '../../../sdk/dist/crypto/signer.js'
import { createSignatureVerifier } from '../../../sdk/dist/crypto/verifier.js'
import { loadNodeCrypto } from '../../../sdk/dist/node/index.js'

export const deployment: Deployment = {
  chainId: 31337,
  contract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
}
const crypto = await loadNodeCrypto()
const key = (byte: string): Hex => `0x${byte.repeat(32)}`
const operatorKey = key('02')
const signerKey = key('03')

export const operator = createOperatorSigner(crypto, deployment, operatorKey)
export const verifier = createSignatureVerifier(crypto, deployment)
export const voucherSigner = createVoucherSigner(crypto, deployment, {
  kind: 'secp256k1',
  privateKey: signerKey,
})

/** 2,000 base units a second, ten seconds ahead, three on credit. */
export const offer: StandingOffer = {
  chainId: deployment.chainId,
  contract: deployment.contract,
  token: '0x00000000000000000000000000000000000000a1',
  symbol: 'USDC',
  decimals: 6,
  payee: '0x00000000000000000000000000000000000000b2',
  operator: operator.address,
  price: 2000n,
  unit: 'second',
  per: 1n,
  window: 10n,
  credit: 3n,
  minDelta: 1000n,
  suggestedDeposit: 1_000_000n,
  grace: 3600,
  confirmations: 1,
  title: 'A test card',
}

export const channel: Channel = {
  payer: '0x00000000000000000000000000000000000000c3',
  payee: offer.payee,
  operator: offer.operator,
  token: offer.token,
  signer: voucherSigner.address,
  grace: 86_400,
  rate: 2000n,
  burst: 100_000n,
  salt: `0x${'00'.repeat(32)}`,
}

export const channelIdOf = (terms: Channel): Hex => computeChannelId(crypto, deployment, terms)
export const channelId = channelIdOf(channel)

export function payerRecord(change: Partial<PayerRecord> = {}): PayerRecord {
  return {
    channelId,
    channel,
    chainId: deployment.chainId,
    contract: deployment.contract,
    url: 'memory:',
    offer: { type: 'offer', ...offer, challenge: `0x${'00'.repeat(32)}` },
    deposited: 1_000_000n,
    budget: 1_000_000n,
    signed: 0n,
    signature: '0x',
    units: 0n,
    tipped: 0n,
    pendingTips: [],
    receipt: undefined,
    closed: false,
    ...change,
  }
}

export function payeeRecord(change: Partial<PayeeRecord> = {}): PayeeRecord {
  return {
    channelId,
    channel,
    deposited: 1_000_000n,
    claimed: 0n,
    openedAt: 1_700_000_000,
    accepted: 0n,
    signature: '0x',
    spent: 0n,
    units: 0n,
    tipped: 0n,
    closeRequestedAt: 0,
    consent: undefined,
    closed: false,
    ...change,
  }
}
