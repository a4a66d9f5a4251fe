import { network } from 'hardhat'
import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  encodeFunctionData,
  parseAbi,
  type Address,
  type Chain,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createTestWallet, type ChainProvider, type Mood } from '../support/wallet.js'

/** Tokens are written to with this much of their ABI. */
export const tokenAbi = parseAbi([
  'function mint(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function balanceOf(address account) view returns (uint256)',
  'function allowance(address owner, address spender) view returns (uint256)',
])

export const permit2Address: Address = '0x000000000022D473030F116dDEE9F6B43aC78BA3'

const ether = 10n ** 18n

/**
 * One chain in this process with one of the contracts; every test makes what it needs on it.
 *
 * @param contractName such as `Escrow`
 */
export async function createChainWorld(contractName: string) {
  const connection = await network.create({ override: { initialDate: '2027-01-01T00:00:00Z' } })
  const { ethers, networkHelpers } = connection
  const provider = connection.provider as unknown as ChainProvider
  const chain: Chain = defineChain({
    id: Number((await ethers.provider.getNetwork()).chainId),
    name: 'Testland',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const transport = custom(provider, { retryCount: 0 })
  const reader = createPublicClient({ chain, transport, pollingInterval: 5, cacheTime: 0 })

  const deploy = async (name: string): Promise<Address> =>
    (await (await ethers.deployContract(name)).getAddress()) as Address
  const contract = await deploy(contractName)

  /** Somebody with a key, coins and a wallet in a browser. */
  const person = async (options: { readonly coins?: bigint; readonly mood?: Partial<Mood> } = {}) => {
    const privateKey = generatePrivateKey()
    const account = privateKeyToAccount(privateKey)
    const { address } = account
    await networkHelpers.setBalance(address, options.coins ?? 100n * ether)
    const browser = createTestWallet(provider, privateKey, options.mood)
    const wallet = createWalletClient({
      account: address,
      chain,
      transport: custom(browser, { retryCount: 0 }),
      pollingInterval: 5,
    })
    const local = createWalletClient({ account, chain, transport, pollingInterval: 5 })
    return {
      address,
      account,
      privateKey,
      browser,
      prompts: browser.prompts,
      mood: browser.mood,
      wallet,
      local,
    }
  }
  const banker = await person()

  /** A call of a token by somebody, mined at once. */
  const callToken = async (
    by: { readonly local: typeof banker.local },
    token: Address,
    functionName: 'mint' | 'approve',
    args: readonly [Address, bigint],
  ) => {
    await by.local.sendTransaction({
      to: token,
      data: encodeFunctionData({ abi: tokenAbi, functionName, args }),
    })
  }
  const mint = (token: Address, to: Address, amount: bigint) => callToken(banker, token, 'mint', [to, amount])
  const balanceOf = (token: Address, account: Address) =>
    reader.readContract({ address: token, abi: tokenAbi, functionName: 'balanceOf', args: [account] })
  const allowanceOf = (token: Address, owner: Address, spender: Address) =>
    reader.readContract({ address: token, abi: tokenAbi, functionName: 'allowance', args: [owner, spender] })

  /** Permit2's double at the canonical address. */
  const installPermit2 = async () => {
    const code = await reader.getCode({ address: await deploy('Permit2Double') })
    await provider.request({ method: 'hardhat_setCode', params: [permit2Address, code] })
  }

  return {
    provider,
    chain,
    reader,
    contract,
    banker,
    networkHelpers,
    deploy,
    person,
    mint,
    callToken,
    balanceOf,
    allowanceOf,
    installPermit2,
    stop: () => connection.close(),
  }
}

export type ChainWorld = Awaited<ReturnType<typeof createChainWorld>>
export type Person = Awaited<ReturnType<ChainWorld['person']>>

/** The error that a promise rejects with; fails when it does not. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome) return outcome.error
  throw new Error(
    `expected a failure, got ${JSON.stringify(outcome.value, (_, each: unknown) => String(each))}`,
  )
}
