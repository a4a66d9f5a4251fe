import { InvalidArgumentError, type Command } from 'commander'
import { isHex } from 'viem'
import type { Address, Hex } from '@sluice/sdk'
import { addressText, withRpc, type CommonOptions } from '../command.js'
import { defaultOrderName } from './orderFile.js'

/** What every verb that asks or sends understands. */
export type EscrowOptions = CommonOptions & { readonly contract?: Address }

/** What every verb about one order understands. */
export type OrderOptions = EscrowOptions & { readonly order: string }

/** What every verb that sends understands too. */
export type SendOptions = OrderOptions & {
  readonly keyFile?: string
  readonly yes?: boolean
  readonly forget?: boolean
}

/** Adds the options of {@link EscrowOptions}. */
export function withEscrow(command: Command): Command {
  return withRpc(command).option(
    '--contract <address>',
    'where Escrow is (default: its known address)',
    addressText,
  )
}

/** Adds the options of {@link OrderOptions}. */
export function withOrder(command: Command): Command {
  return withEscrow(command).option('--order <file>', 'the order', defaultOrderName)
}

/** Adds the options of {@link SendOptions}. */
export function withSending(command: Command): Command {
  return withOrder(command)
    .option('--key-file <file>', "the key that signs (default: $SLUICE_PRIVATE_KEY, else the operator's)")
    .option('--yes', 'send it; without, it is shown and nothing is sent unless you say yes')
    .option('--forget', 'forget what was sent before when the node does not know it')
}

/** Reads bytes from a flag, such as a signature. */
export function bytesText(text: string): Hex {
  if (isHex(text) && text.length % 2 === 0) return text
  throw new InvalidArgumentError('Expected 0x and an even number of digits of hex.')
}
