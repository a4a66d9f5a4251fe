import { expect } from 'chai'
import { createPublicClient, custom, encodeErrorResult, type Address, type EIP1193Provider } from 'viem'
import { getLogs } from 'viem/actions'
import { subscriptionsErrors } from '../../../sdk/dist/abi/index.js'
import {
  cancelCall,
  changePlanCall,
  chargeCall,
  consentTypedData,
  createPlanCall,
  fundCall,
  getPlan,
  getSubscription,
  isActive,
  nothingRebuilt,
  pauseCall,
  planId,
  rebuildSubscriptions,
  renewable,
  resumeCall,
  revertToSluiceError,
  setPriceCall,
  subscribeCall,
  subscribeWithSignatureCall,
  subscriptionId,
  withdrawCall,
  type Plan,
  type ContractCall,
} from '../../../sdk/dist/subscription/index.js'
import { privateKeyToAccount } from 'viem/accounts'
import { createWorld, period, price } from '../../contracts/subscription/world.js'
import { accountKey } from '../../contracts/support/ground.js'

const world = await createWorld()
const { merchant, subscriber, keeper, address } = world
const contract = address as Address
const chainId = world.place.chainId
const who = subscriber.address as Address
const client = createPublicClient({
  transport: custom(world.connection.provider as unknown as EIP1193Provider, { retryCount: 0 }),
})

const plan = (salt: number): Plan => ({
  merchant: merchant.address as Address,
  token: world.tokenAddress as Address,
  price,
  tip: 10n,
  unit: 'month',
  period: 1,
  trial: 0,
  grace: 3600,
  salt: `0x${salt.toString(16).padStart(64, '0')}`,
})
const which = { contract, plan: plan(1), subscriber: who }
const terms = { subscriber: who, maxPrice: price, start: 0, end: 0 }

const send = async (from: typeof merchant, { to, data, value }: ContractCall) =>
  (await from.sendTransaction({ to, data, value })).wait()

const logs = () => getLogs(client, { address: contract, fromBlock: 0n })

describe('sdk subscriptions', () => {
  beforeEach(async () => {
    await world.reset()
    await send(merchant, createPlanCall({ contract, plan: plan(1) }))
  })

  it('hashes plans and subscriptions as the contract does', async () => {
    const id = planId({ chainId, contract, plan: plan(1) })
    const { planId: told, price: asked } = await getPlan(client, { contract, plan: plan(1) })
    expect(told).to.equal(id)
    expect(asked).to.equal(price)
    expect((await getPlan(client, { contract, plan: plan(2) })).price).to.equal(undefined)
    expect(await world.subscriptions.subscriptionId(id, who)).to.equal(
      subscriptionId({ planId: id, subscriber: who }),
    )
  })

  it('refuses terms that do not fit', () => {
    const tooDear = { ...plan(1), price: 2n ** 96n }
    expect(() => planId({ chainId, contract, plan: tooDear })).to.throw('not in the right form')
  })

  it('subscribes, asks, pauses, resumes, funds, takes out and leaves', async () => {
    await send(subscriber, subscribeCall({ contract, plan: plan(1), terms }))
    const state = await getSubscription(client, which)
    expect(state).to.include({ price, paid: true, paused: false, balance: 0n })
    expect(await isActive(client, which)).to.equal(true)
    expect((await renewable(client, which)).reason).to.equal('not-due')
    await send(subscriber, pauseCall(which))
    expect((await renewable(client, which)).reason).to.equal('paused')
    await send(subscriber, resumeCall(which))
    await send(subscriber, fundCall({ ...which, amount: 5n }))
    expect((await getSubscription(client, which)).balance).to.equal(5n)
    await send(subscriber, withdrawCall({ ...which, amount: 5n }))
    await send(subscriber, cancelCall(which))
    expect((await renewable(client, which)).reason).to.equal('ended')
  })

  it('lets a subscriber sign what somebody else submits (S9)', async () => {
    const account = privateKeyToAccount(accountKey(world, 0).privateKey as Address)
    const deadline = 10n ** 12n
    const { maxPrice, start, end } = terms
    const common = { chainId, contract, plan: plan(1), subscriber: who, deadline }
    const sign = async (nonce: number, action: consentTypedData.Parameters['action']) => ({
      deadline,
      signature: await account.signTypedData(consentTypedData({ ...common, nonce, action })),
    })
    const agreed = await sign(0, { type: 'subscribe', maxPrice, start, end })
    await send(keeper, subscribeWithSignatureCall({ contract, plan: plan(1), terms, consent: agreed }))
    await send(merchant, createPlanCall({ contract, plan: plan(2) }))
    const moved = await sign(1, { type: 'change', newPlan: plan(2), maxPrice })
    await send(keeper, changePlanCall({ ...which, newPlan: plan(2), maxPrice, consent: moved }))
    expect(await isActive(client, { ...which, plan: plan(2) })).to.equal(true)
    expect((await getSubscription(client, which)).nonce).to.equal(2)
  })

  it('rebuilds plans and subscriptions from events, in one go or piece by piece', async () => {
    await send(subscriber, subscribeCall({ contract, plan: plan(1), terms }))
    await send(merchant, setPriceCall({ contract, plan: plan(1), price: 700n }))
    await send(merchant, createPlanCall({ contract, plan: plan(2) }))
    await world.time.increase(2 * period - 100_000)
    await send(keeper, chargeCall({ contract, plan: plan(1), subscriber: who }))
    await send(subscriber, pauseCall(which))
    await send(subscriber, resumeCall(which))
    await send(subscriber, changePlanCall({ ...which, newPlan: plan(2), maxPrice: price }))
    const all = await logs()
    const deployment = { chainId, contract }
    const whole = rebuildSubscriptions(nothingRebuilt, all, deployment)
    const pieces = all.reduce(
      (before, log) => rebuildSubscriptions(before, [log], deployment),
      nothingRebuilt,
    )
    expect(pieces).to.deep.equal(whole)
    const id = planId({ ...deployment, plan: plan(2) })
    const [only, ...others] = Object.values(whole.subscriptions)
    expect(others).to.deep.equal([])
    expect(only).to.deep.include({ planId: id, subscriber: who, price, charged: price + 700n, paused: false })
    const state = await getSubscription(client, { contract, planId: id, subscriber: who })
    expect(only?.paidUntil).to.equal(state.paidUntil)
    const first = planId({ ...deployment, plan: plan(1) })
    expect(whole.plans[first]).to.include({ price: 700n })
    expect(rebuildSubscriptions(nothingRebuilt, all, { chainId, contract: who })).to.deep.equal(
      nothingRebuilt,
    )
  })

  it('tells why nothing can be charged, with both numbers, and every other error', () => {
    const id = `0x${'11'.repeat(32)}` as const
    const args = [id, 7, 3n, 1_000n] as const
    const data = encodeErrorResult({ abi: subscriptionsErrors, errorName: 'NotChargeable', args })
    const error = revertToSluiceError(data)
    expect(error.code).to.equal('not-chargeable')
    expect(error.details).to.include('reason: allowance-too-low').and.include('found: 3').and.include('1000')
    expect(revertToSluiceError('0x').code).to.equal('transaction-reverted')
    expect(revertToSluiceError('0x12345678').details).to.equal('revert data 0x12345678')
  })

  it('says so when there is no such contract', async () => {
    const nowhere = { ...which, contract: keeper.address as Address }
    const error: unknown = await isActive(client, nowhere).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'invalid-argument' })
  })
})
