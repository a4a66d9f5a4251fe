import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { saltOf } from './support/terms.js'
import { createWorld } from './support/world.js'

const world = await createWorld()
const { ethers, channels, token, payer, address, terms, id, fund, state } = world
const { interface: coder } = channels
const [first, second] = [terms(), terms({ salt: saltOf(2) })]
const native = terms({ token: ZeroAddress })

describe('multicall', () => {
  beforeEach(world.reset)

  describe('when several calls are given', () => {
    it('makes them all for the caller', async () => {
      const transaction = channels
        .connect(payer)
        .multicall([
          coder.encodeFunctionData('deposit', [first, 100n]),
          coder.encodeFunctionData('deposit', [second, 200n]),
          coder.encodeFunctionData('requestClose', [first]),
        ])
      await expect(transaction).to.changeTokenBalances(ethers, token, [payer, address], [-300n, 300n])
      expect((await state(first)).closeRequestedAt).not.to.equal(0)
      expect((await state(second)).deposited).to.equal(200n)
    })

    it('reverts them all with the reason of the first that fails', async () => {
      const calls = [
        coder.encodeFunctionData('deposit', [first, 100n]),
        coder.encodeFunctionData('deposit', [second, 0n]),
      ]
      await expect(channels.connect(payer).multicall(calls))
        .to.be.revertedWithCustomError(channels, 'DepositIsZero')
        .withArgs(id(second))
      expect((await state(first)).openedAt).to.equal(0)
    })
  })

  describe('when a call pays in the native coin', () => {
    it('reverts with WrongNativeValue, as no value can come with it', async () => {
      await fund(native, 500n)
      const call = coder.encodeFunctionData('deposit', [native, 100n])
      await expect(channels.connect(payer).multicall([call]))
        .to.be.revertedWithCustomError(channels, 'WrongNativeValue')
        .withArgs(0n, 100n)
    })
  })

  describe('when value is sent along', () => {
    it('reverts, not being payable', async () => {
      const call = coder.encodeFunctionData('deposit', [native, 100n])
      const data = coder.encodeFunctionData('multicall', [[call, call]])
      await expect(payer.sendTransaction({ to: address, data, value: 100n })).to.be.revertedWithoutReason(
        ethers,
      )
    })
  })
})
