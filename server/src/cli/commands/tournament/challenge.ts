import type { Command } from 'commander'
import { showAmount } from '../../amounts.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

/** `sluice tournament challenge` */
export function challengeCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'challenge',
      summary: 'dispute the reported result; the referee decides',
      description:
        "Disputes the result, with a player's key, while it may be challenged. Whoever is wrong loses the bond to the other.",
      examples: [['sluice tournament challenge --yes', 'puts the bond down']],
    }),
  ).action(async (options: SendOptions) => {
    await challenge(contextOf(io, options))
  })
}

async function challenge(context: Context<SendOptions>): Promise<void> {
  const opened = await openForSending(context)
  const { actions, tournament, token } = opened
  await doOnce(context, opened, {
    purpose: 'challenge',
    before: 'The result was challenged before.',
    prepare: async () => ({
      lines: [
        `disputes the result with a bond of ${showAmount(tournament.challengeBond, token)}`,
        "it is yours again, with that of the host, if the referee decides for another result; else it is the host's",
      ],
      plan: await actions.planChallenge({ tournament }),
      send: (keeping) => actions.challenge({ tournament, ...keeping }),
      says: () => `${tournament.referee} decides`,
    }),
  })
}
