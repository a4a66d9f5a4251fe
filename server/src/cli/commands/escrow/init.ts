import type { Command } from 'commander'
import { keccak256, stringToHex } from 'viem'
import { getBlock } from 'viem/actions'
import { zeroAddress, type Address } from '@sluice/sdk'
import { createOrder, encodeMilestones, type Order } from '@sluice/sdk/escrow'
import { parseAmount } from '@sluice/sdk/session'
import type { TokenInfo } from '../../amounts.js'
import { ask } from '../../asking.js'
import { readToken } from '../../chain.js'
import {
  addressText,
  amountText,
  contextOf,
  verb,
  wholeNumber,
  withRpc,
  type CommonOptions,
  type Context,
} from '../../command.js'
import { orderJson, orderPairs } from '../../escrow/describe.js'
import { defaultOrderName, writeOrderFile } from '../../escrow/orderFile.js'
import { usageError } from '../../exit.js'
import type { Io } from '../../io.js'
import { reachMeant } from '../../nodes.js'
import { layoutPairs } from '../../table.js'
import { newSalt, refuseTaken } from '../../termsFile.js'

type InitOptions = CommonOptions & {
  readonly order: string
  readonly payer?: Address
  readonly receiver?: Address
  readonly operator?: Address
  readonly arbiter?: Address
  readonly token?: Address
  readonly amount?: string
  readonly captureHours: number
  readonly refundHours: number
  readonly dispute: number
  readonly ruling: number
  readonly share: number
  readonly feeRecipient?: Address
  readonly fee: number
  readonly highestFee?: number
  readonly milestones?: string
  readonly about?: string
  readonly force?: boolean
}

const longestWindow = 90 * 86_400
const bps = wholeNumber(0, 10_000)

/** `sluice escrow init` */
export function initCommand(io: Io): Command {
  return withRpc(
    verb({
      name: 'init',
      summary: "write an order's terms to a file",
      description:
        'Writes the terms of an order to a file. Nothing is sent; "sluice escrow authorize" pays it.',
      examples: [
        ['sluice escrow init', 'asks for what is missing'],
        ['sluice escrow init --payer 0x… --receiver 0x… --amount 5', 'a ticket for 5'],
      ],
    }),
  )
    .option('--order <file>', 'where to write it', defaultOrderName)
    .option('--payer <address>', 'who pays', addressText)
    .option('--receiver <address>', 'who is paid', addressText)
    .option('--operator <address>', "the receiver's server key: acts for it, never receives", addressText)
    .option('--arbiter <address>', 'who splits what is disputed', addressText)
    .option('--token <address>', 'what is paid in (default: the native coin)', addressText)
    .option('--amount <amount>', 'that can be captured at most, in whole tokens', amountText)
    .option('--capture-hours <number>', 'from now, until nothing can be captured', wholeNumber(1, 87_600), 24)
    .option('--refund-hours <number>', 'after that, until nothing can be refunded', wholeNumber(0, 87_600), 0)
    .option('--dispute <seconds>', 'that captured money can be disputed', wholeNumber(0, longestWindow), 0)
    .option('--ruling <seconds>', 'that the arbiter has', wholeNumber(0, longestWindow), 0)
    .option('--share <bps>', "the receiver's ten-thousandths of what nobody decided in time", bps, 0)
    .option('--fee-recipient <address>', 'who gets the fee', addressText)
    .option('--fee <bps>', 'the lowest fee, ten-thousandths', bps, 0)
    .option('--highest-fee <bps>', 'the highest fee (default: the lowest)', bps)
    .option('--milestones <amounts>', 'that add up to the amount, such as 100,250,50')
    .option('--about <text>', 'what is bought; its hash goes into the order')
    .option('--force', 'replace the file')
    .action(async (options: InitOptions) => {
      await init(contextOf(io, options))
    })
}

async function init(context: Context<InitOptions>): Promise<void> {
  const { io, output, options } = context
  const force = options.force === true
  refuseTaken(io, options.order, force)
  const connection = await reachMeant(context)
  const payer = options.payer ?? (await ask(io, questions.payer))
  const receiver = options.receiver ?? (await ask(io, questions.receiver))
  const token = await readToken(connection, options.token ?? zeroAddress)
  const text = options.amount ?? (await ask(io, questions.amount(token.symbol)))
  const { timestamp } = await getBlock(connection.client)
  const order = orderOf(options, { payer, receiver, token, text, now: Number(timestamp) })
  const file = { chainId: connection.chain.id, order }
  const path = await writeOrderFile(io, options.order, file, force)
  output.result({ path, chainId: file.chainId, order: orderJson(order) }, () =>
    [layoutPairs(orderPairs(order, token)), `written to ${path}; "sluice escrow authorize" pays it`].join(
      '\n',
    ),
  )
}

const questions = {
  payer: { question: 'Who pays? (address)', flag: '--payer', parse: addressText },
  receiver: { question: 'Who is paid? (address)', flag: '--receiver', parse: addressText },
  amount: (symbol: string) => ({
    question: `How much, in ${symbol}?`,
    flag: '--amount',
    parse: amountText,
  }),
}

type Asked = {
  readonly payer: Address
  readonly receiver: Address
  readonly token: TokenInfo
  /** The amount in whole tokens. */
  readonly text: string
  /** Seconds. */
  readonly now: number
}

function orderOf(options: InitOptions, { payer, receiver, token, text, now }: Asked): Order {
  const { about, milestones } = options
  const maxAmount = parseAmount(text, token.decimals)
  const captureDeadline = now + options.captureHours * 3600
  return createOrder({
    payer,
    receiver,
    operator: options.operator ?? zeroAddress,
    arbiter: options.arbiter ?? zeroAddress,
    token: token.address,
    feeRecipient: options.feeRecipient ?? zeroAddress,
    maxAmount,
    minFeeBps: options.fee,
    maxFeeBps: options.highestFee ?? options.fee,
    captureDeadline,
    refundDeadline: captureDeadline + options.refundHours * 3600,
    disputeWindow: options.dispute,
    rulingWindow: options.ruling,
    defaultShareBps: options.share,
    ...(milestones === undefined ? {} : { milestones: milestonesOf(milestones, maxAmount, token) }),
    ...(about === undefined ? {} : { metadata: keccak256(stringToHex(about)) }),
    salt: newSalt(),
  })
}

function milestonesOf(text: string, maxAmount: bigint, token: TokenInfo) {
  const amounts = text.split(',').map((each) => parseAmount(amountText(each.trim()), token.decimals))
  const sum = amounts.reduce((a, b) => a + b, 0n)
  if (sum === maxAmount) return encodeMilestones(amounts)
  throw usageError(
    `The milestones add up to ${sum} base units, and the amount is ${maxAmount}.`,
    'Change --milestones or --amount so that they are the same.',
  )
}
