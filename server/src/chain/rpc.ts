import { BaseError, isHex } from 'viem'
import { SluiceError, type Hex } from '@sluice/sdk'
import { reasonOf } from '../store/failures.js'

/**
 * The chain could not be asked. Says nothing about what is on it.
 *
 * @param details for the developer
 * @param cause what was thrown
 */
export function rpcUnreachable(details: string, cause?: unknown): SluiceError {
  return new SluiceError({
    code: 'rpc-unreachable',
    message: 'The blockchain node does not answer as it should.',
    details,
    action: 'wait',
    retryable: true,
    cause,
  })
}

/**
 * Asks the node and turns whatever goes wrong into one error.
 *
 * @param what was asked, for the developer
 * @throws SluiceError `rpc-unreachable`
 */
export async function asking<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof SluiceError) throw error
    throw rpcUnreachable(`${what}: ${shortReason(error)}`, error)
  }
}

/** What a node or viem says, in one line. */
export function shortReason(error: unknown): string {
  if (error instanceof BaseError) {
    return [error.shortMessage, error.details].filter((part) => part !== '').join(' ')
  }
  return reasonOf(error)
}

/**
 * The data a call reverted with, `0x` when the node kept it to itself; undefined when `error` is no revert but a
 * failure to ask. Nodes report reverts in several ways, so the whole chain of causes is looked through.
 */
export function revertData(error: unknown): Hex | undefined {
  let saysReverted = false
  for (let each = error; each instanceof Error; each = each.cause) {
    const data = 'data' in each ? hexIn(each.data) : undefined
    if (data !== undefined) return data
    saysReverted ||= /execution reverted|reverted with|VM Exception/.test(each.message)
  }
  return saysReverted ? '0x' : undefined
}

function hexIn(value: unknown): Hex | undefined {
  if (typeof value === 'string') return isHex(value) ? value : undefined
  return typeof value === 'object' && value !== null && 'data' in value ? hexIn(value.data) : undefined
}
