import type { Command } from 'commander'
import { showAmount } from '../../amounts.js'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { perform, resume, tellDone } from '../../tournaments/perform.js'

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
  const before = await resume(context, opened, 'challenge')
  if (before !== undefined) {
    await tellDone(context, opened, { says: 'The result was challenged before.', transactions: [before] })
    return
  }
  const plan = await actions.planChallenge({ tournament })
  const { hash } = await perform(context, opened, {
    purpose: 'challenge',
    lines: [
      `disputes the result with a bond of ${showAmount(tournament.challengeBond, token)}`,
      "it is yours again, with that of the host, if the referee decides for another result; else it is the host's",
    ],
    plan,
    send: (keeping) => actions.challenge({ tournament, ...keeping }),
  })
  await tellDone(context, opened, { says: `${tournament.referee} decides`, transactions: [hash] })
}
