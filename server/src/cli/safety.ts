import type { Address } from '@sluice/sdk'
import { isLocalChain, isPublicTestAccount } from '../deploy/chains.js'
import { CommandError, exitCodes } from './exit.js'
import type { Io } from './io.js'
import { requireYes } from './prompts.js'

/**
 * Refuses a key that everybody has, except on a local chain, where money is worth nothing.
 *
 * @param account the key's address
 * @param chainId where it would be used
 * @throws CommandError exit code 3
 */
export function refusePublicKey(account: Address, chainId: number): void {
  if (isLocalChain(chainId) || !isPublicTestAccount(account)) return
  throw new CommandError({
    exitCode: exitCodes.refused,
    code: 'key-misuse',
    message: `${account} is a test account whose key everybody has; on chain ${chainId} its money would be stolen.`,
    advice: 'Make a key of your own with "sluice init", or use a local chain (31337 or 1337).',
  })
}

/**
 * Asks before money moves on a chain where it is worth something. On a local chain nobody is asked.
 *
 * @param io tells whether somebody can be asked
 * @param chainId where it would move
 * @param question what is about to happen
 * @param yes whether `--yes` was given
 * @throws CommandError exit code 3 when nobody said yes
 */
export async function confirmSpending(
  io: Io,
  chainId: number,
  question: string,
  yes: boolean,
): Promise<void> {
  if (isLocalChain(chainId)) return
  await requireYes(io, question, yes)
}
