import { streamChannelsDomain } from '@sluice/sdk'
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
import {
  streamChannelsBytecode,
  streamChannelsImmutables,
  streamChannelsRuntime,
} from '../artifacts/streamChannels.js'

/**
 * The runtime code of `StreamChannels` at one address of one chain, byte for byte: the compiled code with what the
 * constructor writes into it. Worked out here and not asked of a node, so that a node cannot vouch for itself.
 *
 * @param chainId the chain
 * @param address where the contract is
 */
export function runtimeCode(chainId: number, address: Address): Hex {
  const domain = streamChannelsDomain({ chainId, contract: address })
  const values: Record<keyof typeof streamChannelsImmutables, Hex> = {
    cachedChainId: numberToHex(chainId, { size: 32 }),
    cachedDomainSeparator: domainSeparator({ domain }),
    cachedThis: padHex(address, { size: 32 }),
    hashedName: keccak256(stringToHex(domain.name)),
    hashedVersion: keccak256(stringToHex(domain.version)),
    name: shortString(domain.name),
    version: shortString(domain.version),
  }
  const { start, length } = streamChannelsRuntime
  const places = Object.entries(streamChannelsImmutables)
    .flatMap(([name, offsets]) =>
      offsets.map((offset) => ({ offset, value: values[name as keyof typeof values] })),
    )
    .sort((a, b) => a.offset - b.offset)
  const template = sliceHex(streamChannelsBytecode, start, start + length)
  const pieces: Hex[] = []
  let end = 0
  for (const { offset, value } of places) {
    pieces.push(sliceHex(template, end, offset), value)
    end = offset + 32
  }
  return concatHex([...pieces, sliceHex(template, end)])
}

/** OpenZeppelin's ShortString: up to 31 bytes from the left, their number in the last byte. */
function shortString(text: string): Hex {
  const bytes = stringToHex(text)
  return concatHex([
    padHex(bytes, { dir: 'right', size: 31 }),
    numberToHex(bytes.length / 2 - 1, { size: 1 }),
  ])
}
