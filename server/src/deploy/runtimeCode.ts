import {
  type Address,
  concatHex,
  domainSeparator,
  type Hex,
  keccak256,
  numberToHex,
  padHex,
  sliceHex,
  stringToHex,
} from 'viem'
import type { Artifact } from './artifact.js'

/**
 * The runtime code of a contract at one address of one chain, byte for byte: the compiled code with what the
 * constructor writes into it. Worked out here and not asked of a node, so that a node cannot vouch for itself.
 *
 * @param artifact of the contract
 * @param chainId the chain
 * @param address where the contract is
 */
export function runtimeCode(artifact: Artifact, chainId: number, address: Address): Hex {
  const values = immutablesAt(artifact, chainId, address)
  const { start, length } = artifact.runtime
  const places = Object.entries(artifact.immutables)
    .flatMap(([name, offsets]) => offsets.map((offset) => ({ offset, value: valueOf(values, name) })))
    .sort((a, b) => a.offset - b.offset)
  const template = sliceHex(artifact.bytecode, start, start + length)
  const pieces: Hex[] = []
  let end = 0
  for (const { offset, value } of places) {
    pieces.push(sliceHex(template, end, offset), value)
    end = offset + 32
  }
  return concatHex([...pieces, sliceHex(template, end)])
}

/** What OpenZeppelin's EIP712 keeps: the only immutables that a contract here has. */
function immutablesAt(
  { domain }: Artifact,
  chainId: number,
  address: Address,
): Readonly<Record<string, Hex>> {
  return {
    cachedChainId: numberToHex(chainId, { size: 32 }),
    cachedDomainSeparator: domainSeparator({ domain: { ...domain, chainId, verifyingContract: address } }),
    cachedThis: padHex(address, { size: 32 }),
    hashedName: keccak256(stringToHex(domain.name)),
    hashedVersion: keccak256(stringToHex(domain.version)),
    name: shortString(domain.name),
    version: shortString(domain.version),
  }
}

function valueOf(values: Readonly<Record<string, Hex>>, name: string): Hex {
  const value = values[name]
  if (value === undefined) throw new Error(`nobody knows what the constructor writes into ${name}`)
  return value
}

/** OpenZeppelin's ShortString: up to 31 bytes from the left, their number in the last byte. */
function shortString(text: string): Hex {
  const bytes = stringToHex(text)
  return concatHex([
    padHex(bytes, { dir: 'right', size: 31 }),
    numberToHex(bytes.length / 2 - 1, { size: 1 }),
  ])
}
