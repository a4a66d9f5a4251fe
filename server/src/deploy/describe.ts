import { formatEther, formatGwei } from 'viem'
import type { DeploymentPlan } from './plan.js'

/**
 * A plan in lines for the person who decides.
 *
 * @param plan what would be done
 * @param names what the chain and its native coin are called
 */
export function describePlan(
  plan: DeploymentPlan,
  names: { readonly chain: string; readonly coin: string },
): readonly string[] {
  const coins = (wei: bigint) => `${formatEther(wei)} ${names.coin}`
  const lines = [
    `Chain     ${names.chain} (${plan.chainId})`,
    `Contract  StreamChannels at ${plan.address}, the same on every chain`,
  ]
  if (plan.codeHash !== undefined) return [...lines, `Already there, code verified: ${plan.codeHash}`]
  return [
    ...lines,
    `Deployer  ${plan.deployer}, has ${coins(plan.balance)}`,
    `Gas       about ${plan.gas} at ${formatGwei(plan.gasPrice)} gwei`,
    ...(plan.dataFee > 0n ? [`Data fee  about ${coins(plan.dataFee)} for the layer below`] : []),
    ...(plan.creatorCost > 0n ? [`Proxy     ${coins(plan.creatorCost)}: this chain lacks it so far`] : []),
    `Cost      about ${coins(plan.cost)}`,
  ]
}
