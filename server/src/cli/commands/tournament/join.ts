import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

type JoinOptions = SendOptions & { readonly player?: Address }

/** `sluice tournament join` */
export function joinCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'join',
      summary: 'put the stake in and play',
      description: 'Enters a player with its stake. Whoever joined already is only shown.',
      examples: [
        ['sluice tournament join --yes', 'the key that signs plays'],
        ['sluice tournament join --player 0x… --yes', 'pays for somebody else'],
      ],
    }),
  )
    .option('--player <address>', 'who plays (default: the key that signs)', addressText)
    .action(async (options: JoinOptions) => {
      await join(contextOf(io, options))
    })
}

async function join(context: Context<JoinOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, account, tournament, token } = opened
  const { player = account.address } = context.options
  await doOnce(context, opened, {
    purpose: `join ${player.toLowerCase()}`,
    before: `${player} joined before.`,
    value: { player, joined: true },
    prepare: async () => {
      const { seat } = await actions.getPlayer({ tournament, account: player })
      if (seat !== 'none')
        return { already: `${player} has joined already`, value: { player, joined: false } }
      return {
        lines: [`${player} plays; ${account.address} pays ${showAmount(tournament.stake, token)}`],
        plan: await actions.planJoin({ tournament, player }),
        send: (keeping) => actions.join({ tournament, player, ...keeping }),
        says: () => `${player} plays`,
      }
    },
  })
}
