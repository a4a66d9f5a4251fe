import { expect } from 'chai'
import { createWalletClient, custom, zeroAddress, type Address } from 'viem'
import { SluiceError } from '@sluice/sdk'
import {
  authorize,
  capture,
  charge,
  dispute,
  encodeMilestones,
  escrowActions,
  getOrder,
  getOwed,
  planRefund,
  reclaim,
  refund,
  release,
  releaseMilestone,
  resolveByTimeout,
  rule,
  settle,
  signAuthorize,
  signRefund,
  signSettlement,
  voidOrder,
  withdrawOwed,
  type Order,
} from '@sluice/sdk/escrow'
import {
  createEscrowWorld,
  day,
  failure,
  hour,
  permit2Address,
  type EscrowWorld,
  type Person,
} from './world.js'

const five = 5_000_000n
const disputable = { disputeWindow: hour, rulingWindow: hour }

describe('sdk escrow: what becomes of an order', () => {
  let world: EscrowWorld
  let contract: Address
  let usdc: Address
  let plain: Address
  let payer: Person

  before(async () => {
    world = await createEscrowWorld()
    contract = world.contract
    usdc = await world.deploy('UsdcLikeToken')
    plain = await world.deploy('PlainToken')
    await world.installPermit2()
    payer = await world.person()
    for (const token of [usdc, plain]) await world.mint(token, payer.address, 1_000n * five)
    await world.callToken(payer, usdc, 'approve', [contract, 1_000n * five])
  })
  after(() => world.stop())

  const paid = async (change: Partial<Order> = {}, token = usdc): Promise<Order> => {
    const order = await world.orderOf(payer.address, token, change)
    await authorize(payer.local, { contract, order })
    return order
  }
  const captured = async (amount: bigint, change: Partial<Order> = {}): Promise<Order> => {
    const order = await paid(change)
    await capture(world.receiver.local, { contract, order, amount })
    return order
  }
  const pass = (seconds: number) => world.networkHelpers.time.increase(seconds)
  const stateOf = (order: Order) => getOrder(world.reader, { contract, order })
  const refusal = async (attempt: Promise<unknown>): Promise<SluiceError> => {
    const error = await failure(attempt)
    expect(error).to.be.instanceOf(SluiceError)
    return error as SluiceError
  }

  it('is captured in parts, each paid at once without a dispute window, less the fee (E4)', async () => {
    const feeRecipient = (await world.person()).address
    const order = await paid({ feeRecipient, minFeeBps: 100, maxFeeBps: 500 })
    const first = await capture(world.receiver.local, { contract, order, amount: 1_000_000n })
    expect(first).to.deep.include({
      amount: 1_000_000n,
      feeBps: 100,
      released: 1_000_000n,
      fee: 10_000n,
      kept: [],
    })
    const second = await capture(world.receiver.local, {
      contract,
      order,
      amount: five - 1_000_000n,
      feeBps: 500,
    })
    expect(second).to.include({ fee: 200_000n })
    expect(await world.balanceOf(usdc, feeRecipient)).to.equal(210_000n)
    expect(await stateOf(order)).to.include({ released: five, status: 'over' })
  })

  it('waits for its dispute window and is then released by anyone, or earlier by the payer (E6)', async () => {
    const order = await captured(five, disputable)
    const error = await refusal(release(world.receiver.wallet, { contract, order }))
    expect(error).to.include({ code: 'deadline-not-reached', action: 'wait', retryable: true })
    expect(error.details).to.match(/releasableAt: \d+, currentTime: \d+/)
    await pass(hour)
    expect(await release(world.banker.local, { contract, order })).to.include({ released: five, fee: 0n })
    const other = await captured(five, disputable)
    expect(await release(payer.local, { contract, order: other })).to.include({ released: five })
  })

  it('is paid a milestone at a time (E3)', async () => {
    const milestones = encodeMilestones([2_000_000n, 3_000_000n])
    const order = await paid({ ...disputable, milestones })
    const error = await refusal(releaseMilestone(payer.wallet, { contract, order, milestone: 1 }))
    expect(error.details).to.match(/milestone: 1, current: 0/)
    expect(await releaseMilestone(payer.local, { contract, order, milestone: 0 })).to.include({
      released: 2_000_000n,
    })
    expect(await stateOf(order)).to.include({ authorized: 3_000_000n, released: 2_000_000n })
  })

  it('is voided by the receiver, and reclaimed once nothing can be captured (E5)', async () => {
    const voided = await paid()
    expect(await voidOrder(world.receiver.local, { contract, order: voided })).to.include({ returned: five })
    const order = await paid()
    expect(await refusal(reclaim(payer.wallet, { contract, order }))).to.include({
      code: 'deadline-not-reached',
    })
    await pass(day)
    const late = await refusal(capture(world.receiver.wallet, { contract, order, amount: 1n }))
    expect(late).to.include({ code: 'deadline-passed' })
    expect(late.details).to.match(/captureDeadline: \d+, currentTime: \d+/)
    expect(await reclaim(world.banker.local, { contract, order })).to.include({ returned: five })
    expect(await refusal(reclaim(payer.wallet, { contract, order }))).to.include({ code: 'nothing-held' })
  })

  it('is disputed by the payer and split by the arbiter, or by the default share in time (E12)', async () => {
    const arbiter = world.arbiter.address
    const order = await captured(five, { ...disputable, arbiter, defaultShareBps: 4_000 })
    expect(await dispute(payer.local, { contract, order })).to.include({ disputed: five })
    const split = { toReceiver: 1n, toPayer: five }
    const error = await refusal(rule(world.arbiter.wallet, { contract, order, ...split }))
    expect(error.details).to.match(/sum: 5000001, expected: 5000000/)
    const ruled = await rule(world.arbiter.local, { contract, order, toReceiver: 1n, toPayer: five - 1n })
    expect(ruled).to.include({ toReceiver: 1n, toPayer: five - 1n, fee: 0n })

    const undecided = await captured(five, { ...disputable, arbiter, defaultShareBps: 4_000 })
    await dispute(payer.local, { contract, order: undecided })
    const early = await refusal(resolveByTimeout(payer.wallet, { contract, order: undecided }))
    expect(early).to.include({ code: 'deadline-not-reached' })
    await pass(hour)
    const late = await refusal(
      rule(world.arbiter.wallet, { contract, order: undecided, toReceiver: 0n, toPayer: five }),
    )
    expect(late).to.include({ code: 'deadline-passed' })
    expect(await resolveByTimeout(payer.local, { contract, order: undecided })).to.include({
      toReceiver: 2_000_000n,
      toPayer: 3_000_000n,
    })
  })

  it('is settled by both sides, whoever sends it, until the agreement expires (E11)', async () => {
    const order = await captured(1_000_000n, disputable)
    const terms = {
      contract,
      order,
      toReceiver: 2_000_000n,
      toPayer: 3_000_000n,
      deadline: (await world.now()) + 600n,
    }
    const payerSignature = await signSettlement(payer.wallet, terms)
    expect(payer.prompts.at(-1)).to.equal('eth_signTypedData_v4')
    const unsigned = await refusal(settle(world.banker.wallet, { ...terms, payerSignature }))
    expect(unsigned).to.include({
      code: 'invalid-signature',
      message: 'The receiver did not agree to this split.',
    })
    const receiverSignature = await signSettlement(world.receiver.local, terms)
    const settled = await settle(world.banker.local, { ...terms, payerSignature, receiverSignature })
    expect(settled).to.include({ toReceiver: 2_000_000n, toPayer: 3_000_000n })

    const again = await paid()
    const mine = { ...terms, order: again, toReceiver: 0n, toPayer: five }
    const signature = await signSettlement(payer.local, mine)
    await pass(601)
    const expired = await refusal(settle(world.receiver.wallet, { ...mine, payerSignature: signature }))
    expect(expired).to.include({ code: 'permit-expired', retryable: true })
    expect(expired.details).to.match(new RegExp(`deadline: ${String(mine.deadline)}, currentTime: `))
  })

  it('is charged by the payer at the lowest fee, and by the receiver with what the payer signed', async () => {
    const order = await world.orderOf(payer.address, usdc)
    expect(await charge(payer.local, { contract, order })).to.include({ method: 'allowance', released: five })
    const other = await world.orderOf(payer.address, usdc)
    const { payment } = await signAuthorize(payer.local, { contract, order: other })
    expect(await charge(world.receiver.local, { contract, order: other, payment })).to.include({
      method: 'given',
      amount: five,
      released: five,
    })
    const error = await refusal(
      charge(payer.wallet, { contract, order: await world.orderOf(payer.address, usdc), feeBps: 1 }),
    )
    expect(error.details).to.equal('feeBps 1, expected 0 to 0')
  })

  describe('refunds', () => {
    it('give back what is pending without a payment (E7)', async () => {
      const order = await captured(five, disputable)
      const plan = await planRefund(world.receiver.wallet, { contract, order, amount: 1n })
      expect(plan).to.include({ method: undefined, brought: 0n, prompts: 1 })
      expect(await refund(world.receiver.local, { contract, order, amount: 1n })).to.include({
        method: undefined,
        returned: 1n,
        brought: 0n,
      })
    })

    for (const [method, prompts] of [
      ['authorization', ['eth_signTypedData_v4', 'eth_sendTransaction']],
      ['permit2', ['eth_signTypedData_v4', 'eth_sendTransaction']],
      ['approve', ['eth_sendTransaction', 'eth_sendTransaction']],
    ] as const) {
      it(`bring what was released by ${method} (E7)`, async () => {
        const receiver = await world.person()
        const order = await paid({ receiver: receiver.address })
        await capture(receiver.local, { contract, order, amount: five })
        if (method === 'permit2') await world.callToken(receiver, usdc, 'approve', [permit2Address, five])
        const parameters = { contract, order, amount: 2_000_000n, methods: [method] }
        expect(await planRefund(receiver.wallet, parameters)).to.include({
          method,
          prompts: 2,
          brought: 2_000_000n,
        })
        const before = await world.balanceOf(usdc, payer.address)
        expect(await refund(receiver.wallet, parameters)).to.include({ method, returned: 2_000_000n })
        expect(receiver.prompts).to.deep.equal(prompts)
        expect((await world.balanceOf(usdc, payer.address)) - before).to.equal(2_000_000n)
      })
    }

    it("are paid with the receiver's signature and sent by its operator", async () => {
      const operator = await world.person()
      const order = await captured(five, { operator: operator.address })
      const { payment } = await signRefund(world.receiver.local, { contract, order, amount: 7n })
      const result = await refund(operator.local, { contract, order, amount: 7n, payment })
      expect(result).to.include({ method: 'given', returned: 7n, brought: 7n })
    })

    it('are refused before the first prompt, with both numbers', async () => {
      const order = await captured(3n)
      const receiver = await world.person()
      const attempts: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
        [
          () => refund(world.receiver.wallet, { contract, order, amount: 4n }),
          'amount-exceeds-order',
          /amount 4, captured 3$/,
        ],
        [
          () => refund(receiver.wallet, { contract, order, amount: 1n }),
          'not-allowed',
          /account 0x.*receiver 0x/,
        ],
        [
          async () =>
            refund(world.receiver.wallet, {
              contract,
              order: await world.orderOf(payer.address, usdc),
              amount: 1n,
            }),
          'unknown-order',
          /order 0x/,
        ],
      ]
      for (const [attempt, code, details] of attempts) {
        const error = await refusal(attempt())
        expect(error.code).to.equal(code)
        expect(error.details).to.match(details)
      }
      await pass(2 * day)
      const late = await refusal(refund(world.receiver.wallet, { contract, order, amount: 1n }))
      expect(late.code).to.equal('deadline-passed')
      expect(late.details).to.match(/refundDeadline \d+, now \d+/)
      expect(world.receiver.prompts).to.deep.equal([])
    })
  })

  it('refuses before the first prompt whoever has no right to it (E9)', async () => {
    const order = await captured(five, { ...disputable, arbiter: world.arbiter.address })
    const stranger = await world.person()
    const about = { contract, order }
    const split = { toReceiver: 0n, toPayer: five }
    const attempts = [
      () => capture(stranger.wallet, { ...about, amount: 1n }),
      () => voidOrder(stranger.wallet, about),
      () => dispute(stranger.wallet, about),
      () => rule(stranger.wallet, { ...about, ...split }),
      () => releaseMilestone(stranger.wallet, { ...about, milestone: 0 }),
    ]
    for (const attempt of attempts) {
      const error = await refusal(attempt())
      expect(error.code).to.equal('not-allowed')
      expect(error.details).to.contain(`caller: ${stranger.address}`)
    }
    expect(stranger.prompts).to.deep.equal([])
  })

  it('keeps what a recipient refuses, and lets it take that elsewhere (E8)', async () => {
    const blocked = await world.person()
    const revertingRecipient = await world.deploy('RevertingRecipient')
    const order = await world.orderOf(payer.address, zeroAddress, { receiver: blocked.address })
    await authorize(payer.local, { contract, order, amount: 9n })
    const code = await world.reader.getCode({ address: revertingRecipient })
    await world.provider.request({ method: 'hardhat_setCode', params: [blocked.address, code] })
    const { kept, released } = await capture(blocked.local, { contract, order, amount: 9n })
    expect(released).to.equal(9n)
    expect(kept).to.deep.equal([{ account: blocked.address, token: zeroAddress, amount: 9n }])
    const about = { contract, token: zeroAddress }
    expect(await getOwed(world.reader, { ...about, account: blocked.address })).to.equal(9n)
    const to = '0x00000000000000000000000000000000000000bb'
    expect(await withdrawOwed(blocked.local, { ...about, to })).to.include({ to, amount: 9n })
    expect(await world.reader.getBalance({ address: to })).to.equal(9n)
    const error = await refusal(withdrawOwed(payer.wallet, { ...about, to }))
    expect(error).to.include({ code: 'nothing-owed' })
  })

  it('is done by a client that was extended', async () => {
    const transport = custom(world.provider, { retryCount: 0 })
    const wallet = createWalletClient({ account: payer.account, chain: world.chain, transport }).extend(
      escrowActions({ contract }),
    )
    const order = await world.orderOf(payer.address, usdc)
    const { orderId } = await wallet.escrow.authorize({ order })
    expect(await wallet.escrow.getOrder({ orderId })).to.include({ authorized: five })
  })
})
