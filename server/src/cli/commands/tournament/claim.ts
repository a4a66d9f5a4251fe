import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { claimPrizeCall, prizesOfResult, unpaidPrizes } from '@sluice/sdk/tournament'
import { showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import { failure } from '../../exit.js'
import type { Io } from '../../io.js'
import { readPrizes } from '../../tournaments/lists.js'
import { openForSending, readEvents } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

type ClaimOptions = SendOptions & { readonly to?: Address; readonly prizes?: string }

/** `sluice tournament claim` */
export function claimCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'claim',
      summary: 'take your own prize, to an address of your choice',
      description:
        'Takes the prize of the key that signs. Who waits is paid without it: sluice tournament pay.',
      examples: [['sluice tournament claim --to 0x… --yes', 'to another address']],
    }),
  )
    .option('--to <address>', 'where it goes (default: the key that signs)', addressText)
    .option('--prizes <file>', 'what the host published, when the result is only the root of a large field')
    .action(async (options: ClaimOptions) => {
      await claim(contextOf(io, options))
    })
}

async function claim(context: Context<ClaimOptions>): Promise<void> {
  const { io, options } = context
  const opened = await openForSending(context)
  const { actions, account, contract, tournament, token } = opened
  const { to = account.address } = options
  await doOnce(context, opened, {
    purpose: 'claim',
    before: 'Your prize was taken before.',
    prepare: async () => {
      const known = await readEvents(opened)
      const published = options.prizes === undefined ? undefined : await readPrizes(io, options.prizes, token)
      const mine = unpaidPrizes(known, prizesOfResult(known, published))
      const prize = mine.find(({ player }) => player.toLowerCase() === account.address.toLowerCase())
      if (prize === undefined) {
        const missing = `There is no prize for ${account.address} that is not paid yet.`
        throw failure(missing, 'Look at "sluice tournament show".')
      }
      const shown = showAmount(prize.amount, token)
      return {
        lines: [`takes ${shown} to ${to}`],
        call: claimPrizeCall({ contract, tournament, prize, to }),
        send: (keeping) => actions.claimPrize({ tournament, prize, to, ...keeping }),
        says: () => `${shown} went to ${to}`,
      }
    },
  })
}
