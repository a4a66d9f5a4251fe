import { encodeFunctionData, keccak256, stringToBytes, type TypedDataDomain } from 'viem'
import { call, getCode } from 'viem/actions'
import { erc20Abi } from '../abi/erc20.js'
import { erc2612Abi, erc3009Abi } from '../abi/permit.js'
import type { Address, Deployment, Hex } from '../types.js'
import { contextOf, type ChainClient } from '../chain/context.js'
import { permit2Address } from './permit2.js'
import { askOnce, tryRead } from '../chain/read.js'
import { isUnreachable, revertDataOf, walletError } from '../chain/walletErrors.js'
import { readTokenDomain } from './tokenDomain.js'

/** What a token lets its owner do by signature. */
export type SignatureSupport = {
  /** EIP-3009, with the domain to sign under. */
  readonly authorization: { readonly domain: TypedDataDomain } | undefined
  /** EIP-2612, with the domain and the owner's next nonce. */
  readonly permit: { readonly domain: TypedDataDomain; readonly nonce: bigint } | undefined
  /** Base units the owner lets Permit2 take. */
  readonly permit2Allowance: bigint
}

const none: SignatureSupport = { authorization: undefined, permit: undefined, permit2Allowance: 0n }

const receiveWithAuthorizationAbi = [
  {
    type: 'function',
    name: 'receiveWithAuthorization',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'from', type: 'address' },
      { name: 'to', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'validAfter', type: 'uint256' },
      { name: 'validBefore', type: 'uint256' },
      { name: 'nonce', type: 'bytes32' },
      { name: 'v', type: 'uint8' },
      { name: 'r', type: 'bytes32' },
      { name: 's', type: 'bytes32' },
    ],
    outputs: [],
  },
] as const

const permitTypeHash = keccak256(
  stringToBytes('Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'),
)
const receiveTypeHash = keccak256(
  stringToBytes(
    'ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
  ),
)
const oneWord: Hex = `0x${'11'.repeat(32)}`
const farFuture = 2n ** 48n

/**
 * Finds out by reading what an owner can pay a token with by signature. A method counts as there only when the token's
 * domain is known for sure, its type hash is the standard's where the token tells it, and a call with a bogus signature
 * is answered with a reason: DAI's permit, for one, has another shape, and some tokens answer any call with silence.
 *
 * @param client any viem client
 * @param token an ERC-20 token
 * @param owner who would sign
 * @param deployment the contract that would take the money
 */
export async function readSignatureSupport(
  client: ChainClient,
  token: Address,
  owner: Address,
  deployment: Deployment,
): Promise<SignatureSupport> {
  if (await isContractWallet(client, owner)) return none
  const [domain, permit2Allowance] = await Promise.all([
    readTokenDomain(client, token, deployment.chainId),
    readPermit2Allowance(client, token, owner),
  ])
  if (domain === undefined) return { ...none, permit2Allowance }
  const [nonce, authorizes] = await Promise.all([
    readPermitNonce(client, token, owner, deployment.contract),
    supportsAuthorization(client, token, owner, deployment.contract),
  ])
  return {
    authorization: authorizes ? { domain } : undefined,
    permit: nonce === undefined ? undefined : { domain, nonce },
    permit2Allowance,
  }
}

/** Whether the owner has code other than an EIP-7702 delegation: it has no key whose signature tokens would accept. */
async function isContractWallet(client: ChainClient, owner: Address): Promise<boolean> {
  const code = await getCode(client, { address: owner }).catch((error: unknown) => {
    throw walletError(error, contextOf(client))
  })
  return code !== undefined && code !== '0x' && !code.startsWith('0xef0100')
}

async function readPermit2Allowance(client: ChainClient, token: Address, owner: Address): Promise<bigint> {
  const code = await getCode(client, { address: permit2Address }).catch(() => undefined)
  if (code === undefined || code === '0x') return 0n
  const question = {
    address: token,
    abi: erc20Abi,
    functionName: 'allowance',
    args: [owner, permit2Address],
  } as const
  return (await tryRead(client, question)) ?? 0n
}

async function readPermitNonce(
  client: ChainClient,
  token: Address,
  owner: Address,
  spender: Address,
): Promise<bigint | undefined> {
  const about = { address: token, abi: erc2612Abi } as const
  const [nonce, typeHash, answers] = await Promise.all([
    tryRead(client, { ...about, functionName: 'nonces', args: [owner] }),
    tryRead(client, { ...about, functionName: 'PERMIT_TYPEHASH', args: [] }),
    refusesWithReason(
      client,
      token,
      spender,
      encodeFunctionData({
        abi: erc2612Abi,
        functionName: 'permit',
        args: [owner, spender, 1n, farFuture, 27, oneWord, oneWord],
      }),
    ),
  ])
  return answers && (typeHash === undefined || typeHash === permitTypeHash) ? nonce : undefined
}

async function supportsAuthorization(
  client: ChainClient,
  token: Address,
  owner: Address,
  receiver: Address,
): Promise<boolean> {
  const about = { address: token, abi: erc3009Abi } as const
  const [used, typeHash, answers] = await Promise.all([
    tryRead(client, { ...about, functionName: 'authorizationState', args: [owner, oneWord] }),
    tryRead(client, { ...about, functionName: 'RECEIVE_WITH_AUTHORIZATION_TYPEHASH', args: [] }),
    refusesWithReason(
      client,
      token,
      receiver,
      encodeFunctionData({
        abi: receiveWithAuthorizationAbi,
        functionName: 'receiveWithAuthorization',
        args: [owner, receiver, 1n, 0n, farFuture, oneWord, 27, oneWord, oneWord],
      }),
    ),
  ])
  return used !== undefined && answers && (typeHash === undefined || typeHash === receiveTypeHash)
}

/** A function that is there says why it refuses a bogus signature; one that is not reverts in silence or not at all. */
async function refusesWithReason(
  client: ChainClient,
  to: Address,
  account: Address,
  data: Hex,
): Promise<boolean> {
  try {
    await askOnce(client, (once) => call(once, { account, to, data }))
    return false
  } catch (error) {
    if (isUnreachable(error)) throw walletError(error, contextOf(client))
    return revertDataOf(error) !== undefined
  }
}
