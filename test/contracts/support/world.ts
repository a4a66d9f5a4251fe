import { network } from 'hardhat'
import { computeAddress, MaxUint256, ZeroAddress, type AddressLike, type SigningKey } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import {
  closeDigest,
  compact,
  day,
  idOf,
  saltOf,
  secpKey,
  voucherDigest,
  type ClaimItem,
  type Place,
  type Terms,
} from './terms.js'

/** What any mock token can do, whatever its answers are. */
type Fundable = {
  mint: (to: AddressLike, amount: bigint) => Promise<unknown>
  connect: (runner: HardhatEthersSigner) => {
    approve: (spender: AddressLike, amount: bigint) => Promise<unknown>
  }
}

/** Networks differ only in their hardfork: `osaka` has the P-256 precompile, `prague` has not. */
export type Hardfork = 'osaka' | 'prague'

/** One chain with the contract, a plain token and the people of a stream. Call `reset` before each test. */
export async function createWorld(hardfork: Hardfork = 'osaka'): Promise<World> {
  try {
    return await build(hardfork)
  } catch (error) {
    // Mocha hides what fails while a test file loads behind an error about `require`.
    console.error(error)
    throw error
  }
}

async function build(hardfork: Hardfork) {
  const connection = await network.create({ override: { hardfork, initialDate: '2027-01-01T00:00:00Z' } })
  const { ethers, networkHelpers } = connection
  const [payer, payee, operator, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]
  const channels = await ethers.deployContract('StreamChannels')
  const token = await ethers.deployContract('PlainToken')
  const address = await channels.getAddress()
  const tokenAddress = await token.getAddress()
  const sessionKey = secpKey('session')

  await token.mint(payer, 10n ** 30n)
  await token.connect(payer).approve(channels, MaxUint256)
  const snapshot = await networkHelpers.takeSnapshot()

  const place: Place = { chainId: Number((await ethers.provider.getNetwork()).chainId), contract: address }

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
  const nextBlockAt = (second: number) => networkHelpers.time.setNextBlockTimestamp(second)

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
  const stocked = async <Token extends Fundable>(odd: Token): Promise<Token> => {
    await odd.mint(payer, 10n ** 12n)
    await odd.connect(payer).approve(channels, MaxUint256)
    return odd
  }

  return {
    connection,
    ethers,
    networkHelpers,
    time: networkHelpers.time,
    payer,
    payee,
    operator,
    stranger,
    sessionKey,
    channels,
    address,
    token,
    tokenAddress,
    place,
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

/** Keys of Hardhat's own accounts, for signatures that go inside calls. */
export function accountKey(world: Pick<World, 'ethers'>, index: 0 | 1 | 2 | 3): SigningKey {
  const { HDNodeWallet, Mnemonic } = world.ethers
  const phrase = 'test test test test test test test test test test test junk'
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${index}`).signingKey
}
