import type { Command } from 'commander'
import { getOrder } from '@sluice/sdk/escrow'
import { contextOf, verb } from '../../command.js'
import { orderJson, orderPairs, stateJson, statePairs } from '../../escrow/describe.js'
import { openOrder } from '../../escrow/open.js'
import { withOrder, type OrderOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'
import { layoutPairs } from '../../table.js'

/** `sluice escrow show` */
export function showCommand(io: Io): Command {
  return withOrder(
    verb({
      name: 'show',
      summary: "an order's terms, and where its money is",
      examples: [['sluice escrow show --json', 'for machines']],
    }),
  ).action(async (options: OrderOptions) => {
    const context = contextOf(io, options)
    const { connection, contract, order, orderId, token } = await openOrder(context)
    const state = await getOrder(connection.client, { contract, order })
    context.output.result({ orderId, order: orderJson(order), ...stateJson(state, token) }, () =>
      layoutPairs([['order', orderId], ...orderPairs(order, token), ...statePairs(state, token)]),
    )
  })
}
