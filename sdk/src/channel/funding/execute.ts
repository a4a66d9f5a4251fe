import { encodeAbiParameters, encodeFunctionData, keccak256, bytesToHex } from 'viem'
import { signTypedData } from 'viem/actions'
import { erc20Abi } from '../../abi/erc20.js'
import { SluiceError } from '../../errors.js'
import type { Channel, Hex } from '../../types.js'
import { streamChannelsCall, type ContractCall } from '../call.js'
import { chainNameOf, type ChainClient } from '../context.js'
import { platformRandom } from '../../crypto/loadCrypto.js'
import { awaitMined, transact, type Mined } from '../transact.js'
import { TransactionUnknownError } from '../transactionUnknown.js'
import { isUnreachable, toSluiceError } from '../walletErrors.js'
import { sendBatch } from './batching.js'
import type { FundingStep } from './choose.js'
import { chainTime, permitExpired, type FundingParameters, type PreparedDeposit } from './prepare.js'
import { authorizationTypedData, permit2TypedData, permitTypedData } from './typedData.js'

/**
 * Carries out a prepared deposit, prompt by prompt.
 *
 * @param client a wallet client
 * @param parameters the deposit
 * @param prepared how it is paid for
 */
export async function executeDeposit(
  client: ChainClient,
  parameters: FundingParameters,
  prepared: PreparedDeposit,
): Promise<Mined> {
  const { account, method, token, deployment } = prepared
  const announce = announcer(parameters, prepared.steps)
  const plain = plainDeposit(deployment.contract, parameters.channel, parameters.amount)
  const approve = (amount: bigint) => approval(token.address, deployment.contract, amount)

  switch (method) {
    case 'native':
    case 'allowance':
      announce('deposit')
      return await transact(client, account, plain, parameters)
    case 'batch': {
      announce('batch')
      const reset = prepared.resetFirst ? [approve(0n)] : []
      return await sendBatch(client, account, [...reset, approve(parameters.amount), plain], parameters)
    }
    case 'approve': {
      // A hash is worth keeping only for the deposit: an approval moves no money.
      const { timeoutMs } = parameters
      if (prepared.resetFirst) {
        announce('approve-reset')
        await transact(client, account, approve(0n), { timeoutMs })
      }
      announce('approve')
      await transact(client, account, approve(parameters.amount), { timeoutMs })
      announce('deposit')
      return await transact(client, account, plain, parameters)
    }
    case 'authorization':
    case 'permit':
    case 'permit2': {
      announce('sign')
      const request = await signedDeposit(client, parameters, prepared)
      await requireNotExpired(client, prepared.deadline)
      if (prepared.relayed && parameters.relay !== undefined) {
        return await submitThroughRelay(client, parameters, parameters.relay, request)
      }
      announce('deposit')
      return await transact(client, account, request, parameters)
    }
  }
}

/** Announces the steps in the order in which they were planned. */
function announcer({ onStep }: FundingParameters, steps: readonly FundingStep[]) {
  return (kind: FundingStep['kind']) => {
    const index = steps.findIndex((step) => step.kind === kind)
    const step = steps[index]
    if (step !== undefined) onStep?.({ ...step, index: index + 1, of: steps.length })
  }
}

/** `deposit` from the sender's allowance, or with the native coin. */
export function plainDeposit(contract: Hex, channel: Channel, amount: bigint): ContractCall {
  const native = /^0x0{40}$/.test(channel.token)
  return streamChannelsCall(contract, 'deposit', [channel, amount], native ? amount : 0n)
}

function approval(token: Hex, spender: Hex, amount: bigint): ContractCall {
  const args = [spender, amount] as const
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args })
  return { to: token, data, value: 0n, abi: erc20Abi, functionName: 'approve', args }
}

async function signedDeposit(
  client: ChainClient,
  parameters: FundingParameters,
  prepared: PreparedDeposit,
): Promise<ContractCall> {
  const { channel, amount, random = platformRandom } = parameters
  const { account, channelId, deadline, deployment, support, token } = prepared
  const { contract } = deployment
  const sign = async (data: Parameters<typeof signTypedData>[1]) =>
    canonicalV(
      await signTypedData(client, data).catch((error: unknown) => {
        throw toSluiceError(error, { chainName: chainNameOf(client) })
      }),
    )

  if (prepared.method === 'authorization' && support.authorization !== undefined) {
    const salt = bytesToHex(random(32))
    const nonce = authorizationNonce(channelId, salt)
    const terms = {
      from: account.address,
      to: contract,
      value: amount,
      validAfter: 0n,
      validBefore: deadline,
      nonce,
    }
    const signature = await sign({ account, ...authorizationTypedData(support.authorization.domain, terms) })
    return streamChannelsCall(contract, 'depositWithAuthorization', [
      channel,
      amount,
      0n,
      deadline,
      salt,
      signature,
    ])
  }
  if (prepared.method === 'permit' && support.permit !== undefined) {
    const { domain, nonce } = support.permit
    const terms = { owner: account.address, spender: contract, value: amount, nonce, deadline }
    const signature = await sign({ account, ...permitTypedData(domain, terms) })
    return streamChannelsCall(contract, 'depositWithPermit', [channel, amount, deadline, signature])
  }
  const nonce = BigInt(bytesToHex(random(32)))
  const permitted = { token: token.address, amount }
  const terms = { permitted, spender: contract, nonce, deadline, witness: { channelId } }
  const signature = await sign({ account, ...permit2TypedData(deployment.chainId, terms) })
  return streamChannelsCall(contract, 'depositWithPermit2', [channel, amount, nonce, deadline, signature])
}

/**
 * The EIP-3009 nonce that binds an authorization to a channel: `keccak256(abi.encode(channelId, salt))`.
 *
 * @param channelId the channel's
 * @param salt 32 bytes that distinguish several authorizations for one channel
 */
export function authorizationNonce(channelId: Hex, salt: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [channelId, salt]))
}

/** Hardware wallets end a signature with 0 or 1 where tokens want 27 or 28. */
function canonicalV(signature: Hex): Hex {
  const v = signature.length === 132 ? Number.parseInt(signature.slice(-2), 16) : 27
  return v > 1 ? signature : `0x${signature.slice(2, -2)}${(v + 27).toString(16)}`
}

/** The person may have taken longer to sign than the signature lives. */
async function requireNotExpired(client: ChainClient, deadline: bigint): Promise<void> {
  const now = await chainTime(client)
  if (now >= deadline) throw permitExpired(deadline, now)
}

async function submitThroughRelay(
  client: ChainClient,
  parameters: FundingParameters,
  relay: (request: ContractCall) => Promise<Hex>,
  request: ContractCall,
): Promise<Mined> {
  const hash = await relay(request).catch((error: unknown) => {
    if (isUnreachable(error)) throw new TransactionUnknownError(undefined, error)
    if (error instanceof SluiceError) throw error
    throw toSluiceError(error, { chainName: chainNameOf(client) })
  })
  await parameters.onSubmitted?.({ kind: 'transaction', hash })
  return await awaitMined(client, hash, parameters)
}
