import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { CommandError, exitCodes, type ExitCode } from './exit.js'
import type { Io } from './io.js'
import { createOutput } from './output.js'
import { reportOf } from './report.js'

/** Every verb. Its module is loaded only when it is asked for, so that help and errors come at once. */
const verbs: readonly {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<(io: Io) => Command>
}[] = [
  {
    name: 'init',
    summary: 'write the settings and a key for the operator',
    load: async () => (await import('./commands/init.js')).initCommand,
  },
  {
    name: 'deploy',
    summary: 'put the contract onto a chain that lacks it',
    load: async () => (await import('./commands/deploy.js')).deployCommand,
  },
  {
    name: 'serve',
    summary: 'run the payee',
    load: async () => (await import('./commands/serve.js')).serveCommand,
  },
  {
    name: 'channels',
    summary: 'list, view, claim and close channels; get money back',
    load: async () => (await import('./commands/channels.js')).channelsCommand,
  },
  {
    name: 'watch',
    summary: 'pay for a stream and watch it here',
    load: async () => (await import('./commands/watch.js')).watchCommand,
  },
  {
    name: 'plan',
    summary: 'write, publish and show a subscription plan',
    load: async () => (await import('./commands/plan.js')).planCommand,
  },
  {
    name: 'subscription',
    summary: 'subscribe, charge what is due, pause, change and leave',
    load: async () => (await import('./commands/subscription.js')).subscriptionCommand,
  },
  {
    name: 'tournament',
    summary: 'create, join, report, dispute and pay tournaments',
    load: async () => (await import('./commands/tournament.js')).tournamentCommand,
  },
  {
    name: 'escrow',
    summary: 'hold money for an order: pay, capture, refund, dispute, settle',
    load: async () => (await import('./commands/escrow.js')).escrowCommand,
  },
  {
    name: 'backup',
    summary: 'copy the database while it is in use',
    load: async () => (await import('./commands/backup.js')).backupCommand,
  },
  {
    name: 'restore',
    summary: 'put a backup in place of the database',
    load: async () => (await import('./commands/restore.js')).restoreCommand,
  },
  {
    name: 'doctor',
    summary: 'check this machine, the settings and the chain',
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
]

/**
 * Runs one command line.
 *
 * @param args without the program's own name
 * @param io of this process
 * @returns what to tell the shell
 */
export async function runCommandLine(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const program = await createProgram(args, io)
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const report = reportOf(error)
    const output = createOutput(io, { json: args.includes('--json'), verbose: args.includes('--verbose') })
    if (!isSaid(error)) output.error(report)
    return report.exitCode
  }
}

async function createProgram(args: readonly string[], io: Io): Promise<Command> {
  const wanted = args.find((arg) => !arg.startsWith('-') && arg !== 'help')
  const program = new Command('sluice')
    .description('Payments that flow with a live stream.')
    .version(version(), '-V, --version')
    .addHelpText('after', '\nStart with: sluice init\nMore on a verb: sluice <verb> --help')
  for (const { name, summary, load } of verbs) {
    program.addCommand(
      name === wanted ? (await load())(io) : new Command(name).summary(summary).description(summary),
    )
  }
  for (const command of withDescendants(program)) {
    command
      .exitOverride()
      .showHelpAfterError(`(more with: ${fullName(command)} --help)`)
      .configureOutput({
        writeOut: (text) => io.out(text.trimEnd()),
        writeErr: (text) => io.err(text.trimEnd()),
      })
  }
  return program
}

function withDescendants(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withDescendants)]
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`
}

/** A command that has printed its own verdict, as `doctor` does, needs no further message. */
function isSaid(error: unknown): boolean {
  return error instanceof CommandError && error.message === ''
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
