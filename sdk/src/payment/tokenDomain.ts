import { domainSeparator, pad, toHex, type TypedDataDomain } from 'viem'
import { tokenDomainAbi } from '../abi/permit.js'
import { erc20Abi } from '../abi/erc20.js'
import type { Address, Hex } from '../types.js'
import type { ChainClient } from '../chain/context.js'
import { tryRead } from '../chain/read.js'

/**
 * The EIP-712 domain of a token, or undefined when it cannot be known for sure: a wallet would sign something that the
 * token then refuses. What the token says of itself is tried in turn until the separator computed from it equals the
 * token's own.
 *
 * @param client any viem client
 * @param token an ERC-20 token
 * @param chainId the chain's
 */
export async function readTokenDomain(
  client: ChainClient,
  token: Address,
  chainId: number,
): Promise<TypedDataDomain | undefined> {
  const about = { address: token, abi: tokenDomainAbi } as const
  const [separator, told, version, name] = await Promise.all([
    tryRead(client, { ...about, functionName: 'DOMAIN_SEPARATOR', args: [] }),
    tryRead(client, { ...about, functionName: 'eip712Domain', args: [] }),
    tryRead(client, { ...about, functionName: 'version', args: [] }),
    tryRead(client, { address: token, abi: erc20Abi, functionName: 'name', args: [] }),
  ])
  if (separator === undefined) return undefined
  const names = [...new Set([told?.[1], name])].filter((each) => each !== undefined)
  const versions = [...new Set([told?.[2], version, '1', '2'])].filter((each) => each !== undefined)
  return matchingDomain(separator, token, chainId, names, versions)
}

/**
 * The first domain whose separator is the wanted one.
 *
 * @param separator what the token says its separator is
 * @param token the verifying contract
 * @param chainId the chain's
 * @param names candidates
 * @param versions candidates
 */
export function matchingDomain(
  separator: Hex,
  token: Address,
  chainId: number,
  names: readonly string[],
  versions: readonly string[],
): TypedDataDomain | undefined {
  for (const name of names) {
    for (const version of versions) {
      const shared = { name, version, verifyingContract: token }
      // Bridged tokens of Polygon carry the chain's id as a salt.
      const domains: readonly TypedDataDomain[] = [
        { ...shared, chainId },
        { ...shared, salt: pad(toHex(chainId)) },
      ]
      const found = domains.find((domain) => domainSeparator({ domain }) === separator.toLowerCase())
      if (found !== undefined) return found
    }
  }
  return undefined
}
