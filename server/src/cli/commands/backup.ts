import { resolve } from 'node:path'
import type { Command } from 'commander'
import { withStore } from '../channels/payeeChannels.js'
import { contextOf, verb, type CommonOptions, type Context } from '../command.js'
import { loadConfig } from '../config.js'
import type { Io } from '../io.js'

/** `sluice backup` */
export function backupCommand(io: Io): Command {
  return verb({
    name: 'backup',
    summary: 'copy the database while it is in use',
    description:
      'Copies the database, consistent although the server writes to it meanwhile, and checks the copy.',
    examples: [
      ['sluice backup /backups/sluice.db', 'a copy; an older one is replaced once the new one is sound'],
    ],
  })
    .argument('<file>', 'where the copy goes')
    .action(async (file: string, options: CommonOptions) => {
      await backup(contextOf(io, options), file)
    })
}

async function backup({ io, output, options }: Context<CommonOptions>, file: string): Promise<void> {
  const config = await loadConfig(io, options)
  const report = await withStore(config, (store) => store.backup(resolve(io.directory, file)))
  output.result(
    { ...report, writtenAt: new Date(report.writtenMs).toISOString() },
    () => `${report.path}: ${report.channels} channels, as of ${new Date(report.writtenMs).toISOString()}`,
  )
}
