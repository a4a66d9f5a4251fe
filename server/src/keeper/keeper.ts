import type { Client, LocalAccount } from 'viem'
import { zeroAddress, type Deployment, type Hex } from '@sluice/sdk'
import type { Clock } from '@sluice/sdk/session'
import {
  chargeBatchCall,
  chargeCall,
  type ContractCall,
  type Plan,
  type RebuiltSubscription,
} from '@sluice/sdk/subscription'
import { silentLog, type Log } from '../chain/log.js'
import type { ChainReader } from '../chain/reader.js'
import { createEmitter, type SettlerListener } from '../settlement/events.js'
import type { Outbox } from '../settlement/outbox.js'
import { settlementPolicy, worthInWei, type SettlementPolicy } from '../settlement/policy.js'
import { createSender } from '../settlement/sender.js'
import { createSerial } from '../settlement/serial.js'
import type { MetaStore } from '../store/ports.js'
import { createDueList } from './due.js'
import { createSubscriberList } from './subscribers.js'

export type KeeperParameters = {
  readonly outbox: Outbox
  /** Where the list of subscribers is kept. */
  readonly meta: MetaStore
  /** Tells where the chain stands. */
  readonly chain: ChainReader
  /** Where `Subscriptions` is. */
  readonly deployment: Deployment
  /** Pays the gas and gets the tips. */
  readonly account: LocalAccount
  readonly publicClient: Client
  readonly clock: Clock
  /** Charges whatever the tips are worth: for a merchant that charges its own subscribers. Default false. */
  readonly atAnyCost?: boolean
  /** The plans to charge; default: all. */
  readonly planIds?: readonly Hex[] | undefined
  /** `price` says what tips are worth, `worthFactor` how many times their gas they must be. */
  readonly policy?: Partial<SettlementPolicy>
  readonly log?: Log
}

/** Charges what is due. */
export type Keeper = {
  /** Re-examines what a former process sent, then looks every `policy.everyMs`. Resolves after the first look. */
  readonly start: () => Promise<void>
  /** Resolves when nothing runs any more. What was sent stays in the outbox. */
  readonly stop: () => Promise<void>
  /** One look now: follows transactions, finds who is due, charges. Rejects with what went wrong. */
  readonly tick: () => Promise<KeeperLook>
  readonly on: (listener: SettlerListener) => () => void
}

/** What a look came to, by subscription. */
export type KeeperLook = {
  readonly submitted: readonly RebuiltSubscription[]
  /** Due, and left because the tips do not cover the gas. */
  readonly notWorthIt: readonly RebuiltSubscription[]
}

/** Gas of a charge in a batch, and of the batch itself; transactions are estimated anew. See `docs/gas.md`. */
const chargeGas = { batch: 50_000n, each: 29_000n }

/**
 * Makes a keeper. Its transactions go through the outbox and the sender of settlements: stored before they leave, sent
 * once, replaced when stuck, examined again after a restart. A subscription that is on its way is not charged again.
 *
 * @throws SluiceError `invalid-argument` when the policy makes no sense
 */
export function createKeeper(parameters: KeeperParameters): Keeper {
  const { outbox, chain, deployment, account, publicClient, clock, atAnyCost = false } = parameters
  const { log = silentLog, planIds } = parameters
  const policy = settlementPolicy({ maxBatch: 50, worthFactor: 1.1, ...parameters.policy })
  const { emit, on } = createEmitter()
  const serial = createSerial()
  const { chainId } = deployment
  const sender = createSender({
    account,
    client: publicClient,
    broadcaster: publicClient,
    chain,
    chainId,
    outbox,
    clock,
    policy,
    emit,
    log,
  })
  const subscribers = createSubscriberList({
    client: publicClient,
    deployment,
    meta: parameters.meta,
    confirmations: policy.confirmations,
  })
  const dueList = createDueList({ client: publicClient, deployment })
  let running = false
  let cancelTimer: (() => void) | undefined

  async function look(): Promise<KeeperLook> {
    const [fault] = await sender.tick(new Set())
    if (fault !== undefined) throw fault
    const head = await chain.head()
    const { plans, subscriptions } = await subscribers.update()
    const underWay = await chargesUnderWay()
    const gasPrice = await sender.gasPrice(head)
    const submitted: RebuiltSubscription[] = []
    const notWorthIt: RebuiltSubscription[] = []
    for (const { planId, plan } of Object.values(plans)) {
      if (planIds !== undefined && !planIds.includes(planId)) continue
      const candidates = Object.values(subscriptions).filter(
        (each) => each.planId === planId && !underWay.has(each.subscriptionId),
      )
      const due = await dueList.ask(plan, candidates, head.timestamp)
      for (const batch of inBatches(due, policy.maxBatch)) {
        if (!atAnyCost && !isWorthIt(plan, batch.length, gasPrice)) notWorthIt.push(...batch)
        else {
          await submit(plan, batch)
          submitted.push(...batch)
        }
      }
    }
    return { submitted, notWorthIt }
  }

  async function chargesUnderWay(): Promise<ReadonlySet<Hex>> {
    const open = (await outbox.open()).filter(({ purpose }) => purpose.kind === 'charge')
    return new Set(open.flatMap(({ purpose }) => purpose.channels.map(({ channelId }) => channelId)))
  }

  function isWorthIt(plan: Plan, count: number, gasPrice: bigint): boolean {
    const price = plan.token === zeroAddress ? { wei: 1n, tokens: 1n } : policy.price(plan.token)
    if (price === undefined) return false
    const gas = (chargeGas.batch + chargeGas.each * BigInt(count)) * gasPrice
    return Number(worthInWei(plan.tip * BigInt(count), price)) > Number(gas) * policy.worthFactor
  }

  function callFor(plan: Plan, batch: readonly RebuiltSubscription[]): ContractCall {
    const { contract } = deployment
    const subscribers = batch.map(({ subscriber }) => subscriber)
    const [only, ...others] = subscribers
    return only !== undefined && others.length === 0
      ? chargeCall({ contract, plan, subscriber: only })
      : chargeBatchCall({ contract, plan, subscribers })
  }

  async function submit(plan: Plan, batch: readonly RebuiltSubscription[]): Promise<void> {
    const { to, data } = callFor(plan, batch)
    const channels = batch.map(({ subscriptionId }) => ({ channelId: subscriptionId, amount: plan.price }))
    await sender.submit({ to, data }, { kind: 'charge', urgent: false, channels })
  }

  async function round(): Promise<void> {
    await serial.run(look).catch((error: unknown) => {
      emit({ type: 'error', error, work: undefined })
      log.error({ err: error }, 'charging was interrupted and will be tried again')
    })
    if (running) cancelTimer = clock.schedule(policy.everyMs, () => void round())
  }

  return {
    async start() {
      running = true
      await round()
    },
    async stop() {
      running = false
      cancelTimer?.()
      await serial.idle()
    },
    tick: () => serial.run(look),
    on,
  }
}

function inBatches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
