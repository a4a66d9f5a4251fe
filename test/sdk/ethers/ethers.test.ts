import { expect } from 'chai'
import { BrowserProvider, FallbackProvider, JsonRpcProvider, Wallet } from 'ethers'
import { network } from 'hardhat'
import {
  createPublicClient,
  createWalletClient,
  http,
  verifyTypedData,
  zeroAddress,
  type Address,
  type Hex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { claim } from '../../../sdk/dist/channel/claim.js'
import { close } from '../../../sdk/dist/channel/close.js'
import { createChannel } from '../../../sdk/dist/channel/createChannel.js'
import { deposit } from '../../../sdk/dist/channel/deposit.js'
import { planDeposit } from '../../../sdk/dist/channel/planDeposit.js'
import { requestClose } from '../../../sdk/dist/channel/requestClose.js'
import { voucherSignerFromAccount } from '../../../sdk/dist/crypto/account.js'
import { ethersAccount, fromEthersSigner } from '../../../sdk/dist/ethers/index.js'
import { streamChannelsDomain } from '../../../sdk/dist/domains.js'
import { voucherTypes } from '../../../sdk/dist/typedData.js'
import { startNode, type Node } from '../../support/node.js'
import { createTestWallet } from '../../support/wallet.js'
import { failure, tokenAbi } from '../channel/world.js'

// The first two of Hardhat's well-known accounts.
const payerKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const payeeKey = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

describe('sdk ethers: a signer of ethers v6 in place of an account', () => {
  let node: Node
  let rpc: JsonRpcProvider
  let contract: Address
  let usdc: Address
  const chainId = 31337

  const chain = () => ({
    id: chainId,
    name: 'Local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [node.url] } },
  })
  const transport = () => http(node.url)
  const payer = privateKeyToAccount(payerKey)
  const payee = privateKeyToAccount(payeeKey)

  before(async () => {
    node = await startNode()
    rpc = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 })
    const connection = await network.create()
    const bytecodeOf = async (name: string) =>
      (await connection.ethers.getContractFactory(name)).bytecode as Hex
    const codes = [await bytecodeOf('StreamChannels'), await bytecodeOf('UsdcLikeToken')]
    await connection.close()
    const deployer = createWalletClient({ account: payee, chain: chain(), transport: transport() })
    const reader = createPublicClient({ chain: chain(), transport: transport() })
    const addresses: Address[] = []
    for (const bytecode of codes) {
      const hash = await deployer.deployContract({ abi: [], bytecode })
      const { contractAddress } = await reader.waitForTransactionReceipt({ hash })
      if (contractAddress) addresses.push(contractAddress)
    }
    const [first = zeroAddress, second = zeroAddress] = addresses
    contract = first
    usdc = second
    await deployer.writeContract({
      address: usdc,
      abi: tokenAbi,
      functionName: 'mint',
      args: [payer.address, 10n ** 12n],
    })
  })
  after(async () => {
    rpc.destroy()
    await node.stop()
  })

  const terms = (token: Address) =>
    createChannel({ payer: payer.address, payee: payee.address, token, signer: payer.address })

  it('deposits, signs vouchers, and is closed by a payee that is an ethers signer too', async () => {
    const wallet = await fromEthersSigner(new Wallet(payerKey, rpc))
    expect(wallet.account.address).to.equal(payer.address)
    expect(wallet.chain.id).to.equal(chainId)
    const channel = terms(usdc)
    // ethers signs the EIP-3009 authorization as well as the transaction.
    expect((await planDeposit(wallet, { contract, channel, amount: 500n })).method).to.equal('authorization')
    const { channelId, deposited } = await deposit(wallet, { contract, channel, amount: 500n })
    expect(deposited).to.equal(500n)

    const account = await ethersAccount(new Wallet(payerKey))
    const signer = voucherSignerFromAccount(account, { chainId, contract })
    const voucherSignature = await signer.signVoucher(channelId, 200n)
    const valid = await verifyTypedData({
      address: payer.address,
      domain: streamChannelsDomain({ chainId, contract }),
      types: voucherTypes,
      primaryType: 'Voucher',
      message: { channelId, cumulativeAmount: 200n },
      signature: voucherSignature,
    })
    expect(valid).to.equal(true)

    const settling = await fromEthersSigner(new Wallet(payeeKey, rpc))
    const voucher = { cumulativeAmount: 200n, signature: voucherSignature }
    const { transactions } = await claim(settling, { contract, claims: [{ channel, voucher }] })
    expect(transactions[0]?.paid).to.equal(200n)
    const ended = await close(settling, { contract, channel, cumulativeAmount: 0n, capturedAmount: 0n })
    expect(ended).to.include({ captured: 200n, refunded: 300n })
  })

  it('signs transactions, typed data and messages exactly as viem does', async () => {
    const account = await ethersAccount(new Wallet(payerKey))
    expect(account.address).to.equal(payer.address)
    for (const message of ['grüezi', { raw: '0xdeadbeef' }, { raw: Uint8Array.of(1, 2, 3) }] as const) {
      expect(await account.signMessage({ message })).to.equal(await payer.signMessage({ message }))
    }
    const definition = {
      domain: streamChannelsDomain({ chainId, contract }),
      types: voucherTypes,
      primaryType: 'Voucher',
      message: { channelId: `0x${'12'.repeat(32)}`, cumulativeAmount: 5n },
    } as const
    expect(await account.signTypedData(definition)).to.equal(await payer.signTypedData(definition))
    const transaction = {
      type: 'eip1559',
      chainId,
      nonce: 3,
      to: contract,
      value: 7n,
      data: '0x1234',
      gas: 50_000n,
      maxFeePerGas: 9n,
      maxPriorityFeePerGas: 1n,
    } as const
    expect(await account.signTransaction(transaction)).to.equal(await payer.signTransaction(transaction))
  })

  it('is an account of an ordinary viem client, which then knows the hash before it sends', async () => {
    const account = await ethersAccount(new Wallet(payerKey))
    const wallet = createWalletClient({ account, chain: chain(), transport: transport() })
    const hashes: string[] = []
    const { hash } = await deposit(wallet, {
      contract,
      channel: terms(zeroAddress),
      amount: 5n,
      onSubmitted: (submitted) => {
        if (submitted.kind === 'transaction') hashes.push(submitted.hash)
      },
    })
    expect(hashes).to.deep.equal([hash])
  })

  it('works with the signer of a browser wallet, whose refusal means what it does everywhere', async () => {
    const chainProvider = {
      request: async ({ method, params }: { readonly method: string; readonly params?: unknown }) =>
        (await rpc.send(method, (params ?? []) as unknown[])) as unknown,
    }
    const browser = createTestWallet(chainProvider, payerKey)
    const provider = new BrowserProvider(browser)
    try {
      const wallet = await fromEthersSigner(await provider.getSigner(), { chain: chain() })
      const channel = terms(usdc)
      expect((await deposit(wallet, { contract, channel, amount: 5n })).deposited).to.equal(5n)
      expect(browser.prompts).to.deep.equal(['eth_signTypedData_v4', 'eth_sendTransaction'])
      browser.prompts.length = 0
      browser.mood.refusal = { code: 4001, message: 'User rejected the request.' }
      for (const attempt of [
        () => requestClose(wallet, { contract, channel }),
        () => deposit(wallet, { contract, channel, amount: 5n }),
      ]) {
        const error = await failure(attempt())
        expect(error).to.include({ code: 'wallet-rejected', message: 'You cancelled. Nothing was charged.' })
      }
      expect(browser.prompts).to.deep.equal(['eth_sendTransaction', 'eth_signTypedData_v4'])
    } finally {
      provider.destroy()
    }
  })

  it('understands reverts that come through ethers', async () => {
    const wallet = await fromEthersSigner(new Wallet(payerKey, rpc))
    const channel = terms(zeroAddress)
    await deposit(wallet, { contract, channel, amount: 5n })
    const parameters = { contract, channel, cumulativeAmount: 5n, capturedAmount: 5n }
    const error = await failure(close(wallet, { ...parameters, voucherSignature: '0x' }))
    expect(error).to.include({ code: 'invalid-signature' })
    expect(error)
      .to.have.property('details')
      .that.matches(/InvalidClose\(channelId: 0x[0-9a-f]{64}, capturedAmount: 5\)/)
  })

  it('refuses a signer without a network, and one whose provider speaks no JSON-RPC', async () => {
    expect(await failure(fromEthersSigner(new Wallet(payerKey)))).to.include({ code: 'invalid-argument' })
    const fallback = new FallbackProvider([rpc])
    const error = await failure(fromEthersSigner(new Wallet(payerKey, fallback)))
    expect(error).to.include({ code: 'invalid-argument' })
  })
})
