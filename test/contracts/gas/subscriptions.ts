import { MaxUint256, Wallet } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { NetworkConnection } from 'hardhat/types/network'
import { day, saltOf, secpKey } from '../support/terms.js'
import { byItself, unit, type Plan } from '../subscription/agreement.js'
import { gasOf, type GasSection } from './section.js'

/** Gas of whole transactions, events included. */
export type SubscriptionGas = {
  /** First subscription of an account, with its first period paid from an infinite allowance. */
  subscribe: number
  /** One period of a plan in calendar months, with the tip. */
  charge: number
  /** Each of fifty subscribers of one plan charged at once. */
  chargeBatch50: number
  /** The subscriber leaves. */
  cancel: number
  /** Half a month becomes time on another plan. */
  changePlan: number
}

const million = 1_000_000n

/**
 * Measures the contract as the channels are measured: a plain OpenZeppelin ERC-20, infinite allowances, a
 * merchant, a keeper and a contract that hold some of the token already.
 *
 * @param connection a Hardhat network with nothing else going on
 */
export async function measureSubscriptions(connection: NetworkConnection): Promise<SubscriptionGas> {
  const { ethers, networkHelpers } = connection
  const [subscriber, merchant, keeper] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ]
  const subscriptions = await ethers.deployContract('Subscriptions')
  const token = await ethers.deployContract('PlainToken')
  const plan: Plan = {
    merchant: merchant.address,
    token: await token.getAddress(),
    price: 10n * million,
    tip: million / 20n,
    unit: unit.month,
    period: 1,
    trial: 0,
    grace: 3 * day,
    salt: saltOf(0),
  }
  const premium: Plan = { ...plan, price: 25n * million }
  for (const account of [merchant, keeper, subscriptions]) await token.mint(account, million)
  await subscriptions.connect(merchant).createPlan(plan)
  await subscriptions.connect(merchant).createPlan(premium)

  const join = async (who: HardhatEthersSigner | Wallet) => {
    await token.mint(who, 1_000n * million)
    await token.connect(who).approve(subscriptions, MaxUint256)
    const terms = { subscriber: who.address, maxPrice: plan.price, start: 0, end: 0 }
    return gasOf(subscriptions.connect(who).subscribe(plan, terms, 0n, '0x'))
  }

  const subscribe = await join(subscriber)
  const others = Array.from(
    { length: 50 },
    (_, index) => new Wallet(secpKey(`gas ${index}`), ethers.provider),
  )
  for (const other of others) {
    await networkHelpers.setBalance(other.address, 10n ** 18n)
    await join(other)
  }
  await networkHelpers.time.increase(31 * day)
  const charge = await gasOf(subscriptions.connect(keeper).charge(plan, subscriber))
  const addresses = others.map((other) => other.address)
  const batch = await gasOf(subscriptions.connect(keeper).chargeBatch(plan, addresses))
  const maxPrice = premium.price
  const changePlan = await gasOf(
    subscriptions.connect(subscriber).changePlan(plan, premium, subscriber, maxPrice, byItself),
  )
  const cancel = await gasOf(subscriptions.connect(subscriber).cancel(premium, subscriber, byItself))
  return { subscribe, charge, chargeBatch50: Math.round(batch / 50), cancel, changePlan }
}

/** Subscriptions: what was promised of them. */
export const subscriptionsGas: GasSection<keyof SubscriptionGas> = {
  product: 'subscriptions',
  heading: 'Subscriptions',
  ceilings: { subscribe: 100_000, charge: 70_000, chargeBatch50: 45_000, cancel: 45_000, changePlan: 90_000 },
  measure: measureSubscriptions,
}
