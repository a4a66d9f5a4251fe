import { InvalidArgumentError } from 'commander'
import { isAddress } from 'viem'
import { SluiceError, zeroAddress, type Address } from '@sluice/sdk'
import { parsePrice } from '@sluice/sdk/session'
import type { TokenInfo } from './amounts.js'
import type { Question } from './asking.js'
import type { ChainConnection } from './chain.js'
import { addressText } from './command.js'
import { usageError } from './exit.js'
import type { Prompts } from './prompts.js'

/** For the address of a node. */
export const nodeQuestion: Question<string> = {
  question: 'Address of a node',
  flag: '--rpc',
  initial: 'http://127.0.0.1:8545',
  parse: (text) => {
    if (/^https?:\/\/\S+$/.test(text)) return text
    throw new InvalidArgumentError('It starts with http:// or https://')
  },
}

/** Asks what viewers pay in. */
export async function askToken(prompts: Prompts | undefined, { chain }: ChainConnection): Promise<Address> {
  const answer = await prompts?.text(
    `Token that viewers pay in (an address, or native for ${chain.nativeCurrency.symbol})`,
    {
      initial: 'native',
      problem: (text) =>
        text === 'native' || isAddress(text, { strict: false })
          ? undefined
          : '0x and 40 digits of hex, or native',
    },
  )
  return tokenText(answer ?? 'native')
}

/** For the price. */
export function priceQuestion({ symbol, decimals }: TokenInfo): Question<string> {
  return {
    question: `Price in ${symbol}, such as 0.002/s, 0.12/min, 0.05/mb, 0.001/request`,
    flag: '--price',
    parse: (text) => {
      try {
        parsePrice(text, decimals)
        return text
      } catch (error) {
        throw new InvalidArgumentError(
          error instanceof SluiceError ? (error.details ?? error.message) : 'That is no price.',
        )
      }
    },
  }
}

/** Asks who receives the money. */
export async function askPayee(prompts: Prompts | undefined, operator: Address): Promise<Address> {
  const answer = await prompts?.text('Who receives the money', {
    initial: operator,
    problem: (text) => (isAddress(text, { strict: false }) ? undefined : 'Expected 0x and 40 digits of hex.'),
  })
  return lower(answer ?? operator)
}

/** A price from a flag. */
export function priceText(text: string): string {
  try {
    parsePrice(text, 30)
    return text
  } catch (error) {
    throw usageError(
      error instanceof SluiceError ? error.message : `"${text}" is not a price.`,
      'Write it like 0.002/s, 0.12/min, 0.05/mb or 0.001/request.',
    )
  }
}

/** An address, or zero for the chain's own coin. */
export function tokenText(text: string): Address {
  if (text === 'native') return zeroAddress
  try {
    return addressText(text)
  } catch {
    throw new InvalidArgumentError('Expected 0x and 40 digits of hex, or native.')
  }
}

/** As everywhere in Sluice. */
export function lower(address: string): Address {
  return address.toLowerCase() as Address
}
