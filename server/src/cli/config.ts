import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { getAddress } from 'viem'
import { z } from 'zod'
import { SluiceError, type Address } from '@sluice/sdk'
import { parsePrice } from '@sluice/sdk/session'
import { failure, usageError } from './exit.js'
import { writeNewFile } from './files.js'
import type { Io } from './io.js'

/** The file's name when no flag says otherwise. */
export const defaultConfigName = 'sluice.json'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'expected 0x and 40 digits of hex')
  .transform((text) => getAddress(text).toLowerCase() as Address)

const amount = z.string().regex(/^\d+(\.\d+)?$/, 'expected an amount in whole tokens, such as "5.00"')

const price = z.string().superRefine((text, context) => {
  try {
    parsePrice(text, 30)
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof SluiceError ? (error.details ?? error.message) : 'expected such as 0.002/s',
    })
  }
})

const stageSchema = z.strictObject({
  /** The stream key, which a publisher must know. */
  keyFile: z.string().min(1),
  /** The built pages. */
  pages: z.string().min(1).optional(),
  /** Where viewers reach the server; left out: where they asked. */
  origin: z.url({ protocol: /^https?$/, error: 'expected http:// or https://' }).optional(),
  /** The node that viewers' browsers ask, which everybody can read. */
  rpc: z.url({ protocol: /^https?$/, error: 'expected http:// or https://' }).optional(),
  /** What one token is worth in US dollars. */
  tokenPriceUsd: amount.optional(),
  /** Addresses this machine is known by outside, where it does not know them itself. */
  addresses: z.array(z.string().min(1)).optional(),
  /** UDP ports of media, lowest and highest. */
  ports: z.tuple([z.int().min(1).max(65_535), z.int().min(1).max(65_535)]).optional(),
  iceServers: z
    .array(
      z.strictObject({
        urls: z.string().min(1),
        username: z.string().optional(),
        credential: z.string().optional(),
      }),
    )
    .optional(),
  mostViewers: z.int().positive().optional(),
})

const configSchema = z.strictObject({
  version: z.literal(1),
  /** Shown to viewers. */
  title: z.string().min(1).max(200),
  chainId: z.int().positive(),
  rpc: z.url({ protocol: /^https?$/, error: 'expected http:// or https://' }),
  /** StreamChannels; left out: the known deployment on the chain, or what `sluice deploy` writes here. */
  contract: address.optional(),
  token: z.strictObject({
    /** Zero: the chain's native coin. */
    address,
    symbol: z.string().min(1).max(32),
    decimals: z.int().min(0).max(30),
  }),
  /** Receives the money; may be a cold wallet. */
  payee: address,
  /** The operator's key, which signs receipts and settlement and can never receive anything. */
  keyFile: z.string().min(1),
  /** Such as 0.002/s, 1.20/h, 0.05/mb, 0.001/request. */
  price,
  /** Units paid ahead. */
  window: z.int().positive(),
  /** Units delivered beyond what is paid. */
  credit: z.int().nonnegative(),
  /** Shortest grace period of a channel, seconds. */
  grace: z.int().min(900).max(2_592_000),
  /** Blocks a deposit must be buried under. */
  confirmations: z.int().min(1).max(1000),
  /** Whole tokens a viewer is advised to deposit. */
  suggestedDeposit: amount,
  host: z.string().min(1),
  port: z.int().min(0).max(65_535),
  /** Whether a proxy of one's own stands in front, which writes who asked into `X-Forwarded-For`; left out: no. */
  trustProxy: z.boolean().optional(),
  /** The database, relative to this file. */
  store: z.string().min(1),
  policy: z.strictObject({
    /** A claim is sent when it is worth this many times its gas. */
    gasFactor: z.number().positive(),
    /** Whole native coins that a whole token is worth; left out: unknown, then only age and deadlines settle. */
    tokenPrice: amount.optional(),
    /** Seconds after which what is unclaimed goes out whatever the gas. */
    maxAge: z.int().positive(),
    /** Whole tokens of unclaimed vouchers above which the operator is warned. */
    warnAtRisk: amount,
    /** Seconds before a deadline at which the operator is warned. */
    warnBeforeDeadline: z.int().positive(),
  }),
  /** A live stream with a picture, in place of a feed. */
  stage: stageSchema.optional(),
})

/** The operator's settings, as `sluice.json` holds them. */
export type Config = z.output<typeof configSchema>

/** The settings of a live stream. */
export type StageConfig = z.output<typeof stageSchema>

/** Settings and the place that relative paths in them start from. */
export type LoadedConfig = Config & {
  /** Absolute. */
  readonly path: string
  /** Absolute. */
  readonly keyFilePath: string
  /** Absolute. */
  readonly storePath: string
}

/** Everything `init` does not have to ask. */
export const configDefaults = {
  title: 'A live stream',
  window: 10,
  credit: 3,
  grace: 86_400,
  confirmations: 1,
  suggestedDeposit: '1',
  host: '127.0.0.1',
  port: 8402,
  store: 'sluice.db',
  keyFile: 'operator.key.json',
  streamKeyFile: 'stream.key',
  policy: { gasFactor: 10, maxAge: 86_400, warnAtRisk: '100', warnBeforeDeadline: 3600 },
} as const

/**
 * Where the settings are.
 *
 * @param io the environment and the working directory
 * @param flag `--config`
 */
export function configPath(io: Io, flag: string | undefined): string {
  return resolve(io.directory, flag ?? io.env['SLUICE_CONFIG'] ?? defaultConfigName)
}

/**
 * Reads and checks the settings. `--rpc` and SLUICE_RPC win over the file, because such addresses often hold a key.
 *
 * @param io the environment and the working directory
 * @param flags `config`: the file; `rpc`: another node
 * @throws CommandError exit code 1 without a file, exit code 2 when it is wrong, naming every field that is
 */
export async function loadConfig(
  io: Io,
  flags: { readonly config?: string | undefined; readonly rpc?: string | undefined },
): Promise<LoadedConfig> {
  const path = configPath(io, flags.config)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw failure(
      `There are no settings at ${path}.`,
      'Run "sluice init" here, or point to them with --config.',
      {
        cause,
      },
    )
  })
  const config = parseConfig(text, path)
  const folder = dirname(path)
  return {
    ...config,
    rpc: flags.rpc ?? io.env['SLUICE_RPC'] ?? config.rpc,
    path,
    keyFilePath: resolve(folder, config.keyFile),
    storePath: resolve(folder, config.store),
  }
}

/**
 * Reads the settings where there are any, for verbs that do without.
 *
 * @param io the environment and the working directory
 * @param flags as for {@link loadConfig}
 * @throws CommandError exit code 2 when they are wrong
 */
export async function findConfig(
  io: Io,
  flags: Parameters<typeof loadConfig>[1],
): Promise<LoadedConfig | undefined> {
  return existsSync(configPath(io, flags.config)) ? await loadConfig(io, flags) : undefined
}

/**
 * Checks settings.
 *
 * @param text JSON
 * @param path named in errors
 * @throws CommandError exit code 2, naming every field that is wrong
 */
export function parseConfig(text: string, path: string): Config {
  const parsed = configSchema.safeParse(parseJson(text, path))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`)
  throw usageError(
    `The settings in ${path} are wrong: ${problems.join('; ')}.`,
    'Correct the file, or run "sluice init --force".',
  )
}

/**
 * Writes settings.
 *
 * @param path of the file
 * @param config the settings
 * @param force replaces a file that is there
 * @throws CommandError exit code 3 when it is there and `force` is false
 */
export async function writeConfig(path: string, config: Config, force: boolean): Promise<void> {
  await writeNewFile(path, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600, force })
}

/**
 * Puts the contract's address into settings that are there already.
 *
 * @param path of the file
 * @param contract StreamChannels
 */
export async function rememberContract(path: string, contract: Address): Promise<void> {
  const config = parseConfig(await readFile(path, 'utf8'), path)
  await writeConfig(path, { ...config, contract: getAddress(contract).toLowerCase() as Address }, true)
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw failure(`${path} is not JSON.`, 'Correct the file, or run "sluice init --force".', { cause })
  }
}
