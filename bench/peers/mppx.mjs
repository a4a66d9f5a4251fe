import { Store, tempo } from 'mppx/server'
import { Session } from 'mppx/tempo'
import { createClient, custom, decodeFunctionData, encodeFunctionResult } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { tempoModerato as chain } from 'viem/tempo/chains'

const { Voucher, Channel, Constants, escrowAbi } = Session.Precompile
const zero = '0x0000000000000000000000000000000000000000'
const chainId = chain.id
const escrow = Constants.tip20ChannelEscrow
const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const payee = '0x00000000000000000000000000000000000000aa'
const token = '0x20c0000000000000000000000000000000000001'
const price = 1_000n
const deposit = 10n ** 15n
const descriptor = {
  payer: account.address,
  payee,
  operator: zero,
  token,
  salt: `0x${'01'.repeat(32)}`,
  authorizedSigner: zero,
  expiringNonceHash: `0x${'02'.repeat(32)}`,
}
const channelId = Channel.computeId({ ...descriptor, chainId, escrow })

/** Answers the one read a session makes, once, in the same process. */
const client = createClient({
  account,
  chain,
  transport: custom({
    async request({ method, params }) {
      if (method === 'eth_chainId') return `0x${chainId.toString(16)}`
      if (method !== 'eth_call') throw new Error(`unexpected request ${method}`)
      const { functionName } = decodeFunctionData({ abi: escrowAbi, data: params[0].data })
      const result = { settled: 0n, deposit, closeRequestedAt: 0 }
      return encodeFunctionResult({ abi: escrowAbi, functionName, result })
    },
  }),
})

const request = {
  amount: price.toString(),
  currency: token,
  recipient: payee,
  unitType: 'request',
  methodDetails: { chainId, escrowContract: escrow, sessionProtocol: 'v2' },
}
const challenge = {
  id: 'bench',
  realm: 'bench.example',
  method: 'tempo',
  intent: 'session',
  request,
  expires: new Date(Date.now() + 3_600_000).toISOString(),
}

async function credentialOf(number) {
  const cumulativeAmount = price * BigInt(number)
  const message = { channelId, cumulativeAmount }
  const signature = await Voucher.signVoucher(client, account, message, escrow, chainId)
  return {
    challenge,
    source: `did:pkh:eip155:${chainId}:${account.address}`,
    payload: {
      action: 'voucher',
      channelId,
      descriptor,
      cumulativeAmount: cumulativeAmount.toString(),
      signature,
    },
  }
}

/** The session method's `broadcast`: all rules once, then the voucher goes to its store in memory. */
export async function createMppxAccept() {
  const store = Store.memory()
  const method = tempo.session({
    account,
    chainId,
    currency: token,
    recipient: payee,
    decimals: 6,
    amount: '0.001',
    unitType: 'request',
    store,
    channelStateTtl: 3_600_000,
    getClient: () => client,
  })
  await store.put(channelId.toLowerCase(), {
    authorizedSigner: account.address,
    backend: 'precompile',
    chainId,
    channelId: channelId.toLowerCase(),
    descriptor,
    escrowContract: escrow,
    expiringNonceHash: descriptor.expiringNonceHash,
    operator: descriptor.operator,
    payee,
    payer: account.address,
    salt: descriptor.salt,
    token,
    closeRequestedAt: 0n,
    deposit,
    settledOnChain: 0n,
    highestVoucherAmount: 0n,
    highestVoucher: null,
    spent: 0n,
    units: 0,
    finalized: false,
    createdAt: new Date().toISOString(),
  })
  let number = 1
  let credentials = []
  return {
    name: 'mppx-accept',
    async prepare(count) {
      credentials = []
      for (let index = 1; index <= count; index += 1) credentials.push(await credentialOf(number + index))
    },
    async run() {
      for (const credential of credentials) await method.broadcast({ credential, request })
      number += credentials.length
    },
    async check() {
      await method.broadcast({ credential: await credentialOf(1), request })
      const forged = await credentialOf(2)
      forged.payload.signature = (await credentialOf(3)).payload.signature
      const accepted = await method.broadcast({ credential: forged, request }).then(
        () => true,
        () => false,
      )
      if (accepted) throw new Error('mppx accepted a forged voucher')
    },
  }
}

/** The payer's signature under one voucher after another, current protocol. */
export async function createMppxSigning() {
  let cumulativeAmount = 0n
  let remaining = 0
  return {
    name: 'mppx-sign',
    async prepare(count) {
      remaining = count
    },
    async run() {
      for (; remaining > 0; remaining -= 1) {
        cumulativeAmount += price
        await Voucher.signVoucher(client, account, { channelId, cumulativeAmount }, escrow, chainId)
      }
    },
  }
}
