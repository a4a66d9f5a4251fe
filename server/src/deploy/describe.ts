import { formatEther, formatGwei } from 'viem'
import type { ContractPlan, DeploymentPlan } from './plan.js'

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
  const lines = [`Chain     ${names.chain} (${plan.chainId})`, ...plan.contracts.flatMap(contractLines)]
  if (plan.cost === 0n) return lines
  const gas = plan.contracts.reduce((sum, each) => sum + each.gas, 0n)
  const dataFee = plan.contracts.reduce((sum, each) => sum + each.dataFee, 0n)
  return [
    ...lines,
    `Deployer  ${plan.deployer}, has ${coins(plan.balance)}`,
    `Gas       about ${gas} at ${formatGwei(plan.gasPrice)} gwei`,
    ...(dataFee > 0n ? [`Data fee  about ${coins(dataFee)} for the layer below`] : []),
    ...(plan.creatorCost > 0n ? [`Proxy     ${coins(plan.creatorCost)}: this chain lacks it so far`] : []),
    `Cost      about ${coins(plan.cost)}`,
  ]
}

function contractLines({ contract, address, codeHash, gas }: ContractPlan): readonly string[] {
  const line = `Contract  ${contract} at ${address}, the same on every chain`
  return [
    line,
    codeHash === undefined
      ? `          to be created, about ${gas} gas`
      : `          already there, code verified: ${codeHash}`,
  ]
}
