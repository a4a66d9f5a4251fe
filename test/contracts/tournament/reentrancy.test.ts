import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { never } from '../support/funding.js'
import { saltOf } from '../support/terms.js'
import { createArena, noResult } from './support/arena.js'
import type { TournamentTerms } from './support/terms.js'

const arena = await createArena()
const { ethers, tournaments, host, stranger, players, address, terms, as, state } = arena
const { interface: coder } = tournaments
const guarded = ethers.id('ReentrancyGuardReentrantCall()').slice(0, 10)
const [alice, bob] = players as [(typeof players)[0], (typeof players)[0]]

/** Every way back in. */
const reentries = (of: TournamentTerms): [string, string][] => [
  ['create', coder.encodeFunctionData('create', [{ ...of, salt: saltOf(99) }, '0x'])],
  ['sponsor', coder.encodeFunctionData('sponsor', [of, 1n, '0x'])],
  ['join', coder.encodeFunctionData('join', [of, stranger.address, '0x'])],
  ['leave', coder.encodeFunctionData('leave', [of])],
  ['submitResult', coder.encodeFunctionData('submitResult', [of, noResult])],
  ['confirm', coder.encodeFunctionData('confirm', [of, [], []])],
  ['challenge', coder.encodeFunctionData('challenge', [of, '0x'])],
  ['rule', coder.encodeFunctionData('rule', [of, noResult])],
  ['annul', coder.encodeFunctionData('annul', [of])],
  ['finalize', coder.encodeFunctionData('finalize', [of])],
  ['payMany', coder.encodeFunctionData('payMany', [of, []])],
  ['claim', coder.encodeFunctionData('claim', [of, 1n, [], stranger.address])],
  ['cancel', coder.encodeFunctionData('cancel', [of])],
  ['refund', coder.encodeFunctionData('refund', [of, [alice.address]])],
  ['withdrawOwed', coder.encodeFunctionData('withdrawOwed', [of.token, stranger.address])],
]

describe('re-entrancy of tournaments', () => {
  beforeEach(arena.reset)

  it('a token that calls back while it is paid in gets into no function (T1, T10)', async () => {
    const evil = await ethers.deployContract('CallbackToken')
    const of = terms({ token: await evil.getAddress() })
    for (const person of [host, ...players]) {
      await evil.mint(person, 10_000n)
      await evil.connect(person).approve(tournaments, never)
    }
    await arena.create(of)
    for (const [name, data] of reentries(of)) {
      for (const before of [true, false]) {
        await evil.setCallback(tournaments, data, before)
        await arena.join(of, alice)
        expect(await evil.lastReturned(), name).to.equal(guarded)
        await as(alice).leave(of)
        expect(await evil.lastReturned(), name).to.equal(guarded)
      }
    }
    expect(await state(of)).to.include({ stage: 'Open', players: 0 })
    expect(await evil.balanceOf(address)).to.equal(of.bond)
  })

  it('a winner that calls back while it is paid gets into no function, and is paid once (T4)', async () => {
    const native = terms({ token: ZeroAddress, keeperReward: 0n })
    for (const [name, data] of reentries(native)) {
      await arena.reset()
      const wallet = await ethers.deployContract('HostileWallet')
      const own = await wallet.getAddress()
      await arena.create(native)
      await as(stranger).join(native, own, '0x', { value: 100n })
      await arena.join(native, bob)
      await arena.nextBlockAt(native.joinDeadline)
      const order = [own, bob.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
      const ranks = order.map((player) => (player === bob.address ? 2 : 1))
      const result = { ...noResult, players: order, ranks }
      await as(host).submitResult(native, result)
      await arena.nextBlockAt(native.joinDeadline + native.challengeWindow)
      await as(stranger).finalize(native)
      await wallet.setCallback(tournaments, data)
      const { prizes } = arena.treeFor(native, result)
      await expect(as(stranger).payMany(native, prizes)).to.changeEtherBalances(
        ethers,
        [wallet, bob, host],
        [126n, 54n, 20n],
      )
      expect(await wallet.lastReturned(), name).to.equal(guarded)
    }
  })
})
