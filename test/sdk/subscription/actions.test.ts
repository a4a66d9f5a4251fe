import { expect } from 'chai'
import { createWalletClient, custom, numberToHex, padHex, zeroAddress, type Address } from 'viem'
import { SluiceError } from '@sluice/sdk'
import {
  cancel,
  changePlan,
  charge,
  chargeBatch,
  createPlan,
  findSubscriptions,
  fund,
  getPlan,
  getSubscription,
  isActive,
  pause,
  planFund,
  planSubscribe,
  resume,
  setPrice,
  signConsent,
  signSubscribe,
  subscribe,
  subscribeWithSignature,
  subscriptionActions,
  watchSubscription,
  withdraw,
  type Plan,
} from '@sluice/sdk/subscription'
import { collector } from '../collector.js'
import { createChainWorld, failure, permit2Address, type ChainWorld, type Person } from '../chainWorld.js'

const price = 1_000_000n
const hour = 3_600
const sign = 'eth_signTypedData_v4'
const send = 'eth_sendTransaction'

describe('sdk subscriptions: every action', () => {
  let world: ChainWorld
  let contract: Address
  let merchant: Person
  let usdc: Address
  let permitToken: Address
  let plain: Address
  let plans = 0n

  before(async () => {
    world = await createChainWorld('Subscriptions')
    contract = world.contract
    merchant = await world.person()
    usdc = await world.deploy('UsdcLikeToken')
    permitToken = await world.deploy('PermitToken')
    plain = await world.deploy('PlainToken')
    await world.installPermit2()
  })
  after(() => world.stop())

  const planOf = (token: Address, change: Partial<Plan> = {}): Plan => ({
    merchant: merchant.address,
    token,
    price,
    tip: 1_000n,
    unit: 'second',
    period: hour,
    trial: 0,
    grace: 60,
    salt: padHex(numberToHex((plans += 1n))),
    ...change,
  })
  const published = async (token: Address, change: Partial<Plan> = {}): Promise<Plan> => {
    const plan = planOf(token, change)
    await createPlan(merchant.local, { contract, plan })
    return plan
  }
  const person = async (
    token: Address,
    options: Parameters<ChainWorld['person']>[0] = {},
  ): Promise<Person> => {
    const somebody = await world.person(options)
    if (token !== zeroAddress) await world.mint(token, somebody.address, 20n * price)
    return somebody
  }
  const refusal = async (attempt: Promise<unknown>): Promise<SluiceError> => {
    const error = await failure(attempt)
    expect(error).to.be.instanceOf(SluiceError)
    return error as SluiceError
  }
  const pass = (seconds: number) => world.networkHelpers.time.increase(seconds)

  describe('subscribing', () => {
    /** Subscribes as planned, and checks that the plan was kept and the first period is paid. */
    const join = async (who: Person, plan: Plan, options: Partial<subscribe.Parameters> = {}) => {
      const parameters = { contract, plan, ...options }
      const { method, prompts } = await planSubscribe(who.wallet, parameters)
      expect(who.prompts).to.deep.equal([])
      const result = await subscribe(who.wallet, parameters)
      expect(result).to.include({ method, price, charged: price })
      expect(who.prompts.length).to.equal(prompts)
      expect(await isActive(world.reader, { contract, plan, subscriber: who.address })).to.equal(true)
      return { method, prompts: who.prompts }
    }

    it('pays in advance by whatever wallet and token can do (S9)', async () => {
      const prepaid = 3n * price
      const withPermit2 = await person(plain)
      await world.callToken(withPermit2, plain, 'approve', [permit2Address, 10n ** 30n])
      const cases = [
        [await person(zeroAddress), zeroAddress, 'native', [send]],
        [await person(usdc), usdc, 'authorization', [sign, send]],
        [await person(permitToken), permitToken, 'permit', [sign, send]],
        [withPermit2, plain, 'permit2', [sign, send]],
        [await person(plain), plain, 'approve', [send, send]],
        [await person(plain, { mood: { batch: 'supported' } }), plain, 'batch', ['wallet_sendCalls']],
      ] as const
      for (const [who, token, method, prompts] of cases) {
        const plan = await published(token)
        expect(await join(who, plan, { prepaid })).to.deep.equal({ method, prompts })
        const { balance } = await getSubscription(world.reader, { contract, plan, subscriber: who.address })
        expect(balance).to.equal(2n * price)
      }
    })

    it('lets the contract take money later, by a permit, a batch or an approval', async () => {
      const cases = [
        [await person(permitToken), permitToken, 'permit', [sign, send]],
        [await person(usdc, { mood: { batch: 'supported' } }), usdc, 'batch', ['wallet_sendCalls']],
        [await person(plain), plain, 'approve', [send, send]],
      ] as const
      for (const [who, token, method, prompts] of cases) {
        expect(await join(who, await published(token), { allowed: 30n * price })).to.deep.equal({
          method,
          prompts,
        })
        expect(await world.allowanceOf(token, who.address, contract)).to.equal(29n * price)
      }
    })

    it('costs nothing during a trial, not even a balance', async () => {
      const who = await world.person()
      const plan = await published(plain, { trial: hour })
      expect(await subscribe(who.local, { contract, plan })).to.include({ charged: 0n, method: 'approve' })
    })

    it('is signed by the subscriber for whoever submits it (S9)', async () => {
      const who = await person(usdc, { coins: 0n })
      const terms = { contract, plan: await published(usdc), prepaid: price, maxPrice: price }
      const { payment } = await signSubscribe(who.wallet, terms)
      expect(who.prompts).to.deep.equal([sign])
      const subscriber = who.address
      const result = await subscribe(world.banker.local, { ...terms, subscriber, payment })
      expect(result).to.include({ method: 'given', charged: price, subscriber })

      const other = await person(usdc)
      await world.callToken(other, usdc, 'approve', [contract, price])
      const plan = await published(usdc)
      const agreed = { subscriber: other.address, maxPrice: price, start: 0, end: 0 }
      const consent = await signConsent(other.wallet, {
        contract,
        plan,
        action: { type: 'subscribe', ...agreed },
      })
      expect(
        await subscribeWithSignature(world.banker.local, { contract, plan, terms: agreed, consent }),
      ).to.include({ charged: price })
    })

    it('is refused before the first prompt, with both numbers', async () => {
      const who = await person(usdc)
      const poor = await world.person()
      const plan = await published(usdc)
      const taken = await published(usdc)
      await subscribe(who.local, { contract, plan: taken })
      const inCoin = await published(zeroAddress)
      const attempts: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
        [() => subscribe(who.wallet, { contract, plan: planOf(usdc) }), 'unknown-plan', /plan 0x/],
        [
          () => subscribe(who.wallet, { contract, plan, maxPrice: 7n }),
          'price-above-maximum',
          /price 1000000, maxPrice 7$/,
        ],
        [
          () => subscribe(who.wallet, { contract, plan: taken }),
          'already-subscribed',
          /paidUntil \d+, now \d+/,
        ],
        [() => subscribe(poor.wallet, { contract, plan }), 'insufficient-token', /balance 0, needed 1000000/],
        [() => subscribe(who.wallet, { contract, plan: inCoin }), 'wrong-token', /prepaid is zero/],
        [
          () => subscribe(who.wallet, { contract, plan, subscriber: poor.address }),
          'not-allowed',
          new RegExp(`account ${who.address}, subscriber ${poor.address}`),
        ],
        [() => signSubscribe(who.wallet, { contract, plan }), 'invalid-argument', /signConsent/],
      ]
      for (const [attempt, code, details] of attempts) {
        const error = await refusal(attempt())
        expect(error.code, error.details).to.equal(code)
        expect(error.details).to.match(details)
      }
      expect([...who.prompts, ...poor.prompts]).to.deep.equal([])
    })
  })

  it('publishes plans and sets their price', async () => {
    const plan = planOf(usdc)
    const { planId } = await createPlan(merchant.local, { contract, plan })
    expect(await refusal(createPlan(merchant.wallet, { contract, plan }))).to.include({ code: 'plan-exists' })
    expect(await setPrice(merchant.local, { contract, plan, price: 7_000n })).to.include({
      planId,
      price: 7_000n,
    })
    expect(await getPlan(world.reader, { contract, plan })).to.deep.equal({ planId, price: 7_000n })
    const stranger = await world.person()
    const error = await refusal(setPrice(stranger.wallet, { contract, plan, price: 1n }))
    expect(error.details).to.contain(`caller: ${stranger.address}`)
  })

  it('charges one that is due, or several and skips the others (S3, S4)', async () => {
    const plan = await published(usdc)
    const [first, second, third] = [await person(usdc), await person(usdc), await person(usdc)]
    for (const [who, allowed] of [
      [first, 3n * price],
      [second, 2n * price],
      [third, price],
    ] as const) {
      await subscribe(who.local, { contract, plan, allowed })
    }
    const early = await refusal(charge(world.banker.wallet, { contract, plan, subscriber: first.address }))
    expect(early).to.include({ code: 'not-chargeable', action: 'wait', retryable: true })
    expect(early.details).to.match(/reason: not-due, found: \d+, needed: \d+/)
    await pass(hour)
    const charged = await charge(world.banker.local, { contract, plan, subscriber: first.address })
    expect(charged).to.include({ price, subscriber: first.address })
    const subscribers = [first, second, third].map(({ address }) => address)
    const batch = await chargeBatch(world.banker.local, { contract, plan, subscribers })
    expect(batch.charged.map((each) => each.price)).to.deep.equal([price])
    expect(batch.failed.map(({ reason }) => reason)).to.deep.equal(['not-due', 'allowance-too-low'])
    expect(batch.failed[1]).to.include({ found: 0n, needed: price })
  })

  it('pauses, resumes, funds, takes out, changes and leaves, by itself or by signature (S9)', async () => {
    const who = await person(usdc)
    const [plan, dearer] = [await published(usdc), await published(usdc, { price: 2n * price })]
    await subscribe(who.local, { contract, plan, prepaid: price })
    const of = { contract, plan }
    await pause(who.local, of)
    expect(await refusal(pause(who.wallet, of))).to.include({ code: 'invalid-argument' })
    expect(await resume(who.local, of)).to.include({ charged: 0n })
    expect(await planFund(who.wallet, { ...of, amount: 5n })).to.include({
      method: 'authorization',
      prompts: 2,
    })
    expect(await fund(who.wallet, { ...of, amount: 5n })).to.include({ method: 'authorization', amount: 5n })
    expect(await withdraw(who.local, { ...of, amount: 3n })).to.include({ amount: 3n, to: who.address })
    const tooMuch = await refusal(withdraw(who.wallet, { ...of, amount: 3n }))
    expect(tooMuch.details).to.match(/amount: 3, balance: 2/)
    const nobody = await refusal(fund(who.wallet, { ...of, subscriber: merchant.address, amount: 1n }))
    expect(nobody).to.include({ code: 'not-subscribed' })

    const relayer = world.banker.local
    const subscriber = who.address
    const dear = { contract, plan: dearer }
    const change = { type: 'change', newPlan: dearer, maxPrice: 2n * price } as const
    const consent = await signConsent(who.wallet, { ...of, action: change })
    const changed = await changePlan(relayer, { ...of, subscriber, ...change, consent })
    expect(changed).to.include({ price: 2n * price, subscriber })
    const leave = await signConsent(who.wallet, { ...dear, action: { type: 'cancel' } })
    const stolen = await refusal(pause(world.banker.wallet, { ...dear, subscriber, consent: leave }))
    expect(stolen).to.include({ code: 'invalid-signature' })
    const { end } = await cancel(relayer, { ...dear, subscriber, consent: leave })
    expect(end).to.equal(changed.paidUntil)
  })

  it('finds them again from events, going on where it ended, for both sides', async () => {
    const who = await person(usdc)
    const host = await world.person()
    const [first, second] = [
      planOf(usdc, { merchant: host.address }),
      planOf(usdc, { merchant: host.address }),
    ]
    for (const plan of [first, second]) await createPlan(host.local, { contract, plan })
    const begin = await world.reader.getBlockNumber()
    await subscribe(who.local, { contract, plan: first, allowed: 9n * price })
    const asSubscriber = { contract, account: who.address, role: 'subscriber' } as const
    const asMerchant = { contract, account: host.address, role: 'merchant' } as const
    // The plan is older than where the search begins, and its terms are found all the same.
    const before = await findSubscriptions(world.reader, { ...asSubscriber, fromBlock: begin + 1n })
    const merchantBefore = await findSubscriptions(world.reader, asMerchant)
    expect(Object.values(before.plans).map(({ plan }) => plan)).to.deep.equal([first])

    await setPrice(host.local, { contract, plan: first, price: 7_000n })
    await changePlan(who.local, { contract, plan: first, newPlan: second, maxPrice: price })
    await pass(2 * hour - 30)
    await charge(world.banker.local, { contract, plan: second, subscriber: who.address }).catch(
      () => undefined,
    )
    await pause(who.local, { contract, plan: second })
    await subscribe((await person(usdc)).local, { contract, plan: await published(usdc) })

    const found = await findSubscriptions(world.reader, { ...asSubscriber, since: before, blockRange: 3n })
    const [only, ...others] = Object.values(found.subscriptions)
    expect(others).to.deep.equal([])
    const state = await getSubscription(world.reader, { contract, plan: second, subscriber: who.address })
    expect(only).to.include({
      planId: state.planId,
      subscriptionId: state.subscriptionId,
      paidUntil: state.paidUntil,
      paused: true,
    })
    expect(found.plans[state.planId]?.plan).to.deep.equal(second)
    const whole = await findSubscriptions(world.reader, asSubscriber)
    expect(found.subscriptions).to.deep.equal(whole.subscriptions)
    const merchants = await findSubscriptions(world.reader, { ...asMerchant, since: merchantBefore })
    expect(merchants).to.deep.equal(await findSubscriptions(world.reader, asMerchant))
    expect(merchants.subscriptions).to.deep.equal(found.subscriptions)
    expect(Object.keys(merchants.plans)).to.have.length(2)
  })

  it('are told as they happen, by subscription and by plan, and taken back with their block (I24)', async () => {
    const who = await person(usdc)
    const [plan, dearer] = [await published(usdc), await published(usdc, { price: 2n * price })]
    const subscriber = who.address
    const [own, later] = await Promise.all(
      [plan, dearer].map((each) => getSubscription(world.reader, { contract, plan: each, subscriber })),
    )
    if (own === undefined || later === undefined) throw new Error('two plans')
    const since = { contract, fromBlock: (await world.reader.getBlockNumber()) + 1n }
    const [mine, next, plans] = [1, 2, 3].map(() => collector<watchSubscription.Event>())
    if (mine === undefined || next === undefined || plans === undefined) throw new Error('three watches')
    const stops = [
      watchSubscription(world.reader, { ...since, subscriptionId: own.subscriptionId, ...mine }),
      watchSubscription(world.reader, {
        ...since,
        subscriptionId: [own.subscriptionId, later.subscriptionId],
        ...next,
      }),
      watchSubscription(world.reader, { ...since, planId: [own.planId, later.planId], ...plans }),
    ]
    await subscribe((await person(usdc)).local, { contract, plan: await published(usdc) })
    await subscribe(who.local, { contract, plan, prepaid: 2n * price })
    await withdraw(who.local, { contract, plan, amount: 5n })
    await setPrice(merchant.local, { contract, plan, price: 7_000n })
    await pause(who.local, { contract, plan })
    await resume(who.local, { contract, plan })
    await mine.until(() => mine.events.length >= 6)
    const snapshot = await world.provider.request({ method: 'evm_snapshot' })
    await changePlan(who.local, { contract, plan, newPlan: dearer, maxPrice: 2n * price })
    await Promise.all([mine.until(() => mine.events.length >= 7), next.until(() => next.events.length >= 7)])
    await plans.until(() => plans.events.length >= 3)
    await world.provider.request({ method: 'evm_revert', params: [snapshot] })
    await world.networkHelpers.mine(2)
    const { end } = await cancel(who.local, { contract, plan })
    await mine.until(() => mine.events.length >= 9)
    for (const stop of stops) stop()
    expect(mine.events.map(({ type, removed }) => (removed ? `not ${type}` : type))).to.deep.equal([
      'subscribed',
      'funded',
      'charged',
      'withdrawn',
      'paused',
      'resumed',
      'plan-changed',
      'not plan-changed',
      'cancelled',
    ])
    expect(mine.events[8]).to.include({ end, subscriptionId: own.subscriptionId })
    // Told once, though both filters let it pass.
    expect(next.events.filter(({ type, removed }) => type === 'plan-changed' && !removed)).to.have.length(1)
    expect(plans.events.slice(0, 3).map(({ type }) => type)).to.deep.equal([
      'subscribed',
      'price-set',
      'plan-changed',
    ])
    expect([...mine.errors, ...next.errors, ...plans.errors]).to.deep.equal([])
    const told = mine.events.length
    const after = collector<watchSubscription.Event>()
    const head = await world.reader.getBlockNumber()
    const stopAfter = watchSubscription(world.reader, { contract, fromBlock: head + 1n, ...after })
    await fund(who.local, { contract, plan, amount: 1n })
    await after.until(() => after.events.length > 0)
    stopAfter()
    expect(mine.events.length, 'nothing is told after the end').to.equal(told)
  })

  it('are done by a client that was extended', async () => {
    const who = await person(usdc)
    const transport = custom(world.provider, { retryCount: 0 })
    const wallet = createWalletClient({ account: who.account, chain: world.chain, transport }).extend(
      subscriptionActions({ contract }),
    )
    const plan = await published(usdc)
    await wallet.subscription.subscribe({ plan })
    expect(await wallet.subscription.isActive({ plan, subscriber: who.address })).to.equal(true)
  })
})
