import {
  AbiCoder,
  concat,
  keccak256,
  MaxUint256,
  TypedDataEncoder,
  type BaseContract,
  type TypedDataField,
} from 'ethers'
import { PERMIT2_ADDRESS, SignatureTransfer, type Witness } from '@uniswap/permit2-sdk'
import type { World } from './world.js'

/** Beyond any test's clock. */
export const never = MaxUint256

export const permit2Address = PERMIT2_ADDRESS

type Domain = { name: string; version: string; chainId: number; verifyingContract: string }

/** The EIP-712 domain of a mock token. */
export async function tokenDomain(
  world: Pick<World, 'place'>,
  token: BaseContract,
  name: string,
  version: string,
): Promise<Domain> {
  return { name, version, chainId: world.place.chainId, verifyingContract: await token.getAddress() }
}

/** An EIP-2612 permit's digest. */
export function permitDigest(
  domain: Domain,
  permit: { owner: string; spender: string; value: bigint; nonce: bigint; deadline: bigint },
): string {
  const fields: TypedDataField[] = [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ]
  return TypedDataEncoder.hash(domain, { Permit: fields }, permit)
}

/** An EIP-3009 authorization. */
export type Authorization = {
  from: string
  to: string
  value: bigint
  validAfter: bigint
  validBefore: bigint
  nonce: string
}

/** The digest of an EIP-3009 authorization to receive or, by anyone, to transfer. */
export function authorizationDigest(
  domain: Domain,
  authorization: Authorization,
  kind: 'ReceiveWithAuthorization' | 'TransferWithAuthorization' = 'ReceiveWithAuthorization',
): string {
  const fields: TypedDataField[] = [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ]
  return TypedDataEncoder.hash(domain, { [kind]: fields }, authorization)
}

/** The nonce that binds an authorization to a channel. */
export function authorizationNonce(channelId: string, salt: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'bytes32'], [channelId, salt]))
}

/** A Permit2 transfer. */
export type Permit2Transfer = {
  token: string
  amount: bigint
  spender: string
  nonce: bigint
  deadline: bigint
}

/** The digest of a Permit2 transfer bound to a channel. */
export function permit2Digest(chainId: number, permit: Permit2Transfer, channelId: string): string {
  return witnessDigest(chainId, permit, {
    witness: { channelId },
    witnessTypeName: 'ChannelWitness',
    witnessType: { ChannelWitness: [{ name: 'channelId', type: 'bytes32' }] },
  })
}

/** The digest of a Permit2 transfer bound to the purpose of a payment. */
export function paymentPermit2Digest(chainId: number, permit: Permit2Transfer, purpose: string): string {
  return witnessDigest(chainId, permit, {
    witness: { purpose },
    witnessTypeName: 'Payment',
    witnessType: { Payment: [{ name: 'purpose', type: 'bytes32' }] },
  })
}

/** Typed data built by Uniswap's own package. */
function witnessDigest(
  chainId: number,
  { token, amount, spender, nonce, deadline }: Permit2Transfer,
  witness: Witness,
): string {
  const { domain, types, values } = SignatureTransfer.getPermitData(
    { permitted: { token, amount }, spender, nonce, deadline },
    permit2Address,
    chainId,
    witness,
  )
  return TypedDataEncoder.hash(
    { name: domain.name ?? '', chainId, verifyingContract: domain.verifyingContract ?? '' },
    types,
    values,
  )
}

/** Puts the double of Permit2 at the canonical address. */
export async function installPermit2(world: Pick<World, 'ethers' | 'networkHelpers'>): Promise<void> {
  const { ethers, networkHelpers } = world
  const double = await ethers.deployContract('Permit2Double')
  await networkHelpers.setCode(permit2Address, await ethers.provider.getCode(double))
}

/** A wallet that answers every signature, and anything else, with ERC-1271's magic value. */
export async function agreeableWallet(world: Pick<World, 'ethers'>) {
  const wallet = await world.ethers.deployContract('AnsweringWallet')
  await wallet.setAnswer(concat(['0x1626ba7e', `0x${'00'.repeat(28)}`]), false)
  return wallet
}
