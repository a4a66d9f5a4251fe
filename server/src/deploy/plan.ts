import { SluiceError } from '@sluice/sdk'
import { type Address, BaseError, type Hex, parseAbi, type PublicClient } from 'viem'
import { type Artifact, artifactOf, type ContractName, contractNames } from './artifact.js'
import { isLocalChain, isPublicTestAccount } from './chains.js'
import { creationAddress, creationCall, creator } from './target.js'
import { verifyCreator, verifyDeployment } from './verify.js'

/** What a deployment would do and cost, found out without sending anything. */
export type DeploymentPlan = {
  readonly chainId: number
  /** Whether the chain's coin is worth something. */
  readonly isPublic: boolean
  /** The account that pays. */
  readonly deployer: Address
  /** Its balance in wei. */
  readonly balance: bigint
  /** Each contract that was asked for, in the order of deployment. */
  readonly contracts: readonly ContractPlan[]
  /** Wei for one gas, as the chain asks now; 0 when there is nothing to do. */
  readonly gasPrice: bigint
  /** Wei for putting the deployment proxy onto the chain first; 0 where it is already. */
  readonly creatorCost: bigint
  /** Wei in all. 0 when there is nothing to do. */
  readonly cost: bigint
  /** Newest block when the plan was made. */
  readonly block: bigint
}

/** One contract of a plan. */
export type ContractPlan = {
  /** Its name in Solidity. */
  readonly contract: string
  readonly name: ContractName
  /** Where it is or will be; the same on every chain. */
  readonly address: Address
  /** Hash of the code found there, which is the genuine one; undefined: nothing is there yet. */
  readonly codeHash: Hex | undefined
  /** Gas of the creation; 0 when it is there. */
  readonly gas: bigint
  /** Wei that a rollup adds for its data on the layer below; 0 elsewhere. */
  readonly dataFee: bigint
}

/**
 * Finds out what a deployment would do. Sends nothing.
 *
 * @param client reads the chain
 * @param deployer the account that would pay
 * @param names of the contracts; default: all
 * @throws SluiceError `key-misuse` for an account whose key everybody has on a public chain; `invalid-argument` when
 * another contract is where one of ours, or the deployment proxy, should be
 *
 * @example
 * ```ts
 * import { planDeployment } from '@sluice/server'
 * import { createPublicClient, http } from 'viem'
 * import { base } from 'viem/chains'
 *
 * const client = createPublicClient({ chain: base, transport: http() })
 * const plan = await planDeployment(client, '0x1111111111111111111111111111111111111111', ['streamChannels'])
 * console.log(plan.contracts, plan.cost)
 * ```
 */
export async function planDeployment(
  client: PublicClient,
  deployer: Address,
  names: readonly ContractName[] = contractNames,
): Promise<DeploymentPlan> {
  const chainId = await client.getChainId()
  const isPublic = !isLocalChain(chainId)
  if (isPublic && isPublicTestAccount(deployer)) throw everybodysKey(deployer, chainId)

  const [found, hasCreator, block, balance] = await Promise.all([
    Promise.all(contractNames.filter((name) => names.includes(name)).map((name) => find(client, name))),
    verifyCreator(client),
    client.getBlockNumber({ cacheTime: 0 }),
    client.getBalance({ address: deployer }),
  ])
  const common = { chainId, isPublic, deployer, balance, block }
  if (found.every(({ codeHash }) => codeHash !== undefined)) {
    return { ...common, contracts: found.map(planOf), gasPrice: 0n, creatorCost: 0n, cost: 0n }
  }

  const [gasPrice, signerBalance, contracts] = await Promise.all([
    client.getGasPrice(),
    client.getBalance({ address: creator.signer }),
    Promise.all(found.map((each) => price(client, deployer, hasCreator, each))),
  ])
  const missing = creator.cost > signerBalance ? creator.cost - signerBalance : 0n
  const creatorCost = hasCreator ? 0n : missing + transferGas * gasPrice
  const cost = contracts.reduce((sum, { gas, dataFee }) => sum + gas * gasPrice + dataFee, creatorCost)
  return { ...common, contracts, gasPrice, creatorCost, cost }
}

const transferGas = 21_000n

type Found = { readonly artifact: Artifact; readonly address: Address; readonly codeHash: Hex | undefined }

async function find(client: PublicClient, name: ContractName): Promise<Found> {
  const artifact = artifactOf(name)
  const address = creationAddress(artifact)
  return { artifact, address, codeHash: await verifyDeployment(client, artifact, address) }
}

function planOf({ artifact: { contract, name }, address, codeHash }: Found): ContractPlan {
  return { contract, name, address, codeHash, gas: 0n, dataFee: 0n }
}

async function price(
  client: PublicClient,
  deployer: Address,
  hasCreator: boolean,
  found: Found,
): Promise<ContractPlan> {
  if (found.codeHash !== undefined) return planOf(found)
  const call = creationCall(found.artifact)
  const [gas, dataFee] = await Promise.all([
    // Without the proxy only a plain creation can be tried; what the proxy adds is not worth a name.
    client
      .estimateGas({ account: deployer, ...(hasCreator ? call : { data: found.artifact.bytecode }) })
      .catch((cause: unknown) => {
        throw wouldFail(found.artifact.contract, cause)
      }),
    rollupDataFee(client, call.data),
  ])
  return { ...planOf(found), gas, dataFee }
}

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

function wouldFail(contract: string, cause: unknown): SluiceError {
  return new SluiceError({
    code: 'transaction-reverted',
    message: 'The deployment would fail on this chain. Nothing was sent.',
    details: `${contract}: ${cause instanceof BaseError ? cause.shortMessage : String(cause)}`,
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
