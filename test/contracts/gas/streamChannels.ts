import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { computeAddress, MaxUint256 } from 'ethers'
import type { NetworkConnection } from 'hardhat/types/network'
import {
  compact,
  day,
  idOf,
  saltOf,
  secpKey,
  voucherDigest,
  type ClaimItem,
  type Terms,
} from '../support/terms.js'
import { gasOf, type GasSection } from './section.js'

/** Gas of whole transactions, events included. */
export type ChannelGas = {
  /** First deposit of an ERC-20 token from an infinite allowance. */
  open: number
  /** Later deposit into the same channel. */
  topUp: number
  /** One voucher, with the transfer to the payee. */
  claim: number
  /** Each of a hundred vouchers of different channels claimed at once, with the transfer to the payee. */
  batch100: number
  /** Cooperative close by the operator: pays the payee and refunds the payer. */
  close: number
}

const unit = 1_000_000n

/**
 * Measures the channels as the peers in `docs/gas.md` were measured: a plain OpenZeppelin ERC-20, infinite allowance,
 * a payee and a contract that hold some of the token already. Every channel is as the SDK opens it: a fresh session key
 * as signer, hence salt zero; an operator that is not the payee; rate and burst set. Vouchers have 64-byte signatures.
 *
 * @param connection a Hardhat network with nothing else going on
 */
export async function measureChannels(connection: NetworkConnection): Promise<ChannelGas> {
  const { ethers, networkHelpers } = connection
  const [payer, payee, operator] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]
  const channels = await ethers.deployContract('StreamChannels')
  const token = await ethers.deployContract('PlainToken')
  const contract = await channels.getAddress()
  const tokenAddress = await token.getAddress()
  const place = { chainId: Number((await ethers.provider.getNetwork()).chainId), contract }

  await token.mint(payer, 1_000_000n * unit)
  await token.mint(payee, unit)
  await token.mint(contract, unit)
  await token.connect(payer).approve(contract, MaxUint256)

  const key = (index: number) => secpKey(`gas ${index}`)
  const terms = (index: number): Terms => ({
    payer: payer.address,
    payee: payee.address,
    operator: operator.address,
    token: tokenAddress,
    signer: computeAddress(key(index).publicKey),
    grace: day,
    rate: 1_000n,
    burst: 100n * unit,
    salt: saltOf(0),
  })
  const voucher = (index: number, amount: bigint) =>
    compact(key(index), voucherDigest(place, idOf(place, terms(index)), amount))
  const item = (index: number, amount: bigint): ClaimItem => ({
    ...terms(index),
    cumulativeAmount: amount,
    signature: voucher(index, amount),
  })
  const claim = (items: ClaimItem[]) =>
    channels.connect(operator).claim(payee.address, operator.address, token, items)

  const open = await gasOf(channels.connect(payer).deposit(terms(0), 10n * unit))
  const topUp = await gasOf(channels.connect(payer).deposit(terms(0), 10n * unit))
  await networkHelpers.time.increase(60)
  const claimed = await gasOf(claim([item(0, 3n * unit)]))
  const close = await gasOf(
    channels.connect(operator).close(terms(0), 5n * unit, 5n * unit, voucher(0, 5n * unit), '0x'),
  )

  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
  for (const index of hundred) await channels.connect(payer).deposit(terms(index), 10n * unit)
  const batch = await gasOf(claim(hundred.map((index) => item(index, 3n * unit))))

  return { open, topUp, claim: claimed, batch100: Math.round(batch / 100), close }
}

/** Stream channels: what was promised of them. */
export const streamChannelsGas: GasSection<keyof ChannelGas> = {
  product: 'streamChannels',
  heading: 'Stream channels',
  ceilings: { open: 71_000, topUp: 52_000, claim: 54_000, batch100: 15_500, close: 63_000 },
  measure: measureChannels,
}
