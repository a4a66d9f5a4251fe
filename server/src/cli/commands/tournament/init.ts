import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { keccak256 } from 'viem'
import { getBlock } from 'viem/actions'
import { privateKeyToAddress } from 'viem/accounts'
import { zeroAddress, type Address, type Hex } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import { defineTournament } from '@sluice/sdk/tournament'
import { ask } from '../../asking.js'
import { readToken } from '../../chain.js'
import { addressText, amountText, contextOf, verb, wholeNumber, withRpc } from '../../command.js'
import type { CommonOptions, Context } from '../../command.js'
import { findConfig } from '../../config.js'
import { failure } from '../../exit.js'
import type { Io } from '../../io.js'
import { inspectKeyFile, keyVariable, loadPrivateKey } from '../../privateKey.js'
import { reachMeant } from '../../nodes.js'
import { layoutPairs } from '../../table.js'
import { newSalt, refuseTaken } from '../../termsFile.js'
import { termsJson, termsPairs } from '../../tournaments/describe.js'
import {
  durationText,
  momentText,
  percentText,
  secondOf,
  splitText,
  type Moment,
} from '../../tournaments/parse.js'
import { defaultTournamentName, writeTournamentFile } from '../../tournaments/tournamentFile.js'

type InitOptions = CommonOptions & {
  readonly tournament: string
  readonly contract?: Address
  readonly host?: Address
  readonly referee?: Address
  readonly token?: Address
  readonly entry?: string
  readonly split?: readonly number[]
  readonly minPlayers: number
  readonly maxPlayers: number
  readonly joinUntil?: Moment
  readonly resultUntil?: Moment
  readonly challenge: number
  readonly ruling: number
  readonly rake: number
  readonly bond: string
  readonly challengeBond: string
  readonly keeperReward: string
  readonly rules?: string
  readonly force?: boolean
}

/** `sluice tournament init` */
export function initCommand(io: Io): Command {
  const players = wholeNumber(2, 2 ** 32 - 1)
  return withRpc(
    verb({
      name: 'init',
      summary: 'write a tournament to a file',
      description:
        'Writes the terms of a tournament to a file, and asks for what no flag says. Nothing is sent; "sluice tournament create" opens it.',
      examples: [
        ['sluice tournament init', 'asks for entry, split, dates and referee'],
        [
          'sluice tournament init --entry 10 --split 50,30,20 --referee 0x… --join-until 2h --result-until 1d',
          'in the native coin, reported within a day after the last player can join',
        ],
      ],
    }),
  )
    .option('--tournament <file>', 'where to write it', defaultTournamentName)
    .option('--contract <address>', 'where Tournaments is (default: its known address)', addressText)
    .option('--host <address>', 'who creates it and reports (default: the key that signs)', addressText)
    .option('--referee <address>', 'who decides disputes; somebody else than the host', addressText)
    .option('--token <address>', 'what is played for (default: the native coin)', addressText)
    .option('--entry <amount>', 'what each player puts in, in whole tokens', amountText)
    .option('--split <shares>', 'percent of the prizes by rank, such as 50,30,20', splitText)
    .option('--min-players <number>', 'with fewer it does not start', players, 2)
    .option('--max-players <number>', 'that may join', players, 64)
    .option('--join-until <moment>', 'such as "2026-12-24 18:00", or 2h from now', momentText)
    .option('--result-until <moment>', 'such as "2026-12-26 18:00", or 1d from then', momentText)
    .option('--challenge <time>', 'how long a result may be challenged', durationText, 3_600)
    .option('--ruling <time>', 'how long the referee has', durationText, 3 * 86_400)
    .option('--rake <percent>', "the host's share of the entries", percentText, 0)
    .option('--bond <amount>', "the host's, for the players if it vanishes", amountText, '0')
    .option('--challenge-bond <amount>', "a challenger's, for the host if it is wrong", amountText, '0')
    .option('--keeper-reward <amount>', "of the host's share, to whoever pays a winner", amountText, '0')
    .option('--rules <file>', 'the rules as players read them; their hash goes into the terms')
    .option('--force', 'replace the file')
    .action(async (options: InitOptions) => {
      await init(contextOf(io, options))
    })
}

async function init(context: Context<InitOptions>): Promise<void> {
  const { io, output, options } = context
  const force = options.force === true
  refuseTaken(io, options.tournament, force)
  const connection = await reachMeant(context)
  const token = await readToken(connection, options.token ?? zeroAddress)
  const now = Number((await getBlock(connection.client)).timestamp)
  const base = (text: string): bigint => parseAmount(text, token.decimals)

  const host = options.host ?? (await keyAddress(io, options)) ?? (await ask(io, questions.host))
  const entry = options.entry ?? (await ask(io, questions.entry(token.symbol)))
  const payouts = options.split ?? (await ask(io, questions.split))
  const joinUntil = options.joinUntil ?? (await ask(io, questions.joinUntil))
  const resultUntil = options.resultUntil ?? (await ask(io, questions.resultUntil))
  const referee = options.referee ?? (await ask(io, questions.referee(host)))

  const joinDeadline = secondOf(joinUntil, now)
  const tournament = defineTournament({
    host,
    referee,
    token: token.address,
    stake: base(entry),
    payouts,
    minimumPlayers: options.minPlayers,
    maximumPlayers: options.maxPlayers,
    joinDeadline,
    resultDeadline: secondOf(resultUntil, joinDeadline),
    challengeWindow: options.challenge,
    rulingWindow: options.ruling,
    rake: options.rake,
    bond: base(options.bond),
    challengeBond: base(options.challengeBond),
    keeperReward: base(options.keeperReward),
    rulesHash: await rulesHash(io, options.rules),
    salt: newSalt(),
  })
  const { contract } = options
  const file = { chainId: connection.chain.id, ...(contract === undefined ? {} : { contract }), tournament }
  const path = await writeTournamentFile(io, options.tournament, file, force)
  output.result({ path, ...file, tournament: termsJson(tournament, token) }, () =>
    [
      layoutPairs(termsPairs(tournament, token)),
      `written to ${path}; "sluice tournament create" opens it`,
    ].join('\n'),
  )
}

const questions = {
  host: { question: 'Who is the host? (address)', flag: '--host', parse: addressText },
  entry: (symbol: string) => ({
    question: `What does each player put in? (${symbol}; 0 is possible)`,
    flag: '--entry',
    parse: amountText,
  }),
  split: {
    question: 'How are the prizes split? (percent by rank)',
    flag: '--split',
    parse: splitText,
    initial: '50,30,20',
  },
  joinUntil: {
    question: 'Until when can players join? (a date, or a time from now)',
    flag: '--join-until',
    parse: momentText,
    initial: '2h',
  },
  resultUntil: {
    question: 'Until when must you report the result? (a date, or a time from then)',
    flag: '--result-until',
    parse: momentText,
    initial: '1d',
  },
  referee: (host: Address) => ({
    question: 'Who decides disputes? (address; somebody the players trust, not you)',
    flag: '--referee',
    parse: (text: string) => {
      const referee = addressText(text)
      if (referee !== host.toLowerCase()) return referee
      throw new InvalidArgumentError('It must be somebody else than the host.')
    },
  }),
}

/** The address of the key that would sign, without opening it. */
async function keyAddress(io: Io, options: InitOptions): Promise<Address | undefined> {
  if ((io.env[keyVariable] ?? '') !== '') {
    return privateKeyToAddress(await loadPrivateKey(io, { keyFile: undefined, advice: '' }))
  }
  const keyFile = (await findConfig(io, options))?.keyFilePath
  return keyFile !== undefined && existsSync(keyFile) ? (await inspectKeyFile(keyFile)).address : undefined
}

async function rulesHash(io: Io, name: string | undefined): Promise<Hex | undefined> {
  if (name === undefined) return undefined
  const path = resolve(io.directory, name)
  const text = await readFile(path).catch((cause: unknown) => {
    throw failure(`The rules at ${path} cannot be read.`, 'Check the name.', { cause })
  })
  return keccak256(new Uint8Array(text))
}
