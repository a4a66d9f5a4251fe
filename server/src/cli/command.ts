import { Command, InvalidArgumentError } from 'commander'
import { isAddress, isHex } from 'viem'
import type { Address, Hex } from '@sluice/sdk'
import type { Io } from './io.js'
import { createOutput, type Output } from './output.js'

/** What every verb understands. */
export type CommonOptions = {
  readonly config?: string
  readonly rpc?: string
  readonly json?: boolean
  readonly verbose?: boolean
}

/** What a verb works with. */
export type Context<Options> = { readonly io: Io; readonly output: Output; readonly options: Options }

/**
 * A verb with what all verbs have in common.
 *
 * @param parameters
 * - `name`: with its arguments, such as `backup <file>`
 * - `summary`: one line for the list of verbs
 * - `examples`: command lines and what they do
 */
export function verb(parameters: {
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly examples: readonly (readonly [string, string])[]
}): Command {
  const { name, summary, description, examples } = parameters
  return new Command(name)
    .summary(summary)
    .description(description ?? summary)
    .option('-c, --config <file>', 'settings (default: sluice.json here, or $SLUICE_CONFIG)')
    .option('--json', 'output for machines')
    .option('--verbose', 'errors with their details')
    .addHelpText('after', `\n${examplesText(examples)}\n\n${exitCodesText}`)
}

/** Adds `--rpc`, for verbs that reach the chain. */
export function withRpc(command: Command): Command {
  return command.option('--rpc <url>', 'another node than the one in the settings (also $SLUICE_RPC)')
}

/**
 * What a verb's action works with.
 *
 * @param io of this process
 * @param options as parsed
 */
export function contextOf<Options extends CommonOptions>(io: Io, options: Options): Context<Options> {
  const output = createOutput(io, { json: options.json === true, verbose: options.verbose === true })
  return { io, output, options }
}

function examplesText(examples: readonly (readonly [string, string])[]): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  return ['Examples:', ...examples.map(([line, meaning]) => `  $ ${line.padEnd(width)}  ${meaning}`)].join(
    '\n',
  )
}

const exitCodesText = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused without --yes, 130 interrupted.'

/** Reads a whole number within bounds from a flag. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

/** Reads a positive number from a flag. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('Expected a number above 0.')
}

/** Reads an amount of whole tokens from a flag, as text: the token's digits are known later. */
export function amountText(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return text
  throw new InvalidArgumentError('Expected an amount such as 5.00.')
}

/** Reads an address from a flag. */
export function addressText(text: string): Address {
  if (isAddress(text, { strict: false })) return text.toLowerCase() as Address
  throw new InvalidArgumentError('Expected 0x and 40 digits of hex.')
}

/** Reads a channel's id, or the beginning of one, from an argument. */
export function channelIdText(text: string): Hex {
  const lower = text.toLowerCase()
  if (isHex(lower) && lower.length >= 6 && lower.length <= 66) return lower
  throw new InvalidArgumentError('Expected 0x and 64 digits of hex, or the first ones of them.')
}
