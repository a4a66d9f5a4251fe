import { decodeErrorResult, encodeFunctionData, type Client } from 'viem'
import { call as ethCall, estimateGas } from 'viem/actions'
import { SluiceError, type Address, type Channel, type Hex } from '@sluice/sdk'
import { streamChannelsAbi } from '@sluice/sdk/abi'
import { asking, revertData, shortReason } from '../chain/rpc.js'

/** A voucher on its way to the chain, its signature normalised. */
export type ClaimItem = {
  readonly channelId: Hex
  readonly channel: Channel
  readonly amount: bigint
  readonly signature: Hex
}

/** What a simulation says: undefined is success, else why the contract refuses. */
export type Verdict = string | undefined

/**
 * Calldata of `claim` for vouchers of one payee, operator and token.
 *
 * @param items at least one
 */
export function claimData(items: readonly ClaimItem[]): Hex {
  const [first] = items
  if (first === undefined) throw new Error('a claim needs at least one voucher')
  const { payee, operator, token } = first.channel
  return encodeFunctionData({
    abi: streamChannelsAbi,
    functionName: 'claim',
    args: [
      payee,
      operator,
      token,
      items.map(({ channel, amount, signature }) => ({
        payer: channel.payer,
        signer: channel.signer,
        grace: channel.grace,
        rate: channel.rate,
        burst: channel.burst,
        salt: channel.salt,
        cumulativeAmount: amount,
        signature,
      })),
    ],
  })
}

/** Calldata of `close`. */
export function closeData(parameters: {
  readonly channel: Channel
  readonly cumulativeAmount: bigint
  readonly capturedAmount: bigint
  readonly voucherSignature: Hex
  readonly payeeSignature: Hex
}): Hex {
  const { channel, cumulativeAmount, capturedAmount, voucherSignature, payeeSignature } = parameters
  return encodeFunctionData({
    abi: streamChannelsAbi,
    functionName: 'close',
    args: [channel, cumulativeAmount, capturedAmount, voucherSignature, payeeSignature],
  })
}

export type SimulatedCall = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  /** Gas it may use; as much as the node allows when not given. */
  readonly gas?: bigint
}

/**
 * Tries a call on the newest block.
 *
 * @throws SluiceError `rpc-unreachable` when the node could not try: that says nothing about the call
 */
export async function simulate(client: Client, { from, to, data, gas }: SimulatedCall): Promise<Verdict> {
  return await tryCall('eth_call', async () => {
    await ethCall(client, { account: from, to, data, ...(gas === undefined ? {} : { gas }) })
    return undefined
  })
}

/**
 * The gas a call needs, with a fifth to spare for what changes until it runs.
 *
 * @throws SluiceError `transaction-reverted` when the contract refuses it, `rpc-unreachable`
 */
export async function gasFor(client: Client, { from, to, data }: SimulatedCall): Promise<bigint> {
  let gas = 0n
  const verdict = await tryCall('eth_estimateGas', async () => {
    gas = await estimateGas(client, { account: from, to, data })
    return undefined
  })
  if (verdict !== undefined) throw reverted(verdict)
  return gas + gas / 5n + 10_000n
}

/** The contract refuses a transaction. */
export function reverted(verdict: string): SluiceError {
  return new SluiceError({
    code: 'transaction-reverted',
    message: 'The payment contract refused the settlement.',
    details: verdict,
  })
}

async function tryCall(what: string, attempt: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await attempt()
  } catch (error) {
    const data = revertData(error) ?? (outOfGas.test(shortReason(error)) ? '0x' : undefined)
    if (data !== undefined) return describeRevert(data, error)
    return await asking(what, () => Promise.reject(error instanceof Error ? error : new Error(String(error))))
  }
}

/** Nodes do not call it a revert when a recipient has burnt all gas there was. It is as final. */
const outOfGas = /out of gas/i

/** The contract's error with its figures, or what the node said. */
function describeRevert(data: Hex, error: unknown): string {
  try {
    const { errorName, args } = decodeErrorResult({ abi: streamChannelsAbi, data })
    return `${errorName}(${args.map(String).join(', ')})`
  } catch {
    return shortReason(error)
  }
}
