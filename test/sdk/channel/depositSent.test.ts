import { expect } from 'chai'
import { createWalletClient, custom, encodeFunctionData, parseAbi, zeroAddress } from 'viem'
import { deposit } from '../../../sdk/dist/channel/deposit.js'
import { TransactionUnknownError } from '../../../sdk/dist/chain/transactionUnknown.js'
import { createWorld, failure, sluiceFailure, type World } from './world.js'

const five = 5_000_000n

describe('sdk deposit: what can go wrong after it was sent', () => {
  let world: World

  before(async () => {
    world = await createWorld()
  })
  after(() => world.stop())

  it('a receipt that does not come keeps the hash, and the person is not asked again', async () => {
    const person = await world.person()
    await world.provider.request({ method: 'evm_setAutomine', params: [false] })
    try {
      const error = await failure(
        deposit(person.wallet, {
          contract: world.contract,
          channel: world.terms(person.address, zeroAddress),
          amount: 1n,
          timeoutMs: 50,
        }),
      )
      if (!(error instanceof TransactionUnknownError)) throw error
      expect(error).to.include({ code: 'transaction-unknown', action: 'wait', retryable: false })
      expect(error.submitted?.kind).to.equal('transaction')
      expect(person.prompts).to.deep.equal(['eth_sendTransaction'])
      await world.provider.request({ method: 'evm_mine' })
      const hash = error.submitted?.kind === 'transaction' ? error.submitted.hash : '0x'
      expect((await world.reader.getTransactionReceipt({ hash })).status).to.equal('success')
    } finally {
      await world.provider.request({ method: 'evm_setAutomine', params: [true] })
    }
  })

  it('a connection that breaks while the transaction leaves is not taken for a failure', async () => {
    const person = await world.person()
    const breaking = {
      request: async (call: { readonly method: string; readonly params?: unknown }) => {
        const answer = await world.provider.request(call)
        if (call.method === 'eth_sendRawTransaction') throw new TypeError('fetch failed')
        return answer
      },
    }
    const wallet = createWalletClient({
      account: person.account,
      chain: world.chain,
      transport: custom(breaking, { retryCount: 0 }),
    })
    const channel = world.terms(person.address, zeroAddress)
    const error = await failure(deposit(wallet, { contract: world.contract, channel, amount: 1n }))
    if (!(error instanceof TransactionUnknownError)) throw error
    const hash = error.submitted?.kind === 'transaction' ? error.submitted.hash : '0x'
    expect((await world.reader.getTransactionReceipt({ hash })).status).to.equal('success')
  })

  it('a deposit that reverts on the chain after all tells why', async () => {
    const person = await world.person()
    const usdc = await world.deploy('UsdcLikeToken')
    await world.mint(usdc, person.address, five)
    const channel = world.terms(person.address, usdc)
    await world.callToken(person, usdc, 'approve', [world.contract, five])
    await world.provider.request({ method: 'evm_setAutomine', params: [false] })
    try {
      const pending = deposit(person.wallet, {
        contract: world.contract,
        channel,
        amount: five,
        onSubmitted: async () => {
          // In the same block and before it, the token bars the payer.
          await world.banker.local.sendTransaction({
            to: usdc,
            gas: 100_000n,
            maxPriorityFeePerGas: 10n ** 12n,
            maxFeePerGas: 10n ** 13n,
            data: encodeFunctionData({
              abi: parseAbi(['function setBlacklisted(address account, bool blacklisted)']),
              args: [person.address, true],
            }),
          })
          await world.provider.request({ method: 'evm_mine' })
        },
      })
      const error = await sluiceFailure(pending)
      expect(error.code).to.equal('transaction-reverted')
      expect(error.message).to.equal('The transaction failed on the chain. Only the network fee was charged.')
      expect(error.details).to.match(/transaction 0x[0-9a-f]{64} reverted in block \d+/)
    } finally {
      await world.provider.request({ method: 'evm_setAutomine', params: [true] })
    }
  })

  it('a transaction that the person cancels in the wallet is a cancellation', async () => {
    const person = await world.person()
    const nonce = await world.reader.getTransactionCount({ address: person.address })
    const cancel = async () => {
      const fees = { maxPriorityFeePerGas: 10n ** 12n, maxFeePerGas: 10n ** 13n }
      await person.local.sendTransaction({ to: person.address, value: 0n, nonce, ...fees })
      await world.provider.request({ method: 'evm_mine' })
    }
    // viem looks for a replacement block by block: the person cancels once it has looked in vain and asks for the
    // next block.
    let stage: 'sent' | 'searched' | 'cancelled' = 'sent'
    const browser = {
      request: async (call: { readonly method: string; readonly params?: unknown }) => {
        if (call.method === 'eth_blockNumber' && stage === 'searched') {
          stage = 'cancelled'
          await cancel()
        }
        const answer = await person.browser.request(call)
        const [, withTransactions] = (call.params ?? []) as readonly unknown[]
        if (call.method === 'eth_getBlockByNumber' && withTransactions === true && stage === 'sent') {
          stage = 'searched'
        }
        return answer
      },
    }
    const wallet = createWalletClient({
      account: person.address,
      chain: world.chain,
      transport: custom(browser, { retryCount: 0 }),
      pollingInterval: 5,
    })
    await world.provider.request({ method: 'evm_setAutomine', params: [false] })
    try {
      const channel = world.terms(person.address, zeroAddress)
      const pending = deposit(wallet, { contract: world.contract, channel, amount: 1n })
      const error = await sluiceFailure(pending)
      expect(error).to.include({ code: 'wallet-rejected', message: 'You cancelled. Nothing was charged.' })
    } finally {
      await world.provider.request({ method: 'evm_setAutomine', params: [true] })
    }
  })
})
