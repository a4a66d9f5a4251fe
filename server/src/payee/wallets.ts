import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError } from 'viem'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { SluiceError, type Address, type Hex } from '@sluice/sdk'
import { rpcUnreachable, shortReason } from '../chain/rpc.js'
import type { ChainClient } from './startup.js'

const abi = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [{ type: 'bytes32' }, { type: 'bytes' }],
    outputs: [{ type: 'bytes4' }],
  },
] as const

/** What a wallet answers to a signature it made. Source: ERC-1271. */
const magic = '0x1626ba7e'

/**
 * Asks ERC-1271 wallets about signatures. A stranger can cause such a question with every bad signature, so there is a
 * bound on them; above it the answer is "later", never "no".
 *
 * @param client of the chain
 * @param perSecond how many questions in a second
 * @throws SluiceError `rate-limited` or `rpc-unreachable` by rejection
 */
export function createWalletCheck(
  client: ChainClient,
  perSecond: number,
): (signer: Address, digest: Hex, signature: Hex) => Promise<boolean> {
  const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 })
  return async (signer, digest, signature) => {
    try {
      await limiter.consume('wallets')
    } catch {
      throw new SluiceError({
        code: 'rate-limited',
        message: 'Too many wallets are being asked. Try again.',
        details: `at most ${perSecond} ERC-1271 checks a second`,
        action: 'wait',
        retryable: true,
      })
    }
    try {
      const answer = await client.readContract({
        address: signer,
        abi,
        functionName: 'isValidSignature',
        args: [digest, signature],
      })
      return answer === magic
    } catch (error) {
      if (isNo(error)) return false
      throw rpcUnreachable(`isValidSignature of ${signer}: ${shortReason(error)}`, error)
    }
  }
}

/** No code at the address, or a wallet that reverts: both mean that it did not sign. */
function isNo(error: unknown): boolean {
  return (
    error instanceof BaseError &&
    error.walk(
      (each) =>
        each instanceof ContractFunctionZeroDataError || each instanceof ContractFunctionRevertedError,
    ) !== null
  )
}
