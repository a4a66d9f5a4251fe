import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { withdrawOwedCall } from '@sluice/sdk/tournament'
import { showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { resumeSent } from '../../sent.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { perform, tellDone } from '../../tournaments/perform.js'

type WithdrawOptions = SendOptions & { readonly to?: Address }

/** `sluice tournament withdraw` */
export function withdrawCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'withdraw',
      summary: 'take out what could not be delivered to you',
      description: 'Takes out what is kept for the key that signs, of all tournaments in this token.',
      examples: [['sluice tournament withdraw --to 0x… --yes', 'to an address that can receive']],
    }),
  )
    .option('--to <address>', 'where it goes (default: the key that signs)', addressText)
    .action(async (options: WithdrawOptions) => {
      await withdraw(contextOf(io, options))
    })
}

async function withdraw(context: Context<WithdrawOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, account, contract, token } = opened
  const { to = account.address } = context.options
  const before = await resumeSent(context.output, opened, 'withdraw', 'send-anew')
  const kept = await actions.getOwed({ account: account.address, token: token.address })
  if (kept === 0n) {
    const transactions = before === undefined ? [] : [before]
    await tellDone(context, opened, { says: 'nothing is kept for you', transactions })
    return
  }
  const { hash } = await perform(context, opened, {
    purpose: 'withdraw',
    lines: [`takes ${showAmount(kept, token)} to ${to}`],
    call: withdrawOwedCall({ contract, token: token.address, to }),
    send: (keeping) => actions.withdrawOwed({ token: token.address, to, ...keeping }),
  })
  await tellDone(context, opened, { says: `${showAmount(kept, token)} went to ${to}`, transactions: [hash] })
}
