import type { Command } from 'commander'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { toJson } from '../../output.js'
import { openForSending } from '../../tournaments/open.js'
import { withKey, type TournamentOptions } from '../../tournaments/options.js'

type SignOptions = TournamentOptions & { readonly keyFile?: string }

/** `sluice tournament sign` */
export function signCommand(io: Io): Command {
  return withKey(
    verb({
      name: 'sign',
      summary: 'agree to the reported result, for "confirm"',
      description:
        "Signs a player's agreement to the result that stands, and prints it. Nothing is sent; with those of all players, anyone confirms.",
      examples: [['sluice tournament sign > alice.json', 'look at "sluice tournament show" first']],
    }),
  ).action(async (options: SignOptions) => {
    await sign(contextOf(io, options))
  })
}

async function sign(context: Context<SignOptions>): Promise<void> {
  const { actions, tournament } = await openForSending(context)
  const confirmation = await actions.signConfirmation({ tournament })
  context.output.result(confirmation, () => toJson(confirmation, 2))
}
