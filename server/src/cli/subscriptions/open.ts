import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LocalAccount } from 'viem'
import { subscriptionsAddress, type Address } from '@sluice/sdk'
import type { Plan } from '@sluice/sdk/subscription'
import type { TokenInfo } from '../amounts.js'
import { connectChain, readToken, writerFor, type ChainConnection, type ChainWriter } from '../chain.js'
import type { Context } from '../command.js'
import { configPath, loadConfig } from '../config.js'
import { publicRpc } from '../payer.js'
import { loadAccount } from '../privateKey.js'
import { refusePublicKey } from '../safety.js'
import type { PlanOptions, SendOptions } from './options.js'
import { readPlanFile } from './planFile.js'

/** A plan and the chain it is on. */
export type OpenedPlan = {
  readonly connection: ChainConnection
  readonly contract: Address
  readonly plan: Plan
  readonly token: TokenInfo
}

/** A plan, the chain it is on, and somebody who can sign. */
export type OpenedForSending = OpenedPlan & {
  readonly account: LocalAccount
  readonly wallet: ChainWriter
}

/**
 * Reads the plan and reaches its chain.
 *
 * @param context the verb's
 */
export async function openPlan({ io, options }: Context<PlanOptions>): Promise<OpenedPlan> {
  const { chainId, plan } = await readPlanFile(io, options.plan)
  const rpc = options.rpc ?? io.env['SLUICE_RPC'] ?? (await publicRpc(chainId))
  const connection = await connectChain(rpc, chainId)
  const contract = options.contract ?? subscriptionsAddress
  return { connection, contract, plan, token: await readToken(connection, plan.token) }
}

/**
 * Reads the plan, reaches its chain and loads the key.
 *
 * @param context the verb's
 * @throws CommandError exit code 2 without a key, 3 for a key that everybody has on a public chain
 */
export async function openForSending(context: Context<SendOptions>): Promise<OpenedForSending> {
  const opened = await openPlan(context)
  const { io, options } = context
  const config = existsSync(configPath(io, options.config)) ? await loadConfig(io, options) : undefined
  const account = await loadAccount(io, {
    keyFile: options.keyFile === undefined ? config?.keyFilePath : resolve(io.directory, options.keyFile),
    advice: 'Set SLUICE_PRIVATE_KEY, add --key-file, or run "sluice init".',
  })
  refusePublicKey(account.address, opened.connection.chain.id)
  return { ...opened, account, wallet: writerFor(opened.connection, account) }
}
