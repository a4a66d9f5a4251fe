import { computeChannelId, signVoucher } from '@x402/evm/batch-settlement/client'
import { BatchSettlementEvmScheme as FacilitatorScheme } from '@x402/evm/batch-settlement/facilitator'
import {
  BatchSettlementEvmScheme as ServerScheme,
  InMemoryChannelStorage,
} from '@x402/evm/batch-settlement/server'
import { encodeAbiParameters } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const network = 'eip155:84532'
const price = 1_000n
const balance = 10n ** 15n
const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const receiver = '0x00000000000000000000000000000000000000AA'
const receiverAuthorizer = '0x00000000000000000000000000000000000000bb'
const token = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const channelConfig = {
  payer: account.address,
  payerAuthorizer: account.address,
  receiver,
  receiverAuthorizer,
  token,
  withdrawDelay: 900,
  salt: `0x${'01'.repeat(32)}`,
}
const channelId = computeChannelId(channelConfig, network)
const requirements = {
  scheme: 'batch-settlement',
  network,
  asset: token,
  amount: price.toString(),
  payTo: receiver,
  maxTimeoutSeconds: 60,
  extra: { receiverAuthorizer, withdrawDelay: 900, name: 'USDC', version: '2' },
}

async function payment(number) {
  const voucher = await signVoucher(account, channelId, (price * BigInt(number)).toString(), network)
  return {
    x402Version: 2,
    accepted: requirements,
    payload: { type: 'voucher', channelConfig, voucher },
  }
}

/**
 * Makes a subject of a function that checks one payment; payments rise by the price and are built beforehand.
 *
 * @param {string} name
 * @param {(payment: object, number: number) => Promise<string | undefined>} verify why it was refused
 */
function subject(name, verify) {
  let number = 0
  let payments = []
  return {
    name,
    async prepare(count) {
      payments = []
      for (let index = 1; index <= count; index += 1) payments.push(await payment(number + index))
    },
    async run() {
      for (const each of payments) {
        number += 1
        const refusal = await verify(each, number)
        if (refusal !== undefined) throw new Error(`${name} refused voucher ${number}: ${refusal}`)
      }
    },
    async check() {
      const [good, other] = [await payment(1), await payment(2)]
      const forged = structuredClone(good)
      forged.payload.voucher.signature = other.payload.voucher.signature
      if ((await verify(good, 1)) !== undefined) throw new Error(`${name} refused a good voucher`)
      if ((await verify(forged, 1)) === undefined) throw new Error(`${name} accepted a forged voucher`)
    },
  }
}

/** The payee's own check with its record of the channel, no chain: `schemeHooks.onBeforeVerify`. */
export async function createX402Local() {
  const storage = new InMemoryChannelStorage()
  const scheme = new ServerScheme(receiver, {
    storage,
    receiverAuthorizerSigner: { address: receiverAuthorizer },
    withdrawDelay: 900,
    onchainStateTtlMs: 3_600_000,
  })
  const first = await payment(1)
  await storage.updateChannel(channelId, () => ({
    channelId,
    channelConfig,
    chargedCumulativeAmount: '0',
    signedMaxClaimable: '0',
    signature: first.payload.voucher.signature,
    balance: balance.toString(),
    totalClaimed: '0',
    withdrawRequestedAt: 0,
    refundNonce: 0,
    onchainSyncedAt: Date.now(),
    lastRequestTimestamp: Date.now(),
  }))
  const record = storage.channels.get(channelId.toLowerCase())
  return subject('x402-local', async (paymentPayload, number) => {
    // It accepts only what was charged plus the price, so the charged amount is moved on: one assignment a voucher.
    record.chargedCumulativeAmount = (price * BigInt(number - 1)).toString()
    const answer = await scheme.schemeHooks.onBeforeVerify({ paymentPayload, requirements })
    if (answer?.skip === true && answer.result.isValid) return undefined
    return answer?.result?.invalidReason ?? answer?.reason ?? 'it would ask the facilitator'
  })
}

/** The facilitator's check, the chain's answer given at once in the same process. */
export async function createX402Facilitator() {
  const encode = (types, values) =>
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values,
    )
  const chain = [
    { success: true, returnData: encode(['uint128', 'uint128'], [balance, 0n]) },
    { success: true, returnData: encode(['uint128', 'uint40'], [0n, 0]) },
    { success: true, returnData: encode(['uint256'], [0n]) },
  ]
  const signer = {
    getAddresses: () => [account.address],
    readContract: async () => chain,
    verifyTypedData: async () => {
      throw new Error('not for keys')
    },
  }
  const scheme = new FacilitatorScheme(signer, { address: receiverAuthorizer })
  return subject('x402-facilitator', async (paymentPayload) => {
    const answer = await scheme.verify(paymentPayload, requirements)
    return answer.isValid ? undefined : answer.invalidReason
  })
}

/** The payer's signature under one voucher after another. */
export async function createX402Signing() {
  let amount = 0n
  let remaining = 0
  return {
    name: 'x402-sign',
    async prepare(count) {
      remaining = count
    },
    async run() {
      for (; remaining > 0; remaining -= 1) {
        amount += price
        await signVoucher(account, channelId, amount.toString(), network)
      }
    },
  }
}
