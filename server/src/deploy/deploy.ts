import { SluiceError } from '@sluice/sdk'
import type { Account, Chain, Hex, PublicClient, Transport, WalletClient } from 'viem'
import { findCreation } from './findCreation.js'
import { planDeployment, type DeploymentPlan } from './plan.js'
import { type DeploymentRecord, deploymentRecord, describes } from './record.js'
import { type Call, creationCall, creator } from './target.js'
import { verifyDeployment } from './verify.js'

/** The account that pays, and how it sends. */
export type Deployer = WalletClient<Transport, Chain | undefined, Account>

/**
 * Puts `StreamChannels` onto a chain, at the address it has on every chain, and checks what is there afterwards. Doing
 * it again finds the contract and changes nothing.
 *
 * @param parameters see `deployStreamChannels.Parameters`
 * @returns what came of it; `deployed` and `found` carry the record for `deployments/<chainId>.json`
 * @throws SluiceError as `planDeployment`; `insufficient-gas` when the account cannot pay; `transaction-reverted`
 *
 * @example
 * ```ts
 * import { deployStreamChannels } from '@sluice/server'
 * import { createPublicClient, createWalletClient, http } from 'viem'
 * import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
 * import { baseSepolia } from 'viem/chains'
 *
 * const account = privateKeyToAccount(generatePrivateKey())
 * const client = createPublicClient({ chain: baseSepolia, transport: http() })
 * const wallet = createWalletClient({ account, chain: baseSepolia, transport: http() })
 * const { status, plan } = await deployStreamChannels({ client, wallet, consent: async () => false })
 * console.log(status, plan.cost)
 * ```
 */
export async function deployStreamChannels(
  parameters: deployStreamChannels.Parameters,
): Promise<deployStreamChannels.ReturnType> {
  const { client, wallet, consent, progress } = parameters
  const plan = await planDeployment(client, wallet.account.address)
  progress?.({ step: 'planned', plan })
  const { codeHash: found, address } = plan
  if (found !== undefined) {
    const { known } = parameters
    if (known !== undefined && describes(known, { ...plan, codeHash: found })) {
      return { status: 'found', plan, record: known }
    }
    const creation = await findCreation(client, address)
    return { status: 'found', plan, record: deploymentRecord({ ...plan, codeHash: found }, creation) }
  }
  if (parameters.dryRun === true) return { status: 'planned', plan }
  if (plan.isPublic && !(await consent(plan))) return { status: 'declined', plan }
  if (plan.balance < plan.cost) throw tooPoor(plan)

  if (plan.creatorCost > 0n) {
    progress?.({ step: 'creator' })
    await putCreator(client, wallet)
  }
  progress?.({ step: 'creating' })
  await (parameters.create ?? createWith(client, wallet))(creationCall())
  const codeHash = await verifyDeployment(client, address)
  if (codeHash === undefined) throw reverted(`no code at ${address} after the creation`)
  const record = deploymentRecord({ ...plan, codeHash }, await findCreation(client, address, plan.block))
  return { status: 'deployed', plan, record }
}

export declare namespace deployStreamChannels {
  type Parameters = {
    /** Reads the chain. */
    readonly client: PublicClient
    /** Pays and sends. */
    readonly wallet: Deployer
    /** Asked before anything is sent on a public chain. */
    readonly consent: (plan: DeploymentPlan) => Promise<boolean>
    /** Only plan. Default false. */
    readonly dryRun?: boolean
    /** The record kept so far: when it fits what is found, the chain's history is not searched. */
    readonly known?: DeploymentRecord
    /** Told what happens. */
    readonly progress?: (event: Progress) => void
    /** Sends the creating call and waits until it is in a block. Default: the wallet does. */
    readonly create?: (call: Call) => Promise<void>
  }
  type Progress =
    | { readonly step: 'planned'; readonly plan: DeploymentPlan }
    | { readonly step: 'creator' }
    | { readonly step: 'creating' }
  type ReturnType =
    | {
        readonly status: 'deployed' | 'found'
        readonly plan: DeploymentPlan
        readonly record: DeploymentRecord
      }
    | { readonly status: 'planned' | 'declined'; readonly plan: DeploymentPlan }
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
