import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { never } from '../support/funding.js'
import { accountKey } from '../support/ground.js'
import { day, saltOf, type Terms } from '../support/terms.js'
import { createWorld } from '../support/world.js'

const world = await createWorld()
const { ethers, channels, payer, payee, address, terms, fund, claim, item, state } = world
const { interface: coder } = channels
const payeeKey = accountKey(world, 1)
const guarded = ethers.id('ReentrancyGuardReentrantCall()').slice(0, 10)

/** Every way back in, each a call that would succeed on its own. */
function reentries(victim: Terms): [string, string][] {
  const voucher = world.signVoucher(victim, 200n)
  const consent = world.signClose(victim, 200n, payeeKey)
  const batch = [item(victim, 200n)]
  return [
    ['deposit', coder.encodeFunctionData('deposit', [victim, 1n])],
    ['depositWithPermit', coder.encodeFunctionData('depositWithPermit', [victim, 1n, never, '0x'])],
    [
      'depositWithAuthorization',
      coder.encodeFunctionData('depositWithAuthorization', [victim, 1n, 0n, never, saltOf(0), '0x']),
    ],
    ['depositWithPermit2', coder.encodeFunctionData('depositWithPermit2', [victim, 1n, 0n, never, '0x'])],
    ['claim', coder.encodeFunctionData('claim', [victim.payee, victim.operator, victim.token, batch])],
    ['close', coder.encodeFunctionData('close', [victim, 200n, 200n, voucher, consent])],
    ['requestClose', coder.encodeFunctionData('requestClose', [victim])],
    ['withdraw', coder.encodeFunctionData('withdraw', [victim])],
  ]
}

describe('attacks on the contract', () => {
  beforeEach(world.reset)

  describe('re-entrant token', () => {
    for (const before of [true, false]) {
      it(`gets into no function while it ${before ? 'sends' : 'receives'} (I1, I4)`, async () => {
        const evil = await world.stocked(await ethers.deployContract('CallbackToken'))
        const victim = terms({ token: await evil.getAddress(), salt: saltOf(1) })
        await fund(victim, 1_000n)
        await channels.connect(payer).requestClose(victim)
        await world.time.increase(day)
        const untouched = await state(victim)
        for (const [index, [name, data]] of reentries(victim).entries()) {
          const channel = { ...victim, salt: saltOf(100 + index) }
          await evil.setCallback(channels, data, before)
          const calls = await evil.calls()
          await fund(channel, 1_000n)
          expect(await evil.lastReturned(), `${name} from a deposit`).to.equal(guarded)
          await claim(channel, [item(channel, 100n)])
          expect(await evil.lastReturned(), `${name} from a claim`).to.equal(guarded)
          await channels.connect(payee).close(channel, 300n, 300n, world.signVoucher(channel, 300n), '0x')
          expect(await evil.lastReturned(), `${name} from a close`).to.equal(guarded)
          expect(await evil.calls()).to.equal(calls + 4n)
          expect(await evil.lastSucceeded()).to.equal(false)
        }
        expect(await state(victim)).to.deep.equal(untouched)
        await channels.withdraw(victim)
        expect(await evil.lastReturned()).to.equal(guarded)
        expect(await evil.balanceOf(address)).to.equal(0n)
      })
    }

    it('cannot have one payment counted for two channels', async () => {
      const evil = await world.stocked(await ethers.deployContract('CallbackToken'))
      const channel = terms({ token: await evil.getAddress() })
      const nested = { ...channel, salt: saltOf(2) }
      await evil.setCallback(channels, coder.encodeFunctionData('deposit', [nested, 500n]), true)
      await fund(channel, 500n)
      expect((await state(nested)).openedAt).to.equal(0)
      expect((await state(channel)).deposited).to.equal(await evil.balanceOf(address))
    })

    it('cannot come back in through multicall', async () => {
      const evil = await world.stocked(await ethers.deployContract('CallbackToken'))
      const channel = terms({ token: await evil.getAddress() })
      const inner = coder.encodeFunctionData('deposit', [{ ...channel, salt: saltOf(2) }, 1n])
      await evil.setCallback(channels, coder.encodeFunctionData('multicall', [[inner]]), false)
      await fund(channel, 500n)
      expect(await evil.lastSucceeded()).to.equal(false)
      expect(await evil.lastReturned()).to.equal(guarded)
    })
  })

  describe('re-entrant recipient', () => {
    it('gets into no function as the payee', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const native = terms({ token: ZeroAddress, payee: await wallet.getAddress() })
      await fund(native, 1_000n)
      await fund({ ...native, salt: saltOf(1) }, 1_000n)
      for (const [index, [name, data]] of reentries({ ...native, salt: saltOf(1) }).entries()) {
        await wallet.setCallback(channels, data)
        const amount = BigInt(index + 1)
        await expect(claim(native, [item(native, amount)])).to.changeEtherBalance(ethers, wallet, 1n)
        expect(await wallet.lastReturned(), name).to.equal(guarded)
      }
      expect(await state({ ...native, salt: saltOf(1) })).to.include({
        deposited: 1_000n,
        claimed: 0n,
        closed: false,
      })
    })

    it('gets into no function as the payer, by close or by withdraw', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const native = terms({ token: ZeroAddress, payer: await wallet.getAddress() })
      const victim = { ...native, salt: saltOf(1) }
      await fund(victim, 1_000n)
      for (const [index, [name, data]] of reentries(victim).entries()) {
        const closed = { ...native, salt: saltOf(100 + index) }
        const withdrawn = { ...native, salt: saltOf(200 + index) }
        await fund(closed, 10n)
        await fund(withdrawn, 10n)
        await wallet.setCallback(channels, data)
        await channels.connect(payee).close(closed, 0n, 0n, '0x', '0x')
        expect(await wallet.lastReturned(), `${name} from close`).to.equal(guarded)
        await wallet.relay(channels, 0n, coder.encodeFunctionData('requestClose', [withdrawn]))
        await world.time.increase(day)
        await channels.withdraw(withdrawn)
        expect(await wallet.lastReturned(), `${name} from withdraw`).to.equal(guarded)
      }
      expect(await ethers.provider.getBalance(address)).to.equal(1_000n)
    })

    it('cannot be paid twice by closing again while it is refunded', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const own = await wallet.getAddress()
      const native = terms({ token: ZeroAddress, payer: own, payee: own, operator: own, signer: own })
      await fund(native, 100n)
      await fund({ ...native, salt: saltOf(2) }, 900n)
      await wallet.setCallback(channels, coder.encodeFunctionData('close', [native, 50n, 50n, '0x', '0x']))
      await wallet.relay(channels, 0n, coder.encodeFunctionData('close', [native, 50n, 50n, '0x', '0x']))
      expect(await wallet.calls()).to.equal(2n)
      expect(await ethers.provider.getBalance(wallet)).to.equal(100n)
      expect(await ethers.provider.getBalance(address)).to.equal(900n)
    })
  })

  describe('re-entrant collector', () => {
    it('gets into no function from a signature check', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const channel = terms({ signer: await wallet.getAddress() })
      await fund(channel, 1_000n)
      for (const [index, [, data]] of reentries(channel).entries()) {
        await wallet.setCallback(channels, data)
        await claim(channel, [item(channel, BigInt(index + 1), '0x')])
      }
      expect((await state(channel)).claimed).to.equal(8n)
    })

    it('receives nothing as an operator that closes', async () => {
      const wallet = await ethers.deployContract('HostileWallet')
      const native = terms({ token: ZeroAddress, operator: await wallet.getAddress() })
      await fund(native, 1_000n)
      const close = coder.encodeFunctionData('close', [
        native,
        300n,
        300n,
        world.signVoucher(native, 300n),
        '0x',
      ])
      await wallet.setCallback(channels, close)
      await expect(wallet.relay(channels, 0n, close)).to.changeEtherBalances(
        ethers,
        [wallet, payee, payer],
        [0n, 300n, 700n],
      )
    })
  })
})
