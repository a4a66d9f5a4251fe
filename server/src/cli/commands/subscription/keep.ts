import { resolve } from 'node:path'
import type { Command } from 'commander'
import { systemClock } from '@sluice/sdk/session'
import { planId } from '@sluice/sdk/subscription'
import { createChainView } from '../../../chain/reader.js'
import { isLocalChain } from '../../../deploy/chains.js'
import { createKeeper, type Keeper } from '../../../keeper/keeper.js'
import type { SettlerEvent } from '../../../settlement/events.js'
import { openSqliteStore } from '../../../store/sqlite.js'
import { contextOf, positiveNumber, verb, wholeNumber, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import type { Output } from '../../output.js'
import { openForSending } from '../../subscriptions/open.js'
import { withSending, type SendOptions } from '../../subscriptions/options.js'

type KeepOptions = SendOptions & {
  readonly store: string
  readonly factor?: number
  readonly tokenWei?: number
  readonly every: number
  readonly once?: boolean
}

/** `sluice subscription keep` */
export function keepCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'keep',
      summary: 'charge what is due, again and again',
      description:
        'Runs a keeper for a plan. Without --factor it charges whatever the tips are worth, as a merchant does for itself.',
      examples: [
        ['sluice subscription keep', 'until Ctrl-C'],
        [
          'sluice subscription keep --factor 1.5 --token-wei 400000000',
          'only when tips are worth 1.5 times the gas',
        ],
      ],
    }),
  )
    .option('--store <file>', 'remembers what was sent and who subscribed', 'keeper.db')
    .option('--factor <number>', 'how many times their gas tips must be worth', positiveNumber)
    .option('--token-wei <number>', 'what a base unit of the token is worth, wei', positiveNumber)
    .option('--every <seconds>', 'between looks', wholeNumber(1, 86_400), 15)
    .option('--once', 'one look and everything it sends, then end')
    .action(async (options: KeepOptions) => {
      await keep(contextOf(io, options))
    })
}

/** Base units that a price is given for, so that it can be a fraction of a wei. */
const precision = 1_000_000_000

async function keep(context: Context<KeepOptions>): Promise<void> {
  const { io, output, options } = context
  const { connection, contract, plan, account } = await openForSending(context)
  const { chain, client } = connection
  const deployment = { chainId: chain.id, contract }
  const store = openSqliteStore({ path: resolve(io.directory, options.store), clock: systemClock })
  try {
    const wei = BigInt(Math.round((options.tokenWei ?? 0) * precision))
    const keeper = createKeeper({
      outbox: store.outbox,
      meta: store.meta,
      chain: createChainView({ client, deployment }),
      deployment,
      account,
      publicClient: client,
      clock: systemClock,
      atAnyCost: options.factor === undefined,
      planIds: [planId({ ...deployment, plan })],
      policy: {
        everyMs: options.every * 1000,
        confirmations: isLocalChain(chain.id) ? 1 : 3,
        price: () => (wei === 0n ? undefined : { wei, tokens: BigInt(precision) }),
        ...(options.factor === undefined ? {} : { worthFactor: options.factor }),
      },
    })
    keeper.on((event) => {
      tell(output, event)
    })
    await (options.once === true ? runOnce(keeper, output) : runOn(keeper, io))
  } finally {
    await store.close()
  }
}

async function runOnce(keeper: Keeper, output: Output): Promise<void> {
  const { submitted, notWorthIt } = await keeper.tick()
  output.result(
    {
      submitted: submitted.map(({ subscriber }) => subscriber),
      notWorthIt: notWorthIt.map(({ subscriber }) => subscriber),
    },
    () => `${submitted.length} charges sent, ${notWorthIt.length} not worth their gas`,
  )
}

async function runOn(keeper: Keeper, io: Io): Promise<void> {
  await keeper.start()
  await new Promise<void>((resolveStop) => {
    io.onStop(resolveStop)
  })
  await keeper.stop()
}

function tell(output: Output, event: SettlerEvent): void {
  if (!('entry' in event)) return
  const { purpose, attempts } = event.entry
  const hash = attempts.at(-1)?.hash ?? ''
  output.event(
    {
      event: event.type,
      transaction: hash,
      subscriptions: purpose.channels.map(({ channelId }) => channelId),
    },
    `${event.type}  ${purpose.channels.length} charges  ${hash}`,
  )
}
