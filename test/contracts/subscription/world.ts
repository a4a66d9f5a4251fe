import { MaxUint256, ZeroAddress, type SigningKey } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { built, createGround, type Fundable } from '../support/ground.js'
import { compact, day, saltOf } from '../support/terms.js'
import {
  byItself,
  consentDigest,
  planIdOf,
  subscriptionIdOf,
  unit,
  type Plan,
  type Terms,
} from './agreement.js'

/** The price of an ordinary plan. */
export const price = 1_000n
/** What whoever charges gets of it. */
export const tip = 10n
/** The period of an ordinary plan. */
export const period = 30 * day
/** How long before the end of what is paid the next period can be charged. */
export const lead = day

/** One chain with the contract, a plain token, a merchant, a subscriber and a keeper. Call `reset` before each test. */
export async function createWorld(): Promise<World> {
  return await built(build())
}

async function build() {
  const ground = await createGround((ethers) => ethers.deployContract('Subscriptions'))
  const { contract: subscriptions, ethers, networkHelpers, place, stock, time, token, tokenAddress } = ground
  const [subscriber, merchant, keeper, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]

  await stock(token, [subscriber], 10n ** 12n)

  /** An ordinary plan, save what a test cares about: 1,000 for thirty days, three days of grace, no trial. */
  const plan = (change: Partial<Plan> = {}): Plan => ({
    merchant: merchant.address,
    token: tokenAddress,
    price,
    tip,
    unit: unit.second,
    period,
    trial: 0,
    grace: 3 * day,
    salt: saltOf(0),
    ...change,
  })
  const native = (change: Partial<Plan> = {}) => plan({ token: ZeroAddress, ...change })
  const planId = (of: Plan) => planIdOf(place, of)
  const id = (of: Plan, who: string = subscriber.address) => subscriptionIdOf(planId(of), who)
  const terms = (change: Partial<Terms> = {}): Terms => ({
    subscriber: subscriber.address,
    maxPrice: price,
    start: 0,
    end: 0,
    ...change,
  })

  /** Creates a plan and gives it back. */
  const create = async (of: Plan): Promise<Plan> => {
    await subscriptions.connect(merchant).createPlan(of)
    return of
  }
  await create(plan())
  await create(native())
  const snapshot = await networkHelpers.takeSnapshot()

  /** Subscribes from the allowance, or with as much of the native coin as asked. */
  const subscribe = (of: Plan, change: Partial<Terms> = {}, prepaid = 0n, from = subscriber) =>
    subscriptions.connect(from).subscribe(of, terms({ subscriber: from.address, ...change }), prepaid, '0x', {
      value: of.token === ZeroAddress ? prepaid : 0n,
    })

  const charge = (of: Plan, from: HardhatEthersSigner = keeper) =>
    subscriptions.connect(from).charge(of, subscriber)
  const pause = (of: Plan) => subscriptions.connect(subscriber).pause(of, subscriber, byItself)
  const resume = (of: Plan) => subscriptions.connect(subscriber).resume(of, subscriber, byItself)
  const cancel = (of: Plan, from: HardhatEthersSigner = subscriber) =>
    subscriptions.connect(from).cancel(of, subscriber, byItself)
  const change = (of: Plan, to: Plan, maxPrice = 10n ** 9n) =>
    subscriptions.connect(subscriber).changePlan(of, to, subscriber, maxPrice, byItself)

  /** The state as a plain object. */
  const state = async (of: Plan, who: string = subscriber.address) => {
    const [s, balance] = await subscriptions.subscription(planId(of), who)
    return {
      price: s.price,
      startedAt: Number(s.startedAt),
      paidFrom: Number(s.paidFrom),
      paidUntil: Number(s.paidUntil),
      end: Number(s.end),
      anchorDay: Number(s.anchorDay),
      nonce: Number(s.nonce),
      paused: s.paused,
      paid: s.paid,
      trial: s.trial,
      prepaid: s.prepaid,
      balance,
    }
  }
  const isActive = (of: Plan) => subscriptions.isActive(subscriber, planId(of))

  /** Why nothing can be charged, with its two numbers. */
  const renewable = async (of: Plan, who: string = subscriber.address) => {
    const [reason, found, needed] = await subscriptions.renewable(of, who)
    return [Number(reason), found, needed] as const
  }

  /** A signed consent, good for ever. */
  const sign = (
    key: SigningKey,
    type: Parameters<typeof consentDigest>[1],
    message: Record<string, unknown>,
    deadline = MaxUint256,
  ) => ({ deadline, signature: compact(key, consentDigest(place, type, { ...message, deadline })) })

  /** Makes the next block's time the given second. */
  const nextBlockAt = (second: number) => time.setNextBlockTimestamp(second)
  /** Mines a block at the given second. */
  const mineAt = (second: number) => time.increaseTo(second)

  /** Gives the subscriber plenty of a token and the contract its allowance. */
  const stocked = <Token extends Fundable>(odd: Token) => stock(odd, [subscriber], 10n ** 12n)

  return {
    ...ground,
    subscriber,
    merchant,
    keeper,
    stranger,
    subscriptions,
    plan,
    native,
    planId,
    id,
    terms,
    create,
    subscribe,
    charge,
    pause,
    resume,
    cancel,
    change,
    state,
    isActive,
    renewable,
    sign,
    nextBlockAt,
    mineAt,
    stocked,
    reset: () => snapshot.restore(),
  }
}

export type World = Awaited<ReturnType<typeof build>>
