import { SluiceError } from '@sluice/sdk'
import { type Address, type Hex, keccak256, type PublicClient } from 'viem'
import type { Artifact } from './artifact.js'
import { runtimeCode } from './runtimeCode.js'
import { creator } from './target.js'

/**
 * Whether a genuine contract is at an address.
 *
 * @param client reads the chain
 * @param artifact which contract
 * @param address where to look
 * @returns the hash of its code; undefined when there is no code at all
 * @throws SluiceError `invalid-argument` when something else is there
 */
export async function verifyDeployment(
  client: PublicClient,
  artifact: Artifact,
  address: Address,
): Promise<verifyDeployment.ReturnType> {
  const [chainId, code] = await Promise.all([client.getChainId(), client.getCode({ address })])
  return check(artifact.contract, address, code, runtimeCode(artifact, chainId, address))
}

export declare namespace verifyDeployment {
  /** keccak256 of the runtime code. */
  type ReturnType = Hex | undefined
}

/**
 * Whether the contract that creates others is on the chain.
 *
 * @param client reads the chain
 * @throws SluiceError `invalid-argument` when something else is at its address
 */
export async function verifyCreator(client: PublicClient): Promise<boolean> {
  const { address, code } = creator
  return check('the deployment proxy', address, await client.getCode({ address }), code) !== undefined
}

function check(name: string, address: Address, found: Hex | undefined, expected: Hex): Hex | undefined {
  if (found === undefined || found === '0x') return undefined
  const hash = keccak256(found)
  if (hash === keccak256(expected)) return hash
  throw new SluiceError({
    code: 'invalid-argument',
    message: `The contract at ${address} is not ${name}. Do not use it.`,
    details: `code hash ${hash}, expected ${keccak256(expected)}`,
  })
}
