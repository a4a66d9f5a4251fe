import { expect } from 'chai'
import { zeroAddress, type Address } from 'viem'
import { SluiceError } from '@sluice/sdk'
import {
  authorize,
  encodeMilestones,
  getOrder,
  planAuthorize,
  signAuthorize,
  type Order,
} from '@sluice/sdk/escrow'
import { createEscrowWorld, failure, permit2Address, type EscrowWorld, type Person } from './world.js'

const five = 5_000_000n
const sign = 'eth_signTypedData_v4'
const send = 'eth_sendTransaction'

describe('sdk escrow: paying an order', () => {
  let world: EscrowWorld
  let plain: Address
  let usdc: Address
  let permitToken: Address
  let usdt: Address

  before(async () => {
    world = await createEscrowWorld()
    plain = await world.deploy('PlainToken')
    usdc = await world.deploy('UsdcLikeToken')
    permitToken = await world.deploy('PermitToken')
    usdt = await world.deploy('UsdtLikeToken')
    await world.installPermit2()
  })
  after(() => world.stop())

  const buyer = async (
    token: Address,
    options: Parameters<EscrowWorld['person']>[0] = {},
  ): Promise<Person> => {
    const person = await world.person(options)
    if (token !== zeroAddress) await world.mint(token, person.address, 2n * five)
    return person
  }

  /** Plans and authorizes, and checks that the plan was kept and the money is held. */
  const pay = async (person: Person, token: Address, options: Partial<authorize.Parameters> = {}) => {
    const order = await world.orderOf(person.address, token)
    const parameters = { contract: world.contract, order, ...options }
    const plan = await planAuthorize(person.wallet, parameters)
    expect(person.prompts).to.deep.equal([])
    const shown: string[] = []
    const result = await authorize(person.wallet, {
      ...parameters,
      onStep: ({ index, of, title }) => shown.push(`${String(index)} of ${String(of)}: ${title}`),
    })
    expect(shown).to.deep.equal(
      plan.steps.map(({ title }, i) => `${String(i + 1)} of ${String(plan.prompts)}: ${title}`),
    )
    expect(person.prompts.length).to.equal(plan.prompts)
    expect(result).to.include({ method: plan.method, amount: five })
    const state = await getOrder(world.reader, { contract: world.contract, order })
    expect(state).to.include({ orderId: result.orderId, authorized: five, status: 'open' })
    return { method: plan.method, prompts: person.prompts, shown }
  }

  it('takes the native coin with one transaction', async () => {
    const paid = await pay(await buyer(zeroAddress), zeroAddress)
    expect(paid).to.deep.equal({
      method: 'native',
      prompts: [send],
      shown: ['1 of 1: Authorize 0.000001 ETH'],
    })
  })

  it('takes an allowance that suffices with one transaction', async () => {
    const person = await buyer(plain)
    await world.callToken(person, plain, 'approve', [world.contract, five])
    expect(await pay(person, plain)).to.include({ method: 'allowance' })
  })

  it('asks a wallet that takes batches once', async () => {
    const paid = await pay(await buyer(plain, { mood: { batch: 'supported' } }), plain)
    expect(paid).to.deep.equal({
      method: 'batch',
      prompts: ['wallet_sendCalls'],
      shown: ['1 of 1: Allow and authorize 0.000001 PLAIN'],
    })
  })

  it('takes a signature where the token has EIP-3009, bound to the order (E11)', async () => {
    const paid = await pay(await buyer(usdc), usdc)
    expect(paid).to.deep.equal({
      method: 'authorization',
      prompts: [sign, send],
      shown: ['1 of 2: Sign for 5.00 USDC', '2 of 2: Authorize 5.00 USDC'],
    })
  })

  it('takes a permit where the token has only EIP-2612', async () => {
    expect(await pay(await buyer(permitToken), permitToken)).to.deep.include({
      method: 'permit',
      prompts: [sign, send],
    })
  })

  it('takes a transfer of Permit2 where that may take the token', async () => {
    const person = await buyer(plain)
    await world.callToken(person, plain, 'approve', [permit2Address, 10n ** 30n])
    expect(await pay(person, plain)).to.deep.include({ method: 'permit2', prompts: [sign, send] })
  })

  it('approves first where nothing else is left, and zeroes an old allowance where the token wants it', async () => {
    expect(await pay(await buyer(plain), plain)).to.deep.include({
      method: 'approve',
      prompts: [send, send],
    })
    const person = await buyer(usdt)
    await world.callToken(person, usdt, 'approve', [world.contract, 1n])
    expect((await pay(person, usdt)).prompts).to.deep.equal([send, send, send])
  })

  it('needs one signature and no gas when somebody relays', async () => {
    const person = await buyer(usdc, { coins: 0n })
    const paid = await pay(person, usdc, {
      relay: async ({ to, data }) => await world.banker.local.sendTransaction({ to, data }),
    })
    expect(paid).to.deep.include({ method: 'authorization', prompts: [sign] })
  })

  for (const method of ['authorization', 'permit2'] as const) {
    it(`signs by ${method} for whoever submits it, who pays nothing but gas`, async () => {
      const token = method === 'permit2' ? plain : usdc
      const person = await buyer(token)
      await world.callToken(person, token, 'approve', [permit2Address, 10n ** 30n])
      const order = await world.orderOf(person.address, token)
      const terms = { contract: world.contract, order, methods: [method] }
      const signed = await signAuthorize(person.wallet, terms)
      expect(signed.method).to.equal(method)
      expect(person.prompts).to.deep.equal([sign])
      const { payment } = signed
      const result = await authorize(world.receiver.local, { contract: world.contract, order, payment })
      expect(result).to.include({ method: 'given', amount: five })
      expect(await world.balanceOf(token, person.address)).to.equal(five)
    })
  }

  it('refuses what was signed for another order (E11)', async () => {
    const person = await buyer(usdc)
    const [signedFor, other] = [
      await world.orderOf(person.address, usdc),
      await world.orderOf(person.address, usdc),
    ]
    const { contract } = world
    const { payment } = await signAuthorize(person.wallet, { contract, order: signedFor })
    const error = await failure(authorize(world.receiver.local, { contract, order: other, payment }))
    expect(error).to.be.instanceOf(SluiceError).and.include({ code: 'invalid-signature' })
  })

  describe('refuses before the first prompt, with both numbers', () => {
    const refused = async (
      change: (person: Person) => Promise<Partial<authorize.Parameters> & { readonly order: Order }>,
    ): Promise<SluiceError> => {
      const person = await buyer(usdc)
      const parameters = await change(person)
      const error = await failure(authorize(person.wallet, { contract: world.contract, ...parameters }))
      expect(person.prompts).to.deep.equal([])
      expect(error).to.be.instanceOf(SluiceError)
      return error as SluiceError
    }

    it('more than the order allows (E3)', async () => {
      const error = await refused(async ({ address }) => ({
        order: await world.orderOf(address, usdc),
        amount: five + 1n,
      }))
      expect(error).to.include({
        code: 'amount-exceeds-order',
        details: 'amount 5000001, maxAmount 5000000',
      })
    })

    it('part of an order with milestones', async () => {
      const milestones = encodeMilestones([1n, 1n])
      const error = await refused(async ({ address }) => ({
        order: await world.orderOf(address, usdc, { disputeWindow: 60, milestones }),
        amount: 1n,
      }))
      expect(error).to.include({ code: 'invalid-argument', details: 'amount 1, expected 5000000' })
    })

    it('more than the payer holds', async () => {
      const error = await refused(async ({ address }) => ({
        order: await world.orderOf(address, usdc, { maxAmount: 3n * five }),
      }))
      expect(error).to.include({ code: 'insufficient-token', action: 'add-funds' })
      expect(error.details).to.equal('balance 10000000, needed 15000000 base units of USDC')
    })

    it('an order that was paid (E3)', async () => {
      const person = await buyer(usdc)
      const order = await world.orderOf(person.address, usdc)
      await authorize(person.local, { contract: world.contract, order, amount: 1n })
      const error = await failure(authorize(person.wallet, { contract: world.contract, order }))
      expect(error).to.include({ code: 'order-exists', message: 'This order was paid already.' })
      expect(person.prompts).to.deep.equal([])
    })

    it("somebody else's money", async () => {
      const error = await refused(async () => ({
        order: await world.orderOf(world.receiver.address, usdc),
      }))
      expect(error).to.include({ code: 'not-allowed' })
      expect(error.details).to.contain(`payer ${world.receiver.address}`)
    })

    it('an order that can no longer be captured', async () => {
      const captureDeadline = Number(await world.now())
      const error = await refused(async ({ address }) => ({
        order: await world.orderOf(address, usdc, { captureDeadline, refundDeadline: captureDeadline }),
      }))
      expect(error.code).to.equal('deadline-passed')
      expect(error.details).to.match(new RegExp(`captureDeadline ${String(captureDeadline)}, now \\d+$`))
    })

    it('a wallet on another chain', async () => {
      const person = await buyer(usdc, { mood: { chainId: 1 } })
      const order = await world.orderOf(person.address, usdc)
      const error = await failure(authorize(person.wallet, { contract: world.contract, order }))
      expect(error).to.include({ code: 'wrong-chain', message: 'This order is paid on Testland.' })
    })
  })
})
