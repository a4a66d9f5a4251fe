import { SluiceError, streamChannelsAddress } from '@sluice/sdk'
import { type Address, BaseError, type Hex, parseAbi, type PublicClient } from 'viem'
import { isLocalChain, isPublicTestAccount } from './chains.js'
import { creationCall, creator } from './target.js'
import { verifyCreator, verifyDeployment } from './verify.js'

/** What a deployment would do and cost, found out without sending anything. */
export type DeploymentPlan = {
  readonly chainId: number
  /** Whether the chain's coin is worth something. */
  readonly isPublic: boolean
  /** Where the contract is or will be; the same on every chain. */
  readonly address: Address
  /** Hash of the code found there, which is the genuine one; undefined: nothing is there yet. */
  readonly codeHash: Hex | undefined
  /** The account that pays. */
  readonly deployer: Address
  /** Its balance in wei. */
  readonly balance: bigint
  /** Gas of the creation. */
  readonly gas: bigint
  /** Wei for one gas, as the chain asks now. */
  readonly gasPrice: bigint
  /** Wei that a rollup adds for its data on the layer below; 0 elsewhere. */
  readonly dataFee: bigint
  /** Wei for putting the deployment proxy onto the chain first; 0 where it is already. */
  readonly creatorCost: bigint
  /** Wei in all. 0 when there is nothing to do. */
  readonly cost: bigint
  /** Newest block when the plan was made. */
  readonly block: bigint
}

/**
 * Finds out what a deployment of `StreamChannels` would do. Sends nothing.
 *
 * @param client reads the chain
 * @param deployer the account that would pay
 * @throws SluiceError `key-misuse` for an account whose key everybody has on a public chain; `invalid-argument` when
 * another contract is where ours, or the deployment proxy, should be
 *
 * @example
 * ```ts
 * import { planDeployment } from '@sluice/server'
 * import { createPublicClient, http } from 'viem'
 * import { base } from 'viem/chains'
 *
 * const client = createPublicClient({ chain: base, transport: http() })
 * const plan = await planDeployment(client, '0x1111111111111111111111111111111111111111')
 * console.log(plan.address, plan.cost)
 * ```
 */
export async function planDeployment(client: PublicClient, deployer: Address): Promise<DeploymentPlan> {
  const chainId = await client.getChainId()
  const isPublic = !isLocalChain(chainId)
  if (isPublic && isPublicTestAccount(deployer)) throw everybodysKey(deployer, chainId)

  const address = streamChannelsAddress
  const [codeHash, hasCreator, block, balance] = await Promise.all([
    verifyDeployment(client, address),
    verifyCreator(client),
    client.getBlockNumber({ cacheTime: 0 }),
    client.getBalance({ address: deployer }),
  ])
  const common = { chainId, isPublic, address, codeHash, deployer, balance, block }
  if (codeHash !== undefined) {
    return { ...common, gas: 0n, gasPrice: 0n, dataFee: 0n, creatorCost: 0n, cost: 0n }
  }

  const call = creationCall()
  const [gas, gasPrice, dataFee, signerBalance] = await Promise.all([
    // Without the proxy only a plain creation can be tried; what the proxy adds is not worth a name.
    client
      .estimateGas({
        account: deployer,
        ...(hasCreator ? call : { data: `0x${call.data.slice(2 + 64)}` as const }),
      })
      .catch((cause: unknown) => {
        throw wouldFail(cause)
      }),
    client.getGasPrice(),
    rollupDataFee(client, call.data),
    client.getBalance({ address: creator.signer }),
  ])
  const missing = creator.cost > signerBalance ? creator.cost - signerBalance : 0n
  const creatorCost = hasCreator ? 0n : missing + transferGas * gasPrice
  return {
    ...common,
    gas,
    gasPrice,
    dataFee,
    creatorCost,
    cost: gas * gasPrice + dataFee + creatorCost,
  }
}

const transferGas = 21_000n

/** OP-stack chains have a contract that tells what a transaction's data costs on the layer below. */
async function rollupDataFee(client: PublicClient, data: Hex): Promise<bigint> {
  const oracle = '0x420000000000000000000000000000000000000F'
  const code = await client.getCode({ address: oracle })
  if (code === undefined || code === '0x') return 0n
  return await client.readContract({
    address: oracle,
    abi: parseAbi(['function getL1Fee(bytes transaction) view returns (uint256)']),
    functionName: 'getL1Fee',
    args: [data],
  })
}

function wouldFail(cause: unknown): SluiceError {
  return new SluiceError({
    code: 'transaction-reverted',
    message: 'The deployment would fail on this chain. Nothing was sent.',
    details: cause instanceof BaseError ? cause.shortMessage : String(cause),
    cause,
  })
}

function everybodysKey(account: Address, chainId: number): SluiceError {
  return new SluiceError({
    code: 'key-misuse',
    message: 'This is a test account: everybody has its key. Use one of your own.',
    details: `account ${account} on chain ${chainId}, which is not a local one`,
  })
}
