import { expect } from 'chai'
import { encodeErrorResult, type AbiParameter, type Hex } from 'viem'
import { streamChannelsAbi } from '../../../sdk/dist/abi/streamChannels.js'
import { formatTokenAmount } from '../../../sdk/dist/chain/format.js'
import { channelErrors, revertToSluiceError } from '../../../sdk/dist/channel/revertErrors.js'
import { toSluiceError } from '../../../sdk/dist/channel/toSluiceError.js'
import { revertDataOf } from '../../../sdk/dist/chain/walletErrors.js'
import { SluiceError } from '../../../sdk/dist/errors.js'

const contractErrors = streamChannelsAbi.filter((item) => item.type === 'error')

/** Some value for a parameter of an error, and how it is written. */
function sample({ type }: AbiParameter, index: number): { readonly value: unknown; readonly text: string } {
  if (type === 'address') return { value: `0x${'0'.repeat(39)}${String(index + 1)}`, text: String(index + 1) }
  if (type === 'bytes32') return { value: `0x${'c'.repeat(64)}`, text: `0x${'c'.repeat(64)}` }
  if (type === 'string') return { value: 'words', text: 'words' }
  return type === 'uint32' ? { value: 900 + index, text: String(900 + index) } : { value: 77n, text: '77' }
}

describe('sdk errors: every error of the contract has a meaning', () => {
  it('the table is complete and has nothing that the contract does not have', () => {
    expect(contractErrors.length).to.be.at.least(25)
    expect(Object.keys(channelErrors).sort()).to.deep.equal(contractErrors.map(({ name }) => name).sort())
  })

  for (const { name, inputs } of contractErrors) {
    it(`${name} becomes a SluiceError with all its numbers`, () => {
      const parameters: readonly AbiParameter[] = inputs
      const samples = parameters.map(sample)
      const abi = [{ type: 'error', name, inputs: parameters }]
      const data = encodeErrorResult({ abi, errorName: name, args: samples.map(({ value }) => value) })
      const error = revertToSluiceError(data)
      expect(error).to.be.instanceOf(SluiceError)
      expect(error.code).to.equal(channelErrors[name].code)
      expect(error.message).to.equal(channelErrors[name].message)
      expect(error.details).to.match(new RegExp(`^${name}\\(`))
      for (const [index, { text }] of samples.entries()) {
        expect(error.details).to.contain(`${String(parameters[index]?.name)}: `)
        expect(error.details).to.contain(text)
      }
    })
  }

  const byCode: readonly (readonly [errorName: (typeof contractErrors)[number]['name'], code: string])[] = [
    ['AmountExceedsDeposit', 'amount-exceeds-deposit'],
    ['AmountExceedsRate', 'amount-exceeds-rate'],
    ['ChannelAlreadyClosed', 'channel-closed'],
    ['ChannelNotOpen', 'channel-not-open'],
    ['ClosePending', 'close-pending'],
    ['CloseNotRequested', 'close-not-requested'],
    ['GraceNotOver', 'grace-not-over'],
    ['InvalidVoucher', 'invalid-signature'],
    ['AmountNotReceived', 'wrong-token'],
    ['BalanceUnreadable', 'wrong-token'],
  ]
  for (const [errorName, code] of byCode) {
    it(`${errorName} is ${code}`, () => {
      expect(channelErrors[errorName].code).to.equal(code)
    })
  }

  const text = (reason: string): Hex =>
    encodeErrorResult({
      abi: [{ type: 'error', name: 'Error', inputs: [{ name: 'reason', type: 'string' }] }],
      errorName: 'Error',
      args: [reason],
    })
  for (const [reason, code] of [
    ['FiatTokenV2: authorization is expired', 'permit-expired'],
    ['ERC20: transfer amount exceeds balance', 'insufficient-token'],
    ['ERC20: transfer amount exceeds allowance', 'transaction-reverted'],
    ['FiatTokenV2: invalid signature', 'invalid-signature'],
    ['Blacklistable: account is blacklisted', 'transaction-reverted'],
  ] as const) {
    it(`a token that says "${reason}" means ${code}`, () => {
      const error = revertToSluiceError(text(reason))
      expect(error.code).to.equal(code)
      expect(error.details).to.contain(reason)
    })
  }

  it('an expired permit of OpenZeppelin, EIP-3009 or Permit2 is permit-expired', () => {
    const uint = (name: string) => ({ name, type: 'uint256' })
    for (const [name, inputs] of [
      ['ERC2612ExpiredSignature', [uint('deadline')]],
      ['ERC3009InvalidAuthorizationTime', [uint('validAfter'), uint('validBefore')]],
      ['SignatureExpired', [uint('signatureDeadline')]],
    ] as const) {
      const parameters: readonly AbiParameter[] = inputs
      const abi = [{ type: 'error', name, inputs: parameters }]
      const data = encodeErrorResult({ abi, errorName: name, args: inputs.map(() => 5n) })
      expect(revertToSluiceError(data).code, name).to.equal('permit-expired')
    }
  })

  for (const data of ['0x', '0xdeadbeef', '0x08c379a0'] as const) {
    it(`revert data ${data} that says nothing is still a revert`, () => {
      const error = revertToSluiceError(data)
      expect(error.code).to.equal('transaction-reverted')
      expect(error.details).to.contain(data)
    })
  }
})

describe('sdk errors: what wallets and nodes throw', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name })
  const cases: readonly (readonly [title: string, thrown: unknown, code: string, action: string])[] = [
    ['EIP-1193 4001', { code: 4001, message: 'no' }, 'wallet-rejected', 'retry'],
    ['WalletConnect 5000', { code: 5000, message: 'no' }, 'wallet-rejected', 'retry'],
    ['ethers ACTION_REJECTED', { code: 'ACTION_REJECTED', message: 'no' }, 'wallet-rejected', 'retry'],
    ['-32603 in words', { code: -32603, message: 'User denied transaction' }, 'wallet-rejected', 'retry'],
    ['-32002', { code: -32002, message: 'already pending' }, 'wallet-pending', 'wait'],
    ['4100', { code: 4100, message: 'unauthorized' }, 'wallet-disconnected', 'reconnect-wallet'],
    ['4900', { code: 4900, message: 'disconnected' }, 'wallet-disconnected', 'reconnect-wallet'],
    ['no account', named('AccountNotFoundError', 'none'), 'wallet-disconnected', 'reconnect-wallet'],
    ['4901', { code: 4901, message: 'chain' }, 'wrong-chain', 'switch-chain'],
    ['4902', { code: 4902, message: 'unknown chain' }, 'wrong-chain', 'switch-chain'],
    ['a chain mismatch', named('ChainMismatchError', 'chain'), 'wrong-chain', 'switch-chain'],
    ['insufficient funds in words', new Error('insufficient funds for gas'), 'insufficient-gas', 'add-funds'],
    [
      'ethers INSUFFICIENT_FUNDS',
      { code: 'INSUFFICIENT_FUNDS', message: '' },
      'insufficient-gas',
      'add-funds',
    ],
    ['an HTTP failure', named('HttpRequestError', '503'), 'rpc-unreachable', 'retry'],
    ['a timeout', named('TimeoutError', 'slow'), 'rpc-unreachable', 'retry'],
    ['fetch failed', new TypeError('fetch failed'), 'rpc-unreachable', 'retry'],
    ['a request limit', { code: -32005, message: 'limit' }, 'rpc-unreachable', 'retry'],
    ['a revert without data', new Error('execution reverted'), 'transaction-reverted', 'none'],
    ['nonsense', 'what?', 'internal', 'none'],
    ['nothing', undefined, 'internal', 'none'],
  ]
  for (const [title, thrown, code, action] of cases) {
    it(`${title} is ${code}`, async () => {
      const error = await toSluiceError(thrown)
      expect(error).to.include({ code, action })
      const wrapped = await toSluiceError(new Error('outer', { cause: thrown }))
      expect(wrapped.code).to.equal(code)
    })
  }

  it('keeps what was thrown as the cause that can be walked', async () => {
    const inner = { code: 4001, message: 'no' }
    const outer = new Error('outer', { cause: inner })
    const error = await toSluiceError(outer)
    expect(error.cause).to.equal(outer)
    expect(error.walk((each) => each === inner)).to.equal(inner)
    expect(error.details).to.contain('4001 no')
  })

  it('names the chain where it is known, and leaves a SluiceError as it is', async () => {
    const error = await toSluiceError({ code: 4902 }, { chainName: 'Base' })
    expect(error.message).to.equal('This stream is paid on Base.')
    expect(await toSluiceError(error)).to.equal(error)
  })

  it('finds revert data where nodes, MetaMask and ethers hide it', async () => {
    const data = encodeErrorResult({ abi: streamChannelsAbi, errorName: 'PayeeIsZero' })
    const places: readonly unknown[] = [
      { data },
      { data: { data } },
      { data: { originalError: { data } } },
      { error: { data } },
      { info: { error: { data } } },
      { cause: { cause: { data } } },
      { raw: data },
    ]
    for (const place of places) expect(revertDataOf(place), JSON.stringify(place)).to.equal(data)
    expect(revertDataOf({ data: '0x' })).to.equal(undefined)
    expect((await toSluiceError({ code: 3, data })).details).to.equal('PayeeIsZero()')
  })

  it('survives an error that is its own cause', async () => {
    const loop: { cause?: unknown; message: string } = { message: 'round' }
    loop.cause = loop
    expect((await toSluiceError(loop)).code).to.equal('internal')
  })
})

describe('sdk amounts for people', () => {
  for (const [amount, decimals, rounding, text] of [
    [3_200_000n, 6, 'down', '3.20 X'],
    [5_000_000n, 6, 'up', '5.00 X'],
    [5_123_456n, 6, 'down', '5.123456 X'],
    [0n, 6, 'down', '0.00 X'],
    [1n, 18, 'down', '0.00 X'],
    [1n, 18, 'up', '0.000001 X'],
    [999_999_999_999_999_999n, 18, 'down', '0.999999 X'],
    [999_999_999_999_999_999n, 18, 'up', '1.00 X'],
    [7n, 0, 'down', '7 X'],
    [15n, 1, 'down', '1.5 X'],
  ] as const) {
    it(`${String(amount)} with ${String(decimals)} decimals, rounded ${rounding}, is ${text}`, () => {
      expect(formatTokenAmount(amount, { symbol: 'X', decimals }, rounding)).to.equal(text)
    })
  }
})
