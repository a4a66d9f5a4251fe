import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { expect } from 'chai'
import {
  MaxUint256,
  ZeroAddress,
  ZeroHash,
  type AddressLike,
  type BaseContract,
  type ContractTransactionResponse,
  type SigningKey,
} from 'ethers'
import { beginning, built, createGround, type Fundable } from '../../support/ground.js'
import { compact, day } from '../../support/terms.js'
import { orderIdOf, settlementDigest, type Order } from './order.js'

const start = BigInt(Date.parse(beginning) / 1000)
export const captureDeadline = start + 30n * BigInt(day)
export const refundDeadline = start + 90n * BigInt(day)

/** One chain with the contract, a plain token and the people of an order. Call `reset` before each test. */
export async function createEscrowWorld(): Promise<EscrowWorld> {
  return await built(build())
}

async function build() {
  const ground = await createGround((ethers) => ethers.deployContract('Escrow'))
  const { contract: escrow, ethers, networkHelpers, place, stock, time, token, tokenAddress } = ground
  const [payer, receiver, operator, arbiter, feeRecipient, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]

  /** Gives payer and receiver plenty of a token and the contract their allowance. */
  const stocked = <Token extends Fundable>(odd: Token) => stock(odd, [payer, receiver], 10n ** 30n)
  await stocked(token)
  const snapshot = await networkHelpers.takeSnapshot()

  /** Terms of an order that is paid at capture, save what a test cares about. */
  const order = (change: Partial<Order> = {}): Order => ({
    payer: payer.address,
    receiver: receiver.address,
    operator: operator.address,
    arbiter: ZeroAddress,
    token: tokenAddress,
    feeRecipient: feeRecipient.address,
    maxAmount: 1_000n,
    minFeeBps: 100n,
    maxFeeBps: 500n,
    captureDeadline,
    refundDeadline,
    disputeWindow: 0n,
    rulingWindow: 0n,
    defaultShareBps: 0n,
    milestones: ZeroHash,
    metadata: ZeroHash,
    salt: ZeroHash,
    ...change,
  })

  /** Terms of an order with a dispute window of a day and an arbiter who has three. */
  const disputable = (change: Partial<Order> = {}): Order =>
    order({
      arbiter: arbiter.address,
      disputeWindow: BigInt(day),
      rulingWindow: BigInt(3 * day),
      defaultShareBps: 2_500n,
      ...change,
    })

  const id = (of: Order) => orderIdOf(place, of)
  const native = (of: Order, amount: bigint) => ({ value: of.token === ZeroAddress ? amount : 0n })

  /** Pays an order from the payer's allowance or coins. */
  const authorize = (of: Order, amount = of.maxAmount) =>
    escrow.connect(payer).authorize(of, amount, '0x', native(of, amount))
  const capture = (of: Order, amount: bigint, feeBps = of.minFeeBps, from = operator) =>
    escrow.connect(from).capture(of, amount, feeBps)
  const charge = (of: Order, amount: bigint, feeBps = of.minFeeBps) =>
    escrow.connect(payer).charge(of, amount, feeBps, '0x', native(of, amount))

  /** Authorizes and captures, so that `amount` is pending or released. */
  const captured = async (of: Order, amount: bigint, feeBps = of.minFeeBps) => {
    await authorize(of)
    await capture(of, amount, feeBps)
    return of
  }
  /** An order of which `amount` is disputed. */
  const disputed = async (of: Order, amount: bigint) => {
    await captured(of, amount)
    await escrow.connect(payer).dispute(of)
    return of
  }

  const signSettlement = (
    of: Order,
    [toReceiver, toPayer]: [bigint, bigint],
    key: SigningKey,
    deadline = MaxUint256,
  ) => compact(key, settlementDigest(place, { orderId: id(of), toReceiver, toPayer, deadline }))

  /** The state as a plain object, without what is zero. */
  const state = async (of: Order): Promise<Record<string, unknown>> => {
    const { opened, authorized, pending, disputed, released, feeBps, releasableAt, rulableUntil } =
      await escrow.orderState(id(of))
    const fields = { opened, authorized, pending, disputed, released, feeBps, releasableAt, rulableUntil }
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0n))
  }

  /** By how much a transaction changes what people hold of a token (or the native coin). */
  const changes = async (
    sent: () => Promise<ContractTransactionResponse>,
    people: AddressLike[],
    of: BaseContract & { balanceOf: (account: AddressLike) => Promise<bigint> } = token,
  ): Promise<bigint[]> => {
    const balances = () => Promise.all(people.map((person) => of.balanceOf(person)))
    const before = await balances()
    await (await sent()).wait()
    return (await balances()).map((after, index) => after - (before[index] ?? 0n))
  }

  /** Expects the contract to refuse with one of its errors, with exactly these arguments. */
  const refused = (sent: Promise<unknown>, error: string, ...args: unknown[]) =>
    expect(sent)
      .to.be.revertedWithCustomError(escrow, error)
      .withArgs(...args)

  return {
    ...ground,
    payer,
    receiver,
    operator,
    arbiter,
    feeRecipient,
    stranger,
    escrow,
    order,
    disputable,
    id,
    authorize,
    capture,
    charge,
    captured,
    disputed,
    signSettlement,
    state,
    changes,
    refused,
    stocked,
    nextBlockAt: (second: bigint) => time.setNextBlockTimestamp(second),
    reset: () => snapshot.restore(),
  }
}

export type EscrowWorld = Awaited<ReturnType<typeof build>>
