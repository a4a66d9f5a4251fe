import { Option, type Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { joinCall } from '@sluice/sdk/tournament'
import { showAmount } from '../../amounts.js'
import { addressText, contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import { toJson } from '../../output.js'
import { requireYes } from '../../prompts.js'
import { openForSending, type OpenedForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce, type Errand } from '../../tournaments/perform.js'
import { readSignedJoin, requireInTime, type SignedJoin } from '../../tournaments/signedJoin.js'

type JoinOptions = SendOptions & {
  readonly player?: Address
  readonly sign?: boolean
  readonly signed?: string
}

/** `sluice tournament join` */
export function joinCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'join',
      summary: 'put the stake in and play',
      description:
        'Enters a player with its stake. Whoever joined already is only shown. With --sign the stake is only signed, for somebody else to send with --signed: the player needs no coin for gas.',
      examples: [
        ['sluice tournament join --yes', 'the key that signs plays'],
        ['sluice tournament join --player 0x… --yes', 'pays for somebody else'],
        ['sluice tournament join --sign --yes > alice.json', 'only signs, without sending or gas'],
        ['sluice tournament join --signed alice.json --yes', 'sends what a player signed'],
      ],
    }),
  )
    .option('--player <address>', 'who plays (default: the key that signs)', addressText)
    .option('--sign', 'only sign the stake, without sending or gas')
    .addOption(
      new Option('--signed <file>', 'what the player signed, for anyone to send').conflicts([
        'player',
        'sign',
      ]),
    )
    .action(async (options: JoinOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      await (options.sign === true ? sign(context, opened) : join(context, opened))
    })
}

async function join(context: Context<JoinOptions>, opened: OpenedForSending): Promise<void> {
  const { actions, account, tournament, token } = opened
  const { io, options } = context
  const signed = options.signed === undefined ? undefined : await readSignedJoin(io, options.signed)
  const player = signed?.player ?? options.player ?? account.address
  await doOnce(context, opened, {
    purpose: `join ${player.toLowerCase()}`,
    before: `${player} joined before.`,
    value: { player, joined: true },
    prepare: async () => {
      const { seat } = await actions.getPlayer({ tournament, account: player })
      if (seat !== 'none')
        return { already: `${player} has joined already`, value: { player, joined: false } }
      if (signed !== undefined) return await submission(opened, signed)
      return {
        lines: [`${player} plays; ${account.address} pays ${showAmount(tournament.stake, token)}`],
        plan: await actions.planJoin({ tournament, player }),
        send: (keeping) => actions.join({ tournament, player, ...keeping }),
        says: () => `${player} plays`,
      }
    },
  })
}

/** Sends what was signed: whoever signed pays the stake, the account pays gas alone. */
async function submission(
  opened: OpenedForSending,
  signed: SignedJoin,
): Promise<Errand<Awaited<ReturnType<OpenedForSending['actions']['join']>>>> {
  const { actions, contract, tournament, token } = opened
  const { player, payment } = signed
  await requireInTime(opened, signed)
  return {
    lines: [`${player} plays; what was signed pays ${showAmount(tournament.stake, token)}, and you only gas`],
    call: joinCall({ contract, tournament, player, payment }),
    send: (keeping) => actions.join({ tournament, player, payment, ...keeping }),
    says: ({ payer }) => `${player} plays; ${payer} paid`,
  }
}

async function sign({ io, output, options }: Context<JoinOptions>, opened: OpenedForSending): Promise<void> {
  const { actions, account, tournament, token } = opened
  const { player = account.address } = options
  output.progress(`lets whoever sends the signature enter ${player}, and nobody else`)
  output.progress(`${account.address} pays ${showAmount(tournament.stake, token)}`)
  await requireYes(io, 'Sign it?', options.yes === true)
  const { payment, deadline, method } = await actions.signJoin({ tournament, player })
  const signed: SignedJoin = { player, payment, deadline: Number(deadline), method }
  output.result(signed, () => toJson(signed, 2))
}
