import { SluiceError } from '@sluice/sdk'
import type { Account, Chain, Hex, PublicClient, Transport, WalletClient } from 'viem'
import { type Artifact, artifactOf, type ContractName } from './artifact.js'
import { findCreation } from './findCreation.js'
import { planDeployment, type ContractPlan, type DeploymentPlan } from './plan.js'
import { type ContractRecord, contractRecord, type DeploymentRecord, describes } from './record.js'
import { type Call, creationCall, creator } from './target.js'
import { verifyDeployment } from './verify.js'

/** The account that pays, and how it sends. */
export type Deployer = WalletClient<Transport, Chain | undefined, Account>

/**
 * Puts contracts onto a chain, each at the address it has on every chain, and checks what is there afterwards. Doing
 * it again finds them and changes nothing.
 *
 * @param parameters see `deployContracts.Parameters`
 * @returns what came of it; `deployed` and `found` carry the record for `deployments/<chainId>.json`
 * @throws SluiceError as `planDeployment`; `insufficient-gas` when the account cannot pay; `transaction-reverted`
 *
 * @example
 * ```ts
 * import { deployContracts } from '@sluice/server'
 * import { createPublicClient, createWalletClient, http } from 'viem'
 * import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
 * import { baseSepolia } from 'viem/chains'
 *
 * const account = privateKeyToAccount(generatePrivateKey())
 * const client = createPublicClient({ chain: baseSepolia, transport: http() })
 * const wallet = createWalletClient({ account, chain: baseSepolia, transport: http() })
 * const consent = async () => false
 * const { status, plan } = await deployContracts({ client, wallet, contracts: ['streamChannels'], consent })
 * console.log(status, plan.cost)
 * ```
 */
export async function deployContracts(
  parameters: deployContracts.Parameters,
): Promise<deployContracts.ReturnType> {
  const { client, wallet, consent, progress } = parameters
  const plan = await planDeployment(client, wallet.account.address, parameters.contracts)
  progress?.({ step: 'planned', plan })
  const isThere = plan.contracts.every(({ codeHash }) => codeHash !== undefined)
  if (isThere) return { status: 'found', plan, record: await recordOf(parameters, plan) }
  if (parameters.dryRun === true) return { status: 'planned', plan }
  if (plan.isPublic && !(await consent(plan))) return { status: 'declined', plan }
  if (plan.balance < plan.cost) throw tooPoor(plan)

  if (plan.creatorCost > 0n) {
    progress?.({ step: 'creator' })
    await putCreator(client, wallet)
  }
  const create = parameters.create ?? createWith(client, wallet)
  for (const { name, contract, codeHash } of plan.contracts) {
    if (codeHash !== undefined) continue
    progress?.({ step: 'creating', contract })
    const artifact = artifactOf(name)
    await create(creationCall(artifact), artifact)
  }
  return { status: 'deployed', plan, record: await recordOf(parameters, plan) }
}

export declare namespace deployContracts {
  type Parameters = {
    /** Reads the chain. */
    readonly client: PublicClient
    /** Pays and sends. */
    readonly wallet: Deployer
    /** Which contracts. Default: all. */
    readonly contracts?: readonly ContractName[]
    /** Asked once before anything is sent on a public chain. */
    readonly consent: (plan: DeploymentPlan) => Promise<boolean>
    /** Only plan. Default false. */
    readonly dryRun?: boolean
    /** The record kept so far: where it fits what is found, the chain's history is not searched. */
    readonly known?: DeploymentRecord
    /** Told what happens. */
    readonly progress?: (event: Progress) => void
    /** Sends a creating call and waits until it is in a block. Default: the wallet does. */
    readonly create?: (call: Call, artifact: Artifact) => Promise<void>
  }
  type Progress =
    | { readonly step: 'planned'; readonly plan: DeploymentPlan }
    | { readonly step: 'creator' }
    | { readonly step: 'creating'; readonly contract: string }
  type ReturnType =
    | {
        readonly status: 'deployed' | 'found'
        readonly plan: DeploymentPlan
        readonly record: DeploymentRecord
      }
    | { readonly status: 'planned' | 'declined'; readonly plan: DeploymentPlan }
}

/** What was known of the chain, with every contract of the plan as it is there now. */
async function recordOf(
  { client, known }: deployContracts.Parameters,
  plan: DeploymentPlan,
): Promise<DeploymentRecord> {
  const contracts: Record<string, ContractRecord> = { ...known?.contracts }
  for (const each of plan.contracts) {
    contracts[each.contract] = await recordOfContract(client, plan, each, contracts[each.contract])
  }
  return { chainId: plan.chainId, contracts }
}

async function recordOfContract(
  client: PublicClient,
  plan: DeploymentPlan,
  { name, contract, address, codeHash: found }: ContractPlan,
  known: ContractRecord | undefined,
): Promise<ContractRecord> {
  const artifact = artifactOf(name)
  const codeHash = found ?? (await verifyDeployment(client, artifact, address))
  if (codeHash === undefined) throw reverted(`no code of ${contract} at ${address} after the creation`)
  if (known !== undefined && describes(known, { address, codeHash })) return known
  const from = found === undefined ? plan.block : 0n
  return contractRecord({ address, codeHash }, await findCreation(client, artifact, from))
}

/** Puts the deployment proxy onto a chain that lacks it, by the transaction that everybody has. */
async function putCreator(client: PublicClient, wallet: Deployer): Promise<void> {
  const balance = await client.getBalance({ address: creator.signer })
  if (balance < creator.cost) {
    const value = creator.cost - balance
    await mined(
      client,
      await wallet.sendTransaction({ chain: wallet.chain ?? null, to: creator.signer, value }),
    )
  }
  await mined(client, await client.sendRawTransaction({ serializedTransaction: creator.transaction }))
}

function createWith(client: PublicClient, wallet: Deployer): (call: Call) => Promise<void> {
  return async (call) => {
    await mined(client, await wallet.sendTransaction({ chain: wallet.chain ?? null, ...call }))
  }
}

async function mined(client: PublicClient, hash: Hex): Promise<void> {
  const { status } = await client.waitForTransactionReceipt({ hash })
  if (status === 'reverted') throw reverted(`transaction ${hash} reverted`)
}

function reverted(details: string): SluiceError {
  return new SluiceError({
    code: 'transaction-reverted',
    message: 'The deployment failed on the chain.',
    details,
  })
}

function tooPoor({ deployer, balance, cost }: DeploymentPlan): SluiceError {
  return new SluiceError({
    code: 'insufficient-gas',
    message: 'The account cannot pay for the deployment.',
    details: `${deployer} has ${balance} wei, ${cost} wei needed`,
    action: 'add-funds',
    retryable: true,
  })
}
