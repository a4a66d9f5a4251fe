import { readFile } from 'node:fs/promises'
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
import { richKey, type World } from './world.js'

const mintAbi = parseAbi(['function mint(address to, uint256 amount)'])

/**
 * Puts a token like USDC onto a world's chain.
 *
 * @param world whose chain
 */
export async function deployUsdc(world: World) {
  const path = new URL(
    '../../../artifacts/contracts/mocks/UsdcLikeToken.sol/UsdcLikeToken.json',
    import.meta.url,
  )
  const { bytecode } = JSON.parse(await readFile(path, 'utf8')) as { bytecode: Hex }
  const transport = http(world.node.url)
  const account = privateKeyToAccount(richKey)
  const client = createPublicClient({ chain: hardhat, transport, pollingInterval: 50 })
  const wallet = createWalletClient({ account, chain: hardhat, transport })
  const send = async (call: { readonly to?: Address; readonly data: Hex }): Promise<void> => {
    await client.waitForTransactionReceipt({ hash: await wallet.sendTransaction(call) })
  }
  const nonce = await client.getTransactionCount({ address: account.address })
  await send({ data: bytecode })
  const token = getContractAddress({ from: account.address, nonce: BigInt(nonce) })
  return {
    token,
    mint: (to: Address, amount: bigint) =>
      send({
        to: token,
        data: encodeFunctionData({ abi: mintAbi, functionName: 'mint', args: [to, amount] }),
      }),
    balanceOf: (holder: Address) =>
      client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [holder] }),
  }
}
