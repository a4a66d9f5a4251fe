import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { confirmCall, type Confirmation } from '@sluice/sdk/tournament'
import { contextOf, verb, type Context } from '../../command.js'
import { failure } from '../../exit.js'
import type { Io } from '../../io.js'
import { openForSending } from '../../tournaments/open.js'
import { withSending, type SendOptions } from '../../tournaments/options.js'
import { doOnce } from '../../tournaments/perform.js'

/** `sluice tournament confirm` */
export function confirmCommand(io: Io): Command {
  return withSending(
    verb({
      name: 'confirm',
      summary: 'make a result final at once, with the signatures of all players',
      examples: [['sluice tournament confirm *.signed.json --yes', 'what "sluice tournament sign" printed']],
    }),
  )
    .argument('<files...>', 'one of each player')
    .action(async (files: readonly string[], options: SendOptions) => {
      await confirm(contextOf(io, options), files)
    })
}

async function confirm(context: Context<SendOptions>, files: readonly string[]): Promise<void> {
  const opened = await openForSending(context)
  const { actions, contract, tournament } = opened
  await doOnce(context, opened, {
    purpose: 'confirm',
    before: 'The result was confirmed before.',
    prepare: async () => {
      const signatures = await Promise.all(files.map((file) => readConfirmation(context.io, file)))
      return {
        lines: [`makes the result final with the signatures of ${signatures.length} players`],
        call: confirmCall({ contract, tournament, signatures }),
        send: (keeping) => actions.confirm({ tournament, signatures, ...keeping }),
        says: () => 'the result is final',
      }
    },
  })
}

const schema = z.strictObject({
  player: z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)]),
  signature: z.templateLiteral(['0x', z.string().regex(/^([0-9a-fA-F]{2})+$/)]),
})

async function readConfirmation(io: Io, name: string): Promise<Confirmation> {
  const path = resolve(io.directory, name)
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw failure(`${path} holds no signature.`, 'It is what "sluice tournament sign" prints.', { cause })
  }
}
