import type { Command } from 'commander'
import { diagnose } from '../diagnosis/diagnose.js'
import type { Finding } from '../diagnosis/finding.js'
import { contextOf, verb, withRpc, type CommonOptions, type Context } from '../command.js'
import { CommandError, exitCodes } from '../exit.js'
import type { Io } from '../io.js'
import { layoutTable } from '../table.js'

/** `sluice doctor` */
export function doctorCommand(io: Io): Command {
  return withRpc(
    verb({
      name: 'doctor',
      summary: 'check this machine, the settings and the chain',
      description:
        'Checks everything the server needs, one line each: ok, warn or fail, with what to do. Changes nothing. Exit ' +
        'code 1 when a check fails; warnings do not count.',
      examples: [
        ['sluice doctor', 'before the first "sluice serve", and whenever something is odd'],
        ['sluice doctor --json', 'for a monitor'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    await doctor(contextOf(io, options))
  })
}

async function doctor({ io, output, options }: Context<CommonOptions>): Promise<void> {
  const findings = await diagnose(io, options)
  const failed = findings.filter(({ status }) => status === 'fail').length
  output.result({ ok: failed === 0, checks: findings }, () => layoutFindings(findings))
  if (failed > 0) throw new CommandError({ exitCode: exitCodes.failed, message: '' })
}

function layoutFindings(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ status, name, message, advice }) => [
    [status, name, message],
    ...(advice === undefined ? [] : [['', '', `→ ${advice}`]]),
  ])
  return layoutTable([{ title: '' }, { title: 'check' }, { title: 'result' }], rows)
}
