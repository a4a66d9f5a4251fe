import type { Command } from 'commander'
import { zeroAddress, type Address } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import type { PeriodUnit } from '@sluice/sdk/subscription'
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
import { usageError } from '../../exit.js'
import type { Io } from '../../io.js'
import { reachMeant } from '../../nodes.js'
import { layoutPairs } from '../../table.js'
import { planPairs } from '../../subscriptions/describe.js'
import { defaultPlanName, writePlanFile } from '../../subscriptions/planFile.js'
import { newSalt, refuseTaken } from '../../termsFile.js'

type InitOptions = CommonOptions & {
  readonly plan: string
  readonly merchant?: Address
  readonly token?: Address
  readonly price?: string
  readonly tip: string
  readonly months?: number
  readonly seconds?: number
  readonly trial: number
  readonly grace: number
  readonly force?: boolean
}

const longest = 315_360_000

/** `sluice plan init` */
export function initCommand(io: Io): Command {
  return withRpc(
    verb({
      name: 'init',
      summary: 'write a plan to a file',
      description:
        'Writes the terms of a plan to a file. Nothing is sent; "sluice plan create" publishes it.',
      examples: [
        ['sluice plan init', 'asks for what is missing'],
        ['sluice plan init --merchant 0x… --token 0x… --price 9.99 --months 1', 'a month for 9.99'],
      ],
    }),
  )
    .option('--plan <file>', 'where to write it', defaultPlanName)
    .option('--merchant <address>', 'who is paid', addressText)
    .option('--token <address>', 'what is paid in (default: the native coin)', addressText)
    .option('--price <amount>', 'of a period, in whole tokens', amountText)
    .option('--tip <amount>', 'of each charge, to whoever charges', amountText, '0')
    .option('--months <number>', 'length of a period', wholeNumber(1, 120))
    .option('--seconds <number>', 'length of a period', wholeNumber(60, longest))
    .option('--trial <seconds>', 'that cost nothing at first', wholeNumber(0, longest), 0)
    .option('--grace <seconds>', 'of access while a charge is late', wholeNumber(0, longest), 0)
    .option('--force', 'replace the file')
    .action(async (options: InitOptions) => {
      await init(contextOf(io, options))
    })
}

async function init(context: Context<InitOptions>): Promise<void> {
  const { io, output, options } = context
  const force = options.force === true
  refuseTaken(io, options.plan, force)
  const connection = await reachMeant(context)
  const merchant = options.merchant ?? (await ask(io, questions.merchant))
  const token = await readToken(connection, options.token ?? zeroAddress)
  const price = options.price ?? (await ask(io, questions.price(token.symbol)))
  const plan = {
    merchant,
    token: token.address,
    price: parseAmount(price, token.decimals),
    tip: parseAmount(options.tip, token.decimals),
    ...(await periodOf(io, options)),
    trial: options.trial,
    grace: options.grace,
    salt: newSalt(),
  }
  const file = { chainId: connection.chain.id, plan }
  const path = await writePlanFile(io, options.plan, file, force)
  output.result(
    { path, ...file, plan: { ...plan, price: plan.price.toString(), tip: plan.tip.toString() } },
    () =>
      [
        layoutPairs(planPairs(plan, token, undefined)),
        `written to ${path}; "sluice plan create" publishes it`,
      ].join('\n'),
  )
}

const questions = {
  merchant: { question: 'Who is paid? (address)', flag: '--merchant', parse: addressText },
  price: (symbol: string) => ({
    question: `Price of a period in ${symbol}?`,
    flag: '--price',
    parse: amountText,
  }),
  months: { question: 'How many months is a period?', flag: '--months', parse: wholeNumber(1, 120) },
}

async function periodOf(
  io: Io,
  { months, seconds }: InitOptions,
): Promise<{ readonly unit: PeriodUnit; readonly period: number }> {
  if (months !== undefined && seconds !== undefined)
    throw usageError('A period is counted in months or in seconds.', 'Leave --months or --seconds out.')
  if (seconds !== undefined) return { unit: 'second', period: seconds }
  return { unit: 'month', period: months ?? (await ask(io, questions.months)) }
}
