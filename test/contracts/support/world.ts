import { computeAddress, ZeroAddress, type SigningKey } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { built, createGround, type Fundable, type Hardfork } from './ground.js'
import {
  closeDigest,
  compact,
  day,
  idOf,
  saltOf,
  secpKey,
  voucherDigest,
  type ClaimItem,
  type Terms,
} from './terms.js'

/** One chain with the contract, a plain token and the people of a stream. Call `reset` before each test. */
export async function createWorld(hardfork: Hardfork = 'osaka'): Promise<World> {
  return await built(build(hardfork))
}

async function build(hardfork: Hardfork) {
  const ground = await createGround((ethers) => ethers.deployContract('StreamChannels'), hardfork)
  const { contract: channels, ethers, networkHelpers, place, stock, time, token, tokenAddress } = ground
  const [payer, payee, operator, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]
  const sessionKey = secpKey('session')

  await stock(token, [payer], 10n ** 30n)
  const snapshot = await networkHelpers.takeSnapshot()

  /** Terms of an ordinary channel, save what a test cares about. */
  const terms = (change: Partial<Terms> = {}): Terms => ({
    payer: payer.address,
    payee: payee.address,
    operator: operator.address,
    token: tokenAddress,
    signer: computeAddress(sessionKey.publicKey),
    grace: day,
    rate: 0n,
    burst: 0n,
    salt: saltOf(0),
    ...change,
  })
  const id = (of: Terms) => idOf(place, of)

  const signVoucher = (of: Terms, amount: bigint, key: SigningKey = sessionKey) =>
    compact(key, voucherDigest(place, id(of), amount))
  const signClose = (of: Terms, amount: bigint, key: SigningKey) =>
    compact(key, closeDigest(place, id(of), amount))

  /** A voucher as it goes into a batch. */
  const item = (of: Terms, amount: bigint, signature = signVoucher(of, amount)): ClaimItem => ({
    payer: of.payer,
    signer: of.signer,
    grace: of.grace,
    rate: of.rate,
    burst: of.burst,
    salt: of.salt,
    cumulativeAmount: amount,
    signature,
  })

  /** Funds a channel from the payer: tokens or the native coin, whichever the terms name. */
  const fund = (of: Terms, amount: bigint, from: HardhatEthersSigner = payer) =>
    channels.connect(from).deposit(of, amount, { value: of.token === ZeroAddress ? amount : 0n })

  /** Claims vouchers of channels that share payee, operator and token. */
  const claim = (of: Terms, items: ClaimItem[], from: HardhatEthersSigner = stranger) =>
    channels.connect(from).claim(of.payee, of.operator, of.token, items)

  /** Makes the next block's time the given second. */
  const nextBlockAt = (second: number) => time.setNextBlockTimestamp(second)

  /** The state as a plain object. */
  const state = async (of: Terms) => {
    const [deposited, claimed, openedAt, closeRequestedAt, closed] = await channels.channelState(id(of))
    return {
      deposited,
      claimed,
      openedAt: Number(openedAt),
      closeRequestedAt: Number(closeRequestedAt),
      closed,
    }
  }

  /** Gives the payer plenty of a token and the contract its allowance. */
  const stocked = <Token extends Fundable>(odd: Token) => stock(odd, [payer], 10n ** 12n)

  return {
    ...ground,
    payer,
    payee,
    operator,
    stranger,
    sessionKey,
    channels,
    terms,
    id,
    signVoucher,
    signClose,
    item,
    fund,
    claim,
    nextBlockAt,
    state,
    stocked,
    reset: () => snapshot.restore(),
  }
}

export type World = Awaited<ReturnType<typeof build>>
