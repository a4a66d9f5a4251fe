import { expect } from 'chai'
import { concat, MaxUint256, toBeHex, ZeroAddress, ZeroHash, type BaseContract, type BytesLike } from 'ethers'
import { createEscrowWorld, refundDeadline } from './escrow/support/world.js'
import { refundPurpose, type Order } from './escrow/support/order.js'
import {
  agreeableWallet,
  authorizationDigest,
  authorizationNonce,
  installPermit2,
  never,
  permit2Address,
  permitDigest,
  paymentPermit2Digest,
  tokenDomain,
} from './support/funding.js'
import { accountKey } from './support/ground.js'
import { compact, full, saltOf } from './support/terms.js'

const world = await createEscrowWorld()
const { ethers, escrow, payer, receiver, stranger, address, order, id, refused, stocked } = world
const payerKey = accountKey(world, 0)
const receiverKey = accountKey(world, 1)

await installPermit2(world)
const permit2 = await ethers.getContractAt('Permit2Double', permit2Address)
const usdc = await stocked(await ethers.deployContract('UsdcLikeToken'))
const permitOnly = await ethers.deployContract('PermitToken')
await permitOnly.mint(payer, 1_000n)
for (const holder of [payer, receiver]) {
  await world.token.connect(holder).approve(permit2Address, MaxUint256)
  await usdc.connect(holder).approve(escrow, 0n)
}
const usdcAddress = await usdc.getAddress()
const domain = await tokenDomain(world, usdc, 'USD Coin', '2')
const permitOnlyDomain = await tokenDomain(world, permitOnly, 'Permit Token', '1')
const prepared = await world.networkHelpers.takeSnapshot()

const word = (value: bigint) => toBeHex(value, 32)
const dollars = (change: Partial<Order> = {}) => order({ token: usdcAddress, ...change })
const pay = (of: Order, payment: BytesLike, from = payer, value = 0n) =>
  escrow.connect(from).authorize(of, of.maxAmount, payment, { value })
const pays = (sent: Promise<unknown>, token: BaseContract = usdc, amount = 1_000n) =>
  expect(sent).to.changeTokenBalances(ethers, token, [payer, address], [-amount, amount])

/** `01 ‖ deadline ‖ signature`. */
function byPermit({ value = 1_000n, deadline = never } = {}, sign = full): string {
  const permit = { owner: payer.address, spender: address, value, nonce: 0n, deadline }
  return concat(['0x01', word(deadline), sign(payerKey, permitDigest(domain, permit))])
}

/** `02 ‖ from ‖ validAfter ‖ validBefore ‖ salt ‖ signature`. */
function byAuthorization(
  purpose: string,
  { value = 1_000n, key = payerKey, from = payer.address, salt = ZeroHash } = {},
  sign = full,
): string {
  const nonce = authorizationNonce(purpose, salt)
  const authorization = { from, to: address, value, validAfter: 1n, validBefore: never, nonce }
  return concat([
    '0x02',
    from,
    word(1n),
    word(never),
    salt,
    sign(key, authorizationDigest(domain, authorization)),
  ])
}

/** `03 ‖ from ‖ nonce ‖ deadline ‖ signature`. */
function byPermit2(
  purpose: string,
  { amount = 1_000n, key = payerKey, from = payer.address, nonce = 5n } = {},
): string {
  const permit = { token: world.tokenAddress, amount, spender: address, nonce, deadline: never }
  const signature = compact(key, paymentPermit2Digest(world.place.chainId, permit, purpose))
  return concat(['0x03', from, word(nonce), word(never), signature])
}

describe('payments', () => {
  beforeEach(() => prepared.restore())

  describe('when the payment is empty', () => {
    it('takes the caller’s allowance', async () => {
      await pays(pay(order(), '0x'), world.token)
    })

    it('takes a token that returns nothing', async () => {
      const tether = await stocked(await ethers.deployContract('UsdtLikeToken'))
      await pays(pay(order({ token: await tether.getAddress() }), '0x'), tether)
    })

    it('takes the value of the native coin', async () => {
      await expect(pay(order({ token: ZeroAddress }), '0x', payer, 1_000n)).to.changeEtherBalance(
        ethers,
        escrow,
        1_000n,
      )
    })

    it('reverts with WrongNativeValue for another value', async () => {
      await refused(pay(order({ token: ZeroAddress }), '0x', payer, 999n), 'WrongNativeValue', 999n, 1_000n)
    })

    it('reverts with WrongNativeValue for a token', async () => {
      await refused(pay(order(), '0x', payer, 1n), 'WrongNativeValue', 1n, 0n)
    })

    it('reverts with AmountNotReceived for tokens that deliver less', async () => {
      const fee = await stocked(await ethers.deployContract('FeeToken'))
      const leaving = await stocked(await ethers.deployContract('LeavingToken'))
      await leaving.mint(address, 10n)
      for (const [token, received] of [
        [fee, 990n],
        [leaving, 0n],
      ] as const) {
        const of = order({ token: await token.getAddress() })
        await refused(pay(of, '0x'), 'AmountNotReceived', of.token, received, 1_000n)
      }
    })

    it('reverts with SafeERC20FailedOperation when the token answers false', async () => {
      const malformed = await stocked(await ethers.deployContract('MalformedToken'))
      await malformed.setTransferAnswer(ZeroHash, false)
      const of = order({ token: await malformed.getAddress() })
      await refused(pay(of, '0x'), 'SafeERC20FailedOperation', of.token)
    })

    it('reverts with BalanceUnreadable for what is no token', async () => {
      await refused(pay(order({ token: stranger.address }), '0x'), 'BalanceUnreadable', stranger.address)
    })
  })

  describe('when the payment is an EIP-2612 permit', () => {
    it('takes it from the caller, with 65 or 64 bytes', async () => {
      await pays(pay(dollars(), byPermit()))
      await prepared.restore()
      await pays(pay(dollars(), byPermit({}, compact)))
    })

    it('takes it from tokens that know ECDSA only', async () => {
      const of = order({ token: await permitOnly.getAddress() })
      const permit = { owner: payer.address, spender: address, value: 1_000n, nonce: 0n, deadline: never }
      const signature = full(payerKey, permitDigest(permitOnlyDomain, permit))
      await pays(pay(of, concat(['0x01', word(never), signature])), permitOnly)
    })

    it('takes it when somebody used the permit first', async () => {
      const permit = { owner: payer.address, spender: address, value: 1_000n, nonce: 0n, deadline: never }
      const signature = full(payerKey, permitDigest(domain, permit))
      await usdc
        .connect(stranger)
        .getFunction('permit(address,address,uint256,uint256,bytes)')
        .send(payer.address, address, 1_000n, never, signature)
      await pays(pay(dollars(), byPermit()))
    })

    it('takes it from contract wallets', async () => {
      const wallet = await agreeableWallet(world)
      await usdc.mint(wallet, 1_000n)
      const of = dollars({ payer: await wallet.getAddress() })
      const payment = concat(['0x01', word(never), '0x5a'])
      const call = escrow.interface.encodeFunctionData('authorize', [of, 1_000n, payment])
      await expect(wallet.relay(escrow, 0n, call)).to.changeTokenBalance(ethers, usdc, escrow, 1_000n)
    })

    it('reverts with the token’s error when the permit gave no allowance', async () => {
      await expect(pay(dollars(), byPermit({ deadline: 1n }))).to.be.revertedWithCustomError(
        usdc,
        'ERC20InsufficientAllowance',
      )
      await expect(pay(dollars(), byPermit({ value: 999n }))).to.be.revertedWithCustomError(
        usdc,
        'ERC20InsufficientAllowance',
      )
    })

    it('debits the caller alone, whatever follows', async () => {
      await refused(
        pay(dollars(), byPermit(), stranger),
        'PaymentNotFromPayer',
        id(dollars()),
        stranger.address,
        payer.address,
      )
    })
  })

  describe('when the payment is an EIP-3009 authorization', () => {
    it('takes it from its signer, whoever submits, with 65 or 64 bytes', async () => {
      await pays(pay(dollars(), byAuthorization(id(dollars())), stranger))
      await prepared.restore()
      await pays(pay(dollars(), byAuthorization(id(dollars()), {}, compact), stranger))
    })

    it('takes it from contract wallets', async () => {
      const wallet = await ethers.deployContract('RotatingWallet', [payer.address])
      await usdc.mint(wallet, 1_000n)
      const of = dollars({ payer: await wallet.getAddress() })
      // A byte more than plain ECDSA, which the wallet ignores no less than it would refuse a wrong one.
      const payment = byAuthorization(id(of), { from: of.payer })
      await expect(pay(of, payment, stranger)).to.be.revertedWithCustomError(usdc, 'ERC3009InvalidSignature')
      const agreeable = await agreeableWallet(world)
      await usdc.mint(agreeable, 1_000n)
      const other = dollars({ payer: await agreeable.getAddress() })
      const answered = concat(['0x02', other.payer, word(1n), word(never), ZeroHash, '0x5a'])
      await expect(pay(other, answered, stranger)).to.changeTokenBalance(ethers, usdc, escrow, 1_000n)
    })

    it('allows several for one purpose, by their salts', async () => {
      await pay(dollars(), byAuthorization(id(dollars()), { salt: saltOf(1) }))
      expect(await usdc.authorizationState(payer, authorizationNonce(id(dollars()), saltOf(1)))).to.equal(
        true,
      )
      expect(await usdc.authorizationState(payer, authorizationNonce(id(dollars()), ZeroHash))).to.equal(
        false,
      )
    })

    it('reverts for another order or another amount than was signed (E3, E11)', async () => {
      for (const payment of [
        byAuthorization(id(dollars({ salt: saltOf(1) }))),
        byAuthorization(id(dollars()), { value: 999n }),
      ]) {
        await expect(pay(dollars(), payment)).to.be.revertedWithCustomError(usdc, 'ERC3009InvalidSignature')
      }
    })

    it('reverts when it names somebody else than the payer (E9)', async () => {
      const payment = byAuthorization(id(dollars()), { from: receiver.address, key: receiverKey })
      await refused(
        pay(dollars(), payment),
        'PaymentNotFromPayer',
        id(dollars()),
        receiver.address,
        payer.address,
      )
    })

    it('pays a refund only when it was signed for one', async () => {
      const of = dollars()
      await pay(of, byPermit())
      await world.capture(of, 500n)
      const signed = { value: 200n, from: receiver.address, key: receiverKey }
      const refund = (payment: string) => escrow.connect(world.operator).refund(of, 200n, payment)
      await expect(refund(byAuthorization(id(of), signed))).to.be.revertedWithCustomError(
        usdc,
        'ERC3009InvalidSignature',
      )
      await expect(refund(byAuthorization(refundPurpose(id(of)), signed))).to.changeTokenBalances(
        ethers,
        usdc,
        [receiver, payer],
        [-200n, 200n],
      )
      expect(await world.time.latest()).to.be.lessThan(Number(refundDeadline))
    })
  })

  describe('when the payment is a Permit2 transfer (against a double of Permit2)', () => {
    it('takes it from its signer, whoever submits', async () => {
      await pays(pay(order(), byPermit2(id(order())), stranger), world.token)
    })

    it('reverts for another order or another amount than was signed (E3, E11)', async () => {
      for (const payment of [
        byPermit2(id(order({ salt: saltOf(1) }))),
        byPermit2(id(order()), { amount: 999n }),
      ]) {
        await expect(pay(order(), payment)).to.be.revertedWithCustomError(permit2, 'InvalidSigner')
      }
    })

    it('takes it from contract wallets, however short what they take for a signature', async () => {
      const wallet = await agreeableWallet(world)
      await world.token.mint(wallet, 1_000n)
      const allowance = world.token.interface.encodeFunctionData('approve', [permit2Address, 1_000n])
      await wallet.relay(world.token, 0n, allowance)
      const of = order({ payer: await wallet.getAddress() })
      const payment = concat(['0x03', of.payer, word(1n), word(never), '0x5a'])
      await expect(pay(of, payment, stranger)).to.changeTokenBalance(ethers, world.token, escrow, 1_000n)
    })

    it('reverts when its nonce was used', async () => {
      await pay(order(), byPermit2(id(order())))
      const other = order({ salt: saltOf(1) })
      await expect(pay(other, byPermit2(id(other)))).to.be.revertedWithCustomError(permit2, 'InvalidNonce')
    })

    it('reverts when it names somebody else than the payer (E9)', async () => {
      const payment = byPermit2(id(order()), { from: receiver.address, key: receiverKey })
      await refused(
        pay(order(), payment),
        'PaymentNotFromPayer',
        id(order()),
        receiver.address,
        payer.address,
      )
    })
  })

  describe('when the payment cannot be read', () => {
    it('reverts with UnknownPayment for another way, or too few bytes for its way', async () => {
      const ways: [string, number][] = [
        ['0x00', 200],
        ['0x04', 200],
        ['0x01', 33],
        ['0x02', 117],
        ['0x03', 85],
      ]
      for (const [way, length] of ways) {
        const payment = concat([way, payer.address, new Uint8Array(length - 21)])
        await refused(pay(dollars(), payment), 'UnknownPayment', usdc.target, payment)
      }
      await refused(pay(dollars(), '0x02'), 'UnknownPayment', usdc.target, '0x02')
      // Who pays is read, whoever submits, though nothing follows the name.
      const named = concat(['0x02', payer.address])
      await refused(pay(dollars(), named, stranger), 'UnknownPayment', usdc.target, named)
    })

    it('reverts with UnknownPayment for the native coin', async () => {
      const of = order({ token: ZeroAddress })
      const payment = byPermit2(id(of))
      await refused(pay(of, payment), 'UnknownPayment', ZeroAddress, payment)
    })
  })

  describe('when value comes with a signature', () => {
    it('reverts with WrongNativeValue', async () => {
      await refused(pay(dollars(), byPermit(), payer, 1n), 'WrongNativeValue', 1n, 0n)
    })
  })
})
