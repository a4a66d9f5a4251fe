import type { Command } from 'commander'
import { release, releaseCall, releaseMilestone, releaseMilestoneCall } from '@sluice/sdk/escrow'
import { contextOf, verb, wholeNumber } from '../../command.js'
import { carryOut } from '../../escrow/carryOut.js'
import { openForSending } from '../../escrow/open.js'
import { withSending, type SendOptions } from '../../escrow/options.js'
import type { Io } from '../../io.js'

type ReleaseOptions = SendOptions & { readonly milestone?: number }

/** `sluice escrow release` */
export function releaseCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'release',
      summary: 'send what is pending to the receiver; for the payer, later for anyone',
      examples: [
        ['sluice escrow release --yes', 'what is pending'],
        ['sluice escrow release --milestone 0 --yes', 'the first milestone, captured or not'],
      ],
    }),
  )
    .option(
      '--milestone <number>',
      'all that is left of the current milestone; for the payer',
      wholeNumber(0, 15),
    )
    .action(async (options: ReleaseOptions) => {
      const context = contextOf(io, options)
      const opened = await openForSending(context)
      const { contract, order, wallet } = opened
      const { milestone } = options
      const about = { contract, order }
      await carryOut(context, opened, {
        verb: 'release',
        prepare: () =>
          Promise.resolve(
            milestone === undefined
              ? { lines: [`pays what is pending to ${order.receiver}`], call: releaseCall(about) }
              : {
                  lines: [`pays what is left of milestone ${milestone} to ${order.receiver}`],
                  call: releaseMilestoneCall({ ...about, milestone }),
                },
          ),
        send: (wait) =>
          milestone === undefined
            ? release(wallet, { ...about, ...wait })
            : releaseMilestone(wallet, { ...about, milestone, ...wait }),
        outcome: (done) => [
          { name: 'released', amount: done.released },
          { name: 'fee', amount: done.fee },
        ],
      })
    })
}
