import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { restoreBackup } from '../../store/backup.js'
import { contextOf, verb, type CommonOptions, type Context } from '../command.js'
import { loadConfig } from '../config.js'
import type { Io } from '../io.js'
import { requireYes } from '../prompts.js'

type RestoreOptions = CommonOptions & { readonly yes?: boolean; readonly force?: boolean }

/** `sluice restore` */
export function restoreCommand(io: Io): Command {
  return verb({
    name: 'restore',
    summary: 'put a backup in place of the database',
    description:
      'Puts a backup in place of the database while the server is stopped. What was there is kept beside it. Refuses ' +
      'to replace a newer database unless forced: an older one knows lower vouchers, which are worth less.',
    examples: [['sluice restore /backups/sluice.db --yes', 'after the disk was lost']],
  })
    .argument('<file>', 'the backup')
    .option('--yes', 'replace a database without asking')
    .option('--force', 'replace even one that is newer or has another history')
    .action(async (file: string, options: RestoreOptions) => {
      await restore(contextOf(io, options), file)
    })
}

async function restore({ io, output, options }: Context<RestoreOptions>, file: string): Promise<void> {
  const config = await loadConfig(io, options)
  const to = config.storePath
  if (existsSync(to)) await requireYes(io, `Replace ${to} by ${file}?`, options.yes === true)
  const report = await restoreBackup({ from: resolve(io.directory, file), to, force: options.force === true })
  for (const warning of report.warnings) output.warn(warning)
  output.result({ ...report, path: to }, () =>
    [
      `${to}: ${report.restored.channels} channels, as of ${new Date(report.restored.writtenMs).toISOString()}`,
      ...(report.replaced === undefined ? [] : [`the former database is kept at ${report.replaced.keptAt}`]),
      ...report.behind.map((channelId) => `behind: ${channelId}`),
    ].join('\n'),
  )
}
