import { expect } from 'chai'
import {
  compactSignatureToSignature,
  parseCompactSignature,
  serializeSignature,
  zeroAddress,
  type Address,
  type Hex,
} from 'viem'
import { claim, claimCalls } from '../../../sdk/dist/channel/claim.js'
import { close, closeCall } from '../../../sdk/dist/channel/close.js'
import { deposit, depositCall } from '../../../sdk/dist/channel/deposit.js'
import { getChannel } from '../../../sdk/dist/channel/getChannel.js'
import { requestClose, requestCloseCall } from '../../../sdk/dist/channel/requestClose.js'
import { withdraw, withdrawCall } from '../../../sdk/dist/channel/withdraw.js'
import { channelId } from '../../../sdk/dist/channel/channelId.js'
import type { Channel } from '../../../sdk/dist/types.js'
import { createWorld, failure, signVoucher, type Person, type World } from './world.js'

const five = 5_000_000n
const day = 86_400n

describe('sdk channel: claim, close, requestClose, withdraw, getChannel', () => {
  let world: World
  let usdc: Address
  let plain: Address

  before(async () => {
    world = await createWorld()
    usdc = await world.deploy('UsdcLikeToken')
    plain = await world.deploy('PlainToken')
  })
  after(() => world.stop())

  const opened = async (token: Address = usdc, change: Partial<Channel> = {}) => {
    const payer = await world.person()
    await world.mint(token, payer.address, five)
    const channel = world.terms(payer.address, token, change)
    const { channelId: id } = await deposit(payer.wallet, { contract: world.contract, channel, amount: five })
    payer.prompts.length = 0
    const voucher = async (cumulativeAmount: bigint) => ({
      cumulativeAmount,
      signature: await signVoucher(payer, world, id, cumulativeAmount),
    })
    return { payer, channel, id, voucher, at: { contract: world.contract, channel } }
  }
  const signClose = (by: Person, id: Hex, capturedAmount: bigint) =>
    by.account.signTypedData({
      domain: {
        name: 'Sluice Stream Channels',
        version: '1',
        chainId: world.chain.id,
        verifyingContract: world.contract,
      },
      types: {
        Close: [
          { name: 'channelId', type: 'bytes32' },
          { name: 'capturedAmount', type: 'uint96' },
        ],
      },
      primaryType: 'Close',
      message: { channelId: id, capturedAmount },
    })
  /** The same signature with the other parity: it verifies against a known key, but not on the chain. */
  const wrongV = (signature: Hex): Hex =>
    `0x${signature.slice(2, -2)}${signature.endsWith('1b') ? '1c' : '1b'}`

  describe('claim', () => {
    it('pays vouchers of several channels in one transaction a payee, operator and token', async () => {
      const a = await opened()
      const b = await opened()
      const c = await opened(plain)
      const collector = await world.person()
      const before = await world.balanceOf(usdc, world.payee.address)
      const claims = [
        { channel: a.channel, voucher: await a.voucher(1_000_000n) },
        { channel: c.channel, voucher: await c.voucher(7n) },
        { channel: b.channel, voucher: await b.voucher(2_000_000n) },
      ]
      const { transactions, skipped } = await claim(collector.wallet, { contract: world.contract, claims })
      expect(collector.prompts).to.deep.equal(['eth_sendTransaction', 'eth_sendTransaction'])
      expect(transactions.map(({ token, channelIds, paid }) => ({ token, channelIds, paid }))).to.deep.equal([
        { token: usdc, channelIds: [a.id, b.id], paid: 3_000_000n },
        { token: plain, channelIds: [c.id], paid: 7n },
      ])
      expect(skipped).to.deep.equal([])
      expect((await world.balanceOf(usdc, world.payee.address)) - before).to.equal(3_000_000n)
      expect((await getChannel(world.reader, a.at)).claimed).to.equal(1_000_000n)
    })

    it('leaves out vouchers that grant nothing new, and sends nothing when none does (I12)', async () => {
      const a = await opened()
      const collector = await world.person()
      const claims = [{ channel: a.channel, voucher: await a.voucher(1_000n) }]
      await claim(collector.wallet, { contract: world.contract, claims })
      collector.prompts.length = 0
      const again = await claim(collector.wallet, { contract: world.contract, claims })
      expect(again).to.deep.equal({ transactions: [], skipped: [a.id] })
      expect(collector.prompts).to.deep.equal([])
    })

    it('counts as paid only what is beyond the last claim', async () => {
      const a = await opened()
      const collector = await world.person()
      const claimTo = async (amount: bigint) => {
        const claims = [{ channel: a.channel, voucher: await a.voucher(amount) }]
        return (await claim(collector.wallet, { contract: world.contract, claims })).transactions[0]?.paid
      }
      expect(await claimTo(1_000n)).to.equal(1_000n)
      expect(await claimTo(1_500n)).to.equal(500n)
    })

    it('repairs a signature whose v is wrong before it goes on the chain', async () => {
      const a = await opened()
      const { cumulativeAmount, signature } = await a.voucher(1_000n)
      const claims = [{ channel: a.channel, voucher: { cumulativeAmount, signature: wrongV(signature) } }]
      const collector = await world.person()
      const { transactions } = await claim(collector.wallet, { contract: world.contract, claims })
      expect(transactions[0]?.paid).to.equal(1_000n)
    })

    it('splits a batch that is too long', async () => {
      const channels = [await opened(), await opened(), await opened()]
      const claims = await Promise.all(
        channels.map(async ({ channel, voucher }) => ({ channel, voucher: await voucher(10n) })),
      )
      const collector = await world.person()
      const parameters = { contract: world.contract, claims, maxClaims: 2 }
      expect(claimCalls(parameters).length).to.equal(2)
      const { transactions } = await claim(collector.wallet, parameters)
      expect(transactions.map(({ channelIds }) => channelIds.length)).to.deep.equal([2, 1])
    })

    for (const [title, code, details, spoil] of [
      [
        'a voucher above the deposit',
        'amount-exceeds-deposit',
        /AmountExceedsDeposit\(channelId: 0x[0-9a-f]{64}, amount: 5000001, deposited: 5000000\)/,
        async ({ voucher }: Awaited<ReturnType<typeof opened>>) => await voucher(five + 1n),
      ],
      [
        'a voucher for another channel',
        'invalid-signature',
        /InvalidVoucher\(channelId: 0x[0-9a-f]{64}, signer: 0x[0-9a-fA-F]{40}, cumulativeAmount: 1000\)/,
        async ({ payer }: Awaited<ReturnType<typeof opened>>) => ({
          cumulativeAmount: 1_000n,
          signature: await signVoucher(payer, world, `0x${'12'.repeat(32)}`, 1_000n),
        }),
      ],
    ] as const) {
      it(`${title} is refused before anybody pays gas, with both numbers (I5)`, async () => {
        const a = await opened()
        const collector = await world.person()
        const claims = [{ channel: a.channel, voucher: await spoil(a) }]
        const error = await failure(claim(collector.wallet, { contract: world.contract, claims }))
        expect(error).to.include({ code })
        expect(error).to.have.property('details').that.matches(details)
        expect(collector.prompts).to.deep.equal([])
      })
    }

    it('names the amount that the rate allows by now', async () => {
      const a = await opened(usdc, { rate: 1n, burst: 10n })
      const collector = await world.person()
      const claims = [{ channel: a.channel, voucher: await a.voucher(five) }]
      const error = await failure(claim(collector.wallet, { contract: world.contract, claims }))
      expect(error).to.include({ code: 'amount-exceeds-rate', retryable: true })
      expect(error)
        .to.have.property('details')
        .that.matches(/amount: 5000000, allowed: 1\d/)
    })
  })

  describe('close', () => {
    it('pays the payee, refunds the rest and needs no consent from the payee itself', async () => {
      const a = await opened()
      const { cumulativeAmount, signature: voucherSignature } = await a.voucher(2_000_000n)
      const before = await world.balanceOf(usdc, world.payee.address)
      const result = await close(world.payee.wallet, {
        ...a.at,
        cumulativeAmount,
        capturedAmount: 1_500_000n,
        voucherSignature,
      })
      expect(result).to.include({ channelId: a.id, captured: 1_500_000n, refunded: 3_500_000n })
      expect((await world.balanceOf(usdc, world.payee.address)) - before).to.equal(1_500_000n)
      expect(await world.balanceOf(usdc, a.payer.address)).to.equal(3_500_000n)
      expect(await getChannel(world.reader, a.at)).to.include({ status: 'closed', closed: true })
    })

    it('lets the payer submit with the consent of the payee, whatever v its wallet wrote', async () => {
      const a = await opened()
      const { cumulativeAmount, signature } = await a.voucher(1_000n)
      const result = await close(a.payer.wallet, {
        ...a.at,
        cumulativeAmount,
        capturedAmount: 1_000n,
        voucherSignature: wrongV(signature),
        payeeSignature: wrongV(await signClose(world.payee, a.id, 1_000n)),
      })
      expect(result).to.include({ captured: 1_000n })
      expect(a.payer.prompts).to.deep.equal(['eth_sendTransaction'])
    })

    it('takes the consent of the operator too', async () => {
      const operator = await world.person()
      const a = await opened(usdc, { operator: operator.address })
      const { cumulativeAmount, signature: voucherSignature } = await a.voucher(1_000n)
      const payeeSignature = wrongV(await signClose(operator, a.id, 1_000n))
      const both = { voucherSignature, payeeSignature }
      const result = await close(a.payer.wallet, {
        ...a.at,
        cumulativeAmount,
        capturedAmount: 1_000n,
        ...both,
      })
      expect(result.refunded).to.equal(five - 1_000n)
    })

    it('refunds everything without a voucher', async () => {
      const a = await opened()
      const amounts = { cumulativeAmount: 0n, capturedAmount: 0n }
      const result = await close(world.payee.wallet, { ...a.at, ...amounts })
      expect(result).to.include({ captured: 0n, refunded: five })
    })

    for (const [title, code, details, amounts] of [
      [
        'more than the deposit',
        'amount-exceeds-deposit',
        /captured 5000001, deposited 5000000/,
        [five + 1n, five + 1n],
      ],
      [
        'more than the voucher',
        'invalid-argument',
        /captured: 2000, cumulativeAmount: 1000/,
        [1_000n, 2_000n],
      ],
      [
        'without consent',
        'invalid-signature',
        /InvalidClose\(channelId: 0x[0-9a-f]{64}, capturedAmount: 1000\)/,
        [1_000n, 1_000n],
      ],
    ] as const) {
      it(`refuses ${title} before anybody pays gas`, async () => {
        const a = await opened()
        const by = title === 'without consent' ? a.payer : world.payee
        by.prompts.length = 0
        const [cumulativeAmount, capturedAmount] = amounts
        const { signature: voucherSignature } = await a.voucher(cumulativeAmount)
        const parameters = { ...a.at, cumulativeAmount, capturedAmount, voucherSignature }
        const error = await failure(close(by.wallet, parameters))
        expect(error).to.include({ code })
        expect(error).to.have.property('details').that.matches(details)
        expect(by.prompts).to.deep.equal([])
      })
    }

    it('refuses a channel that is closed or was never opened (I9)', async () => {
      const a = await opened()
      const amounts = { cumulativeAmount: 0n, capturedAmount: 0n }
      await close(world.payee.wallet, { ...a.at, ...amounts })
      expect(await failure(close(world.payee.wallet, { ...a.at, ...amounts }))).to.include({
        code: 'channel-closed',
      })
      const deposited = deposit(a.payer.wallet, { ...a.at, amount: 1n })
      expect(await failure(deposited)).to.include({ code: 'channel-closed' })
      const unopened = { contract: world.contract, channel: world.terms(a.payer.address, usdc) }
      expect(await failure(close(world.payee.wallet, { ...unopened, ...amounts }))).to.include({
        code: 'channel-not-open',
      })
    })
  })

  describe('requestClose and withdraw', () => {
    it('give the payer its money back without the payee (I7)', async () => {
      const a = await opened()
      const { withdrawableAt } = await requestClose(a.payer.wallet, a.at)
      const state = await getChannel(world.reader, a.at)
      expect(state).to.include({ status: 'closing', withdrawableAt })
      expect(await getChannel(world.reader, { contract: world.contract, channelId: a.id })).to.include({
        status: 'closing',
        withdrawableAt: undefined,
      })
      await world.networkHelpers.time.increaseTo(withdrawableAt)
      const result = await withdraw(a.payer.wallet, a.at)
      expect(result).to.include({ channelId: a.id, captured: 0n, refunded: five })
      expect(await world.balanceOf(usdc, a.payer.address)).to.equal(five)
      expect(a.payer.prompts).to.deep.equal(['eth_sendTransaction', 'eth_sendTransaction'])
    })

    it('say what is missing before anybody pays gas', async () => {
      const a = await opened()
      expect(await failure(withdraw(a.payer.wallet, a.at))).to.include({ code: 'close-not-requested' })
      const stranger = await world.person()
      const notPayer = await failure(requestClose(stranger.wallet, a.at))
      expect(notPayer).to.include({ code: 'invalid-argument' })
      expect(notPayer).to.have.property('details').that.contains('CallerIsNotPayer')
      expect(a.payer.prompts).to.deep.equal([])
      expect(stranger.prompts).to.deep.equal([])
      const { withdrawableAt } = await requestClose(a.payer.wallet, a.at)
      const early = await failure(withdraw(a.payer.wallet, a.at))
      expect(early).to.include({ code: 'grace-not-over', action: 'wait', retryable: true })
      expect(early)
        .to.have.property('details')
        .that.matches(new RegExp(`withdrawableAt: ${String(withdrawableAt)}, currentTime: \\d+`))
      expect(await failure(requestClose(a.payer.wallet, a.at))).to.include({ code: 'close-pending' })
    })
  })

  describe('getChannel', () => {
    it('tells the state at an earlier block', async () => {
      const a = await opened()
      const blockNumber = await world.reader.getBlockNumber()
      const amounts = { cumulativeAmount: 0n, capturedAmount: 0n }
      await close(world.payee.wallet, { ...a.at, ...amounts })
      expect((await getChannel(world.reader, { ...a.at, blockNumber })).status).to.equal('open')
      expect((await getChannel(world.reader, { ...a.at, blockNumber: blockNumber - 1n })).status).to.equal(
        'unopened',
      )
    })

    it('needs no account and tells the opening time in seconds', async () => {
      const a = await opened()
      const { timestamp } = await world.reader.getBlock()
      const { openedAt, claimed } = await getChannel(world.reader, a.at)
      expect(BigInt(openedAt)).to.equal(timestamp)
      expect(claimed).to.equal(0n)
    })
  })

  it('builds calls that anybody can send and batch (multicall of the contract included)', async () => {
    const payer = await world.person()
    const channel = world.terms(payer.address, zeroAddress)
    const at = { contract: world.contract, channel }
    const send = async ({ to, data, value }: { to: Address; data: Hex; value: bigint }, by: Person) => {
      const hash = await by.local.sendTransaction({ to, data, value })
      expect((await world.reader.getTransactionReceipt({ hash })).status).to.equal('success')
    }
    await send(depositCall({ ...at, amount: 3n }), payer)
    const id = channelId({ chainId: world.chain.id, ...at })
    const signature = await signVoucher(payer, world, id, 1n)
    // The compact form and the long one are the same signature.
    expect(
      serializeSignature(compactSignatureToSignature(parseCompactSignature(compact(signature)))),
    ).to.equal(signature)
    const [call] = claimCalls({
      contract: world.contract,
      claims: [{ channel, voucher: { cumulativeAmount: 1n, signature: compact(signature) } }],
    })
    if (call === undefined) throw new Error('no call')
    await send(call, payer)
    await send(requestCloseCall(at), payer)
    await world.networkHelpers.time.increase(day)
    await send(withdrawCall(at), payer)
    expect(await getChannel(world.reader, at)).to.include({ status: 'closed', claimed: 1n, deposited: 3n })
    expect(closeCall({ ...at, cumulativeAmount: 0n, capturedAmount: 0n }).functionName).to.equal('close')
  })
})

/** EIP-2098: 64 bytes with the parity in the top bit of s. */
function compact(signature: Hex): Hex {
  const r = signature.slice(2, 66)
  const s = BigInt(`0x${signature.slice(66, 130)}`)
  const parity = signature.endsWith('1c') ? 1n << 255n : 0n
  return `0x${r}${(s | parity).toString(16).padStart(64, '0')}`
}
