import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { saltOf } from '../support/terms.js'
import { createEscrowWorld } from './support/world.js'
import type { Order } from './support/order.js'

const world = await createEscrowWorld()
const { ethers, escrow, address, receiver, feeRecipient, stranger, order, authorize, capture, state } = world
const { interface: coder } = escrow
const guarded = ethers.id('ReentrancyGuardReentrantCall()').slice(0, 10)

/** Every way back in. */
const reentries = (of: Order): [string, string][] => [
  ['authorize', coder.encodeFunctionData('authorize', [{ ...of, salt: saltOf(9) }, 1n, '0x'])],
  ['capture', coder.encodeFunctionData('capture', [of, 1n, of.minFeeBps])],
  ['charge', coder.encodeFunctionData('charge', [{ ...of, salt: saltOf(9) }, 1n, of.minFeeBps, '0x'])],
  ['release', coder.encodeFunctionData('release', [of])],
  ['releaseMilestone', coder.encodeFunctionData('releaseMilestone', [of, 0n])],
  ['refund', coder.encodeFunctionData('refund', [of, 1n, '0x'])],
  ['void', coder.encodeFunctionData('void', [of])],
  ['reclaim', coder.encodeFunctionData('reclaim', [of])],
  ['dispute', coder.encodeFunctionData('dispute', [of])],
  ['rule', coder.encodeFunctionData('rule', [of, 1n, 0n])],
  ['resolveByTimeout', coder.encodeFunctionData('resolveByTimeout', [of])],
  ['settle', coder.encodeFunctionData('settle', [of, 1n, 0n, 0n, '0x', '0x'])],
  ['withdrawOwed', coder.encodeFunctionData('withdrawOwed', [of.token, stranger.address])],
]

describe('re-entrancy of orders', () => {
  beforeEach(world.reset)

  it('covers every function that changes anything', () => {
    const changing = coder.fragments
      .filter((each) => each.type === 'function' && !each.format('full').includes(' view '))
      .map((each) => each.format('full').replace(/^function (\w+).*$/, '$1'))
    expect(reentries(order()).map(([name]) => name)).to.include.members(
      changing.filter((name) => name !== 'multicall'),
    )
  })

  it('a token that calls back while it is paid in or out gets into no function (E1)', async () => {
    const evil = await world.stocked(await ethers.deployContract('CallbackToken'))
    const token = await evil.getAddress()
    for (const [index, [name]] of reentries(order()).entries()) {
      for (const before of [true, false]) {
        const of = order({
          token,
          salt: saltOf(100 + 2 * index + Number(before)),
        })
        const data = reentries(of)[index]?.[1] ?? ''
        await evil.setCallback(escrow, data, before)
        await authorize(of)
        expect(await evil.lastReturned(), name).to.equal(guarded)
        await capture(of, 100n)
        expect(await evil.lastReturned(), name).to.equal(guarded)
        expect(await state(of)).to.include({ authorized: 900n, released: 100n })
      }
    }
  })

  it('a receiver that calls back while it is paid gets into no function, and is paid once (E7)', async () => {
    const wallet = await ethers.deployContract('HostileWallet')
    for (const [index, [name]] of reentries(order()).entries()) {
      const of = order({ token: ZeroAddress, receiver: await wallet.getAddress(), salt: saltOf(200 + index) })
      await authorize(of)
      await wallet.setCallback(escrow, reentries(of)[index]?.[1] ?? '')
      await expect(capture(of, 500n)).to.changeEtherBalances(
        ethers,
        [wallet, feeRecipient, receiver, address],
        [495n, 5n, 0n, -500n],
      )
      expect(await wallet.lastReturned(), name).to.equal(guarded)
    }
  })
})
