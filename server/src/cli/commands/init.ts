import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Address } from '@sluice/sdk'
import { formatAmount, parsePrice } from '@sluice/sdk/session'
import type { TokenInfo } from '../amounts.js'
import { ask } from '../asking.js'
import { connectChain, contractOn, hasCode, readToken } from '../chain.js'
import { addressText, amountText, contextOf, positiveNumber, verb, wholeNumber } from '../command.js'
import type { CommonOptions, Context } from '../command.js'
import { configDefaults, configPath, writeConfig, type Config } from '../config.js'
import { refused } from '../exit.js'
import type { Io } from '../io.js'
import { createKeyFile, inspectKeyFile, loadKeyFile, passphraseVariable } from '../privateKey.js'
import { openPrompts, type Prompts } from '../prompts.js'
import { askPayee, askToken, lower, nodeQuestion, priceQuestion, priceText, tokenText } from '../questions.js'
import { shortUrl } from '../report.js'
import { refusePublicKey } from '../safety.js'
import { createStreamKey } from '../streamKey.js'
import { layoutPairs } from '../table.js'

type InitOptions = CommonOptions & {
  readonly rpc?: string
  readonly chainId?: number
  readonly contract?: Address
  readonly token?: Address
  readonly payee?: Address
  readonly price?: string
  readonly title?: string
  readonly window?: number
  readonly credit?: number
  readonly grace?: number
  readonly confirmations?: number
  readonly suggestedDeposit?: string
  readonly host?: string
  readonly port?: number
  readonly store?: string
  readonly keyFile?: string
  readonly stage?: boolean
  readonly pages?: string
  readonly gasFactor?: number
  readonly tokenPrice?: string
  readonly maxAge?: number
  readonly warnAtRisk?: string
  readonly warnBeforeDeadline?: number
  readonly force?: boolean
}

/** `sluice init` */
export function initCommand(io: Io): Command {
  return verb({
    name: 'init',
    summary: 'write the settings and a key for the operator',
    description:
      'Writes sluice.json and a key file for the operator. Asks for what no flag says. The key signs receipts and ' +
      `settlement and needs a little gas; it is encrypted with the passphrase in $${passphraseVariable}. A key file that is ` +
      'there already is kept and used, always.',
    examples: [
      ['sluice init', 'ask for everything'],
      ['sluice init --rpc http://127.0.0.1:8545 --price 0.002/s', "paid in the chain's own coin"],
      [
        'sluice init --rpc $RPC --token 0x8335…2913 --price 0.12/min --payee 0xC01d…',
        'paid in a token, to a cold wallet',
      ],
      ['sluice init --rpc $RPC --price 0.12/min --stage --pages app/dist', 'a live stream with its pages'],
    ],
  })
    .option('--rpc <url>', 'address of a node (http or https)')
    .option('--chain-id <id>', 'the chain it must be on', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--contract <address>', 'StreamChannels, when it is not at its usual address', addressText)
    .option(
      '--token <address>',
      'what viewers pay in; "native" for the coin of the chain (default: native)',
      tokenText,
    )
    .option('--payee <address>', 'who receives; may be a cold wallet (default: the operator)', addressText)
    .option('--price <price>', 'such as 0.002/s, 0.12/min, 0.05/mb, 0.001/request')
    .option('--title <text>', 'what viewers read')
    .option('--window <units>', `units paid ahead (default: ${configDefaults.window})`, wholeNumber(1, 1e12))
    .option(
      '--credit <units>',
      `units delivered before they are paid (default: ${configDefaults.credit})`,
      wholeNumber(0, 1e12),
    )
    .option(
      '--grace <seconds>',
      `shortest grace period of a channel (default: ${configDefaults.grace})`,
      wholeNumber(900, 2_592_000),
    )
    .option('--confirmations <blocks>', 'how deep a deposit must be (default: 1)', wholeNumber(1, 1000))
    .option(
      '--suggested-deposit <amount>',
      'what viewers are advised to deposit (default: ten minutes)',
      amountText,
    )
    .option('--host <address>', `where the server listens (default: ${configDefaults.host})`)
    .option(
      '--port <port>',
      `where the server listens (default: ${configDefaults.port})`,
      wholeNumber(0, 65_535),
    )
    .option('--store <file>', `the database (default: ${configDefaults.store})`)
    .option('--key-file <file>', `the operator's key (default: ${configDefaults.keyFile})`)
    .option('--stage', 'sell live video, and make the stream key that OBS asks for')
    .option('--pages <folder>', 'serve the built pages, such as app/dist; with --stage, which it implies')
    .option('--gas-factor <times>', 'claim when worth this many times the gas (default: 10)', positiveNumber)
    .option('--token-price <amount>', 'what a whole token is worth in the coin that pays for gas', amountText)
    .option(
      '--max-age <seconds>',
      'claim after this long whatever the gas (default: 86400)',
      wholeNumber(1, 31_536_000),
    )
    .option('--warn-at-risk <amount>', 'warn when more than this is unclaimed (default: 100)', amountText)
    .option(
      '--warn-before-deadline <seconds>',
      'warn this long before a deadline (default: 3600)',
      wholeNumber(1, 2_592_000),
    )
    .option('--force', 'replace settings that are there')
    .action(async (options: InitOptions) => {
      await init(contextOf(io, options))
    })
}

async function init(context: Context<InitOptions>): Promise<void> {
  const { io, output, options } = context
  const path = configPath(io, options.config)
  const force = options.force === true
  if (existsSync(path) && !force) {
    throw refused(
      `${path} is there already and was left as it is.`,
      'Use another --config, or --force to replace it.',
    )
  }
  const prompts = await openPrompts(io)
  const rpc = options.rpc ?? io.env['SLUICE_RPC'] ?? (await ask(io, nodeQuestion))
  const connection = await connectChain(rpc, options.chainId)
  output.progress(`${shortUrl(rpc)} is on ${connection.chain.name} (${connection.chain.id})`)
  const token = await readToken(connection, options.token ?? (await askToken(prompts, connection)))
  const price = options.price === undefined ? await ask(io, priceQuestion(token)) : priceText(options.price)
  const suggestedDeposit = options.suggestedDeposit ?? suggestDeposit(price, token)
  const title = options.title ?? (await prompts?.text('What viewers read', { initial: configDefaults.title }))

  const keyFilePath = resolve(dirname(path), options.keyFile ?? configDefaults.keyFile)
  const key = await prepareKey(context, prompts, keyFilePath)
  refusePublicKey(key.address, connection.chain.id)
  const payee = options.payee ?? (await askPayee(prompts, key.address))
  if (payee.toLowerCase() === key.address.toLowerCase()) {
    output.warn("the payee is the operator's own account; --payee names a cold wallet instead")
  }

  const stage = await prepareStage(context, dirname(path))

  const config: Config = {
    version: 1,
    title: title ?? configDefaults.title,
    chainId: connection.chain.id,
    rpc,
    ...(options.contract === undefined ? {} : { contract: options.contract }),
    token,
    payee,
    keyFile: relative(dirname(path), keyFilePath),
    price,
    window: options.window ?? configDefaults.window,
    credit: options.credit ?? configDefaults.credit,
    grace: options.grace ?? configDefaults.grace,
    confirmations: options.confirmations ?? configDefaults.confirmations,
    suggestedDeposit,
    host: options.host ?? configDefaults.host,
    port: options.port ?? configDefaults.port,
    store: options.store ?? configDefaults.store,
    policy: {
      gasFactor: options.gasFactor ?? configDefaults.policy.gasFactor,
      ...(options.tokenPrice === undefined ? {} : { tokenPrice: options.tokenPrice }),
      maxAge: options.maxAge ?? configDefaults.policy.maxAge,
      warnAtRisk: options.warnAtRisk ?? configDefaults.policy.warnAtRisk,
      warnBeforeDeadline: options.warnBeforeDeadline ?? configDefaults.policy.warnBeforeDeadline,
    },
    ...stage?.config,
  }
  await writeConfig(path, config, force)

  const contract = contractOn(options.contract)
  const deployed = await hasCode(connection, contract)
  output.result(
    {
      config: path,
      keyFile: keyFilePath,
      keyCreated: key.created,
      operator: key.address,
      payee,
      contract,
      deployed,
      chainId: connection.chain.id,
      ...(stage?.key === undefined ? {} : { streamKey: stage.key }),
    },
    () =>
      [
        layoutPairs([
          ['settings', path],
          ['key', `${keyFilePath}${key.created ? '' : ' (kept)'}`],
          ['operator', key.address],
          ['payee', payee],
          ['chain', `${connection.chain.name} (${connection.chain.id})`],
          ['price', price.replace('/', ` ${token.symbol}/`)],
          ['contract', `${contract}${deployed ? '' : ' (not there yet)'}`],
          ...(stage === undefined
            ? []
            : [['stream key', stage.key ?? `${stage.config.stage.keyFile} (kept)`] as const]),
        ]),
        ...(stage?.key === undefined
          ? []
          : ['', `The stream key is shown once, and kept in ${stage.config.stage.keyFile}.`]),
        '',
        'Next:',
        `  send ${key.address} a little ${connection.chain.nativeCurrency.symbol} for gas`,
        ...(deployed ? [] : ['  sluice deploy --contract streamChannels']),
        '  sluice doctor',
        '  sluice serve',
      ].join('\n'),
  )
}

async function prepareKey(
  { io, output }: Context<InitOptions>,
  prompts: Prompts | undefined,
  path: string,
): Promise<{ readonly address: Address; readonly created: boolean }> {
  if (existsSync(path)) {
    const { address } = await inspectKeyFile(path)
    if (address !== undefined) return { address, created: false }
    return { address: lower((await loadKeyFile(io, path)).address), created: false }
  }
  const passphrase =
    io.env[passphraseVariable] ?? (await prompts?.secret('Passphrase for the new key (empty: none)'))
  const encrypted = passphrase !== undefined && passphrase !== ''
  const { address } = await createKeyFile(path, {
    passphrase: encrypted ? passphrase : undefined,
    force: false,
  })
  if (!encrypted) {
    output.warn(
      `the key in ${path} is not encrypted: whoever copies the file has it. Set $${passphraseVariable} to encrypt.`,
    )
  }
  return { address: lower(address), created: true }
}

/** The settings of a live stream, and its key when it is new. */
async function prepareStage({ io, options }: Context<InitOptions>, folder: string) {
  if (options.stage !== true && options.pages === undefined) return undefined
  const { streamKeyFile: keyFile } = configDefaults
  const key = await createStreamKey(resolve(folder, keyFile))
  const pages = options.pages && { pages: relative(folder, resolve(io.directory, options.pages)) }
  return { key, config: { stage: { keyFile, ...pages } } }
}

/** Ten minutes, or sixty units of what is not sold by time. */
function suggestDeposit(price: string, token: TokenInfo): string {
  const { amount, unit, per } = parsePrice(price, token.decimals)
  const units = unit === 'second' ? 600n : 60n * per
  const deposit = (amount * units) / per
  return formatAmount(deposit === 0n ? 1n : deposit, token.decimals)
}
