import type { Command } from 'commander'
import {
  annulCall,
  cancelTournamentCall,
  finalizeCall,
  leaveCall,
  type ContractCall,
  type OfTournament,
} from '@sluice/sdk/tournament'
import { contextOf, verb, type Context } from '../../command.js'
import type { Io } from '../../io.js'
import type { Keeping } from '../../sent.js'
import { openForSending, type OpenedForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

/** Verbs that take nothing but the tournament and differ in one call only. */
type Kind = {
  readonly name: 'leave' | 'finalize' | 'cancel' | 'annul'
  readonly summary: string
  readonly consequence: string
  readonly call: (of: OfTournament) => ContractCall
  readonly send: (opened: OpenedForSending, keeping: Keeping) => Promise<{ readonly hash: `0x${string}` }>
}

/** `sluice tournament leave` */
export const leaveCommand = simpleCommand({
  name: 'leave',
  summary: 'take your stake back before the join deadline',
  consequence: 'the key that signs plays no longer, and gets its stake',
  call: leaveCall,
  send: ({ actions, tournament }, keeping) => actions.leave({ tournament, ...keeping }),
})

/** `sluice tournament finalize` */
export const finalizeCommand = simpleCommand({
  name: 'finalize',
  summary: 'make a result final that nobody challenged in time',
  consequence: 'the result is final, the host gets its bond, and winners can be paid',
  call: finalizeCall,
  send: ({ actions, tournament }, keeping) => actions.finalize({ tournament, ...keeping }),
})

/** `sluice tournament cancel` */
export const cancelCommand = simpleCommand({
  name: 'cancel',
  summary: 'end a tournament that cannot reach its prizes',
  consequence: 'it ends without its prizes, and "sluice tournament refund" sends everybody what is theirs',
  call: cancelTournamentCall,
  send: ({ actions, tournament }, keeping) => actions.cancelTournament({ tournament, ...keeping }),
})

/** `sluice tournament annul` */
export const annulCommand = simpleCommand({
  name: 'annul',
  summary: 'decide a dispute by declaring the tournament void',
  consequence: 'stakes and sponsor money go back, and both bonds go to the challenger',
  call: annulCall,
  send: ({ actions, tournament }, keeping) => actions.annul({ tournament, ...keeping }),
})

function simpleCommand(kind: Kind): (io: Io) => Command {
  const { name, summary } = kind
  return (io) =>
    withSending(verb({ name, summary, examples: [[`sluice tournament ${name} --yes`, summary]] })).action(
      async (options: SendOptions) => {
        await run(contextOf(io, options), kind)
      },
    )
}

async function run(context: Context<SendOptions>, kind: Kind): Promise<void> {
  const { name, consequence, call, send } = kind
  const opened = await openForSending(context)
  const { contract, tournament } = opened
  await doOnce(context, opened, {
    purpose: name,
    before: `It was done before: ${consequence}.`,
    prepare: () =>
      Promise.resolve({
        lines: [consequence],
        call: call({ contract, tournament }),
        send: (keeping) => send(opened, keeping),
        says: () => `done: ${consequence}`,
      }),
  })
}
