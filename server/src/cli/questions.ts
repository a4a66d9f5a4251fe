import { InvalidArgumentError } from 'commander'
import { isAddress } from 'viem'
import { SluiceError, zeroAddress, type Address } from '@sluice/sdk'
import { parsePrice } from '@sluice/sdk/session'
import type { TokenInfo } from './amounts.js'
import type { ChainConnection } from './chain.js'
import { addressText } from './command.js'
import { usageError } from './exit.js'
import type { Prompts } from './prompts.js'

/** What a flag said, or the answer to a question; refused when there is neither. */
export async function required(
  flag: string,
  given: string | undefined,
  ask: () => Promise<string | undefined>,
): Promise<string> {
  const value = given ?? (await ask())
  if (value === undefined)
    throw usageError(`${flag} is missing.`, `Add ${flag}, or run it on a terminal to be asked.`)
  if (flag === '--price') checkPrice(value)
  return value
}

/** Asks for the address of a node. */
export function askRpc(prompts: Prompts | undefined): Promise<string | undefined> {
  if (prompts === undefined) return Promise.resolve(undefined)
  return prompts.text('Address of a node', {
    initial: 'http://127.0.0.1:8545',
    problem: (answer) => (/^https?:\/\/\S+$/.test(answer) ? undefined : 'It starts with http:// or https://'),
  })
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

/** Asks for the price. */
export function askPrice(prompts: Prompts | undefined, token: TokenInfo): Promise<string | undefined> {
  if (prompts === undefined) return Promise.resolve(undefined)
  return prompts.text(`Price in ${token.symbol}, such as 0.002/s, 0.12/min, 0.05/mb, 0.001/request`, {
    problem: (answer) => {
      try {
        parsePrice(answer, token.decimals)
        return undefined
      } catch (error) {
        return error instanceof SluiceError ? (error.details ?? error.message) : 'That is no price.'
      }
    },
  })
}

/** Asks who receives the money. */
export async function askPayee(prompts: Prompts | undefined, operator: Address): Promise<Address> {
  const answer = await prompts?.text('Who receives the money', {
    initial: operator,
    problem: (text) => (isAddress(text, { strict: false }) ? undefined : 'Expected 0x and 40 digits of hex.'),
  })
  return lower(answer ?? operator)
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

function checkPrice(text: string): void {
  try {
    parsePrice(text, 30)
  } catch (error) {
    throw usageError(
      error instanceof SluiceError ? error.message : `"${text}" is not a price.`,
      'Write it like 0.002/s, 0.12/min, 0.05/mb or 0.001/request.',
    )
  }
}
