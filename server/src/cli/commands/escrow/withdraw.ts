import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { getOwed, withdrawOwed, withdrawOwedCall } from '@sluice/sdk/escrow'
import { showAmount } from '../../amounts.js'
import { addressText, contextOf, verb } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { openForSending } from '../../escrow/open.js'
import { withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'

type WithdrawOptions = SendOptions & { readonly to?: Address }

/** `sluice escrow withdraw` */
export function withdrawCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'withdraw',
      summary: 'take out what could not be paid and was kept',
      description: "Takes out everything kept for the key's account in the order's token.",
      examples: [['sluice escrow withdraw --to 0x… --yes', 'to another account']],
    }),
  )
    .option('--to <address>', 'who gets it (default: the account itself)', addressText)
    .action(async (options: WithdrawOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { account, connection, contract, order, token, wallet } = opened
      const parameters = { contract, token: order.token, to: options.to ?? account.address }
      await carryOut(context, opened, {
        verb: 'withdraw',
        prepare: async () => {
          const kept = await getOwed(connection.client, { ...parameters, account: account.address })
          return {
            lines: [`sends ${showAmount(kept, token)} to ${parameters.to}`],
            call: withdrawOwedCall(parameters),
          }
        },
        send: (wait) => withdrawOwed(wallet, { ...parameters, ...wait }),
        outcome: (done) => [{ name: 'withdrawn', amount: done.amount }],
      })
    })
}
