import { formatAmount } from '@sluice/sdk/session'
import type { Address, Hex } from '@sluice/sdk'
import { shortHex } from '../amounts.js'

/** What can be lost, as the settler sees it. */
export type Exposure = {
  /** Base units in vouchers beyond what the chain has paid out. */
  readonly unsettled: readonly { readonly token: Address; readonly amount: bigint }[]
  /** Pending close requests with something unsettled. */
  readonly deadlines: readonly {
    readonly channelId: Hex
    readonly amount: bigint
    readonly withdrawableAt: number
  }[]
  /** Why the last look at the chain failed; undefined when it did not. */
  readonly problem: string | undefined
}

/** When the operator is to be warned. */
export type WarningLimits = {
  readonly token: { readonly address: Address; readonly symbol: string; readonly decimals: number }
  /** Base units. */
  readonly atRisk: bigint
  /** Seconds. */
  readonly beforeDeadline: number
}

/** Something the operator should know, said once until it has passed. `key` tells one from another. */
export type Warning = { readonly key: string; readonly text: string }

/**
 * What the operator should be warned of now. Pure.
 *
 * @param exposure what can be lost
 * @param limits when to warn
 * @param nowSeconds the time
 */
export function warningsOf(
  exposure: Exposure,
  limits: WarningLimits,
  nowSeconds: number,
): readonly Warning[] {
  const { token, atRisk, beforeDeadline } = limits
  const show = (amount: bigint): string => `${formatAmount(amount, token.decimals)} ${token.symbol}`
  const held = exposure.unsettled.find(
    ({ token: address }) => address.toLowerCase() === token.address.toLowerCase(),
  )
  const warnings: Warning[] = []
  if (held !== undefined && held.amount > atRisk) {
    warnings.push({
      key: 'at-risk',
      text: `${show(held.amount)} in vouchers are not claimed, more than ${show(atRisk)}: sluice channels claim --all`,
    })
  }
  for (const { channelId, amount, withdrawableAt } of exposure.deadlines) {
    const left = withdrawableAt - nowSeconds
    if (left > beforeDeadline) continue
    warnings.push({
      key: `deadline ${channelId}`,
      text:
        `${shortHex(channelId)}: the payer may withdraw ${left > 0 ? `in ${left} s` : 'now'}, ` +
        `${show(amount)} are not claimed yet: sluice channels claim ${channelId}`,
    })
  }
  if (exposure.problem !== undefined) {
    warnings.push({ key: `problem ${exposure.problem}`, text: `settlement is held up: ${exposure.problem}` })
  }
  return warnings
}

/** Passes on only what was not said the time before. */
export function createWatchdog(say: (warning: Warning) => void): (warnings: readonly Warning[]) => void {
  let said: ReadonlySet<string> = new Set()
  return (warnings) => {
    for (const warning of warnings) if (!said.has(warning.key)) say(warning)
    said = new Set(warnings.map(({ key }) => key))
  }
}
