import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import {
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  erc20Abi,
  getContractAddress,
  http,
  parseAbi,
  type Address,
  type Hex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { base, createWorld, only, richKey, type World } from './world.js'

const mintAbi = parseAbi(['function mint(address to, uint256 amount)'])

describe('the command with a token like USDC', function () {
  this.timeout(60_000)
  let world: World
  let token: Address

  before(async () => {
    world = await createWorld()
    token = await deployToken()
  })

  after(() => world.stop())

  async function deployToken(): Promise<Address> {
    const path = new URL(
      '../../../artifacts/contracts/mocks/UsdcLikeToken.sol/UsdcLikeToken.json',
      import.meta.url,
    )
    const { bytecode } = JSON.parse(await readFile(path, 'utf8')) as { bytecode: Hex }
    const { account, client, send } = rich()
    const nonce = await client.getTransactionCount({ address: account.address })
    await send({ data: bytecode })
    return getContractAddress({ from: account.address, nonce: BigInt(nonce) })
  }

  function rich() {
    const transport = http(world.node.url)
    const account = privateKeyToAccount(richKey)
    const client = createPublicClient({ chain: hardhat, transport, pollingInterval: 50 })
    const wallet = createWalletClient({ account, chain: hardhat, transport })
    const send = async (call: { readonly to?: Address; readonly data: Hex }): Promise<void> => {
      await client.waitForTransactionReceipt({ hash: await wallet.sendTransaction(call) })
    }
    return { account, client, send }
  }

  it('reads symbol and decimals from the chain and pays exactly, to the base unit', async () => {
    const init = await world.sluiceJson([
      ...['init', '--force', '--rpc', world.node.url, '--token', token],
      ...['--price', '0.12/min', '--payee', world.payee],
    ])
    expect(init.code).to.equal(0)
    const config = JSON.parse(await readFile(join(world.folder, 'sluice.json'), 'utf8')) as Record<
      string,
      unknown
    >
    expect(config['token']).to.deep.equal({ address: token.toLowerCase(), symbol: 'USDC', decimals: 6 })

    const payer = await world.payer(10n ** 18n)
    const { client, send } = rich()
    await send({ to: token, data: encodeFunctionData({ abi: mintAbi, args: [payer.address, 5_000_000n] }) })
    const { url } = await world.serve()
    const watching = world.start(
      ['watch', url, '--budget', '5', '--for', '2', '--tip', '0.50:gg!'],
      payer.env,
    )
    const { code, stderr } = await watching.ended
    expect(code, stderr).to.equal(0)
    expect(only(watching.events, 'offer')).to.deep.include({ price: '0.12 USDC/min', seconds: 2500 })

    const balance = (account: Address) =>
      client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [account] })
    const stopped = only(watching.events, 'stopped')
    const captured = base(stopped['captured'])
    expect(captured > 500_000n).to.equal(true)
    expect(await balance(world.payee)).to.equal(captured)
    expect(await balance(payer.address)).to.equal(5_000_000n - captured)
    expect(stopped['refunded']).to.deep.include({ base: String(5_000_000n - captured), symbol: 'USDC' })
  })
})
