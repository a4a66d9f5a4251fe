import { Option, type Command } from 'commander'
import type { Hono } from 'hono'
import { privateKeyToAccount } from 'viem/accounts'
import { SluiceError, zeroAddress, type Address } from '@sluice/sdk'
import { parseAmount } from '@sluice/sdk/session'
import { isLocalChain } from '../../deploy/chains.js'
import { machineReader } from '../../edge/machine.js'
import { systemClock } from '../../edge/system.js'
import { createTelemetryFeed } from '../../feeds/telemetry.js'
import { createStandalone } from '../../http/listen.js'
import { createLogger, silentLogger } from '../../log.js'
import { createPayee } from '../../payee/createPayee.js'
import type { Payee } from '../../payee/payee.js'
import type { SettlementPolicy } from '../../settlement/policy.js'
import { connectChain, contractOn, describeChain, hasCode } from '../chain.js'
import { contextOf, verb, withRpc, wholeNumber, type CommonOptions, type Context } from '../command.js'
import { loadConfig, type LoadedConfig } from '../config.js'
import { exitCodes, failure, usageError } from '../exit.js'
import type { Io } from '../io.js'
import type { Output } from '../output.js'
import { loadPrivateKey } from '../privateKey.js'
import { refusePublicKey } from '../safety.js'
import { announceEvents, announceStart } from '../serving/announce.js'
import { closeServed } from '../serving/closing.js'
import { putOnStage } from '../serving/stage.js'
import { createWatchdog, warningsOf } from '../serving/watchdog.js'
import { openDoor } from '../settling/control.js'
import { createSettle } from '../settling/settling.js'

type ServeOptions = CommonOptions & {
  readonly feed?: 'telemetry' | 'none'
  readonly stage?: boolean
  readonly pages?: string
  readonly port?: number
  readonly host?: string
  readonly log: string
}

/** Milliseconds between looks at what can be lost. */
const watchEveryMs = 5_000

/** `sluice serve` */
export function serveCommand(io: Io): Command {
  return withRpc(
    verb({
      name: 'serve',
      summary: 'run the payee',
      description:
        'Sells the built-in feed, or whatever is put in front of it, settles by itself, and warns when a deadline nears ' +
        'or too much is unclaimed. Ctrl-C or SIGTERM ends it in good order; nothing acknowledged is ever lost.',
      examples: [
        ['sluice serve', "this machine's load, memory and temperature, ten times a second"],
        ['sluice serve --feed none --port 8402', 'channels and settlement only'],
        ['sluice serve --stage --pages app/dist', 'live video from OBS or the studio page, and the pages'],
        ['sluice serve --json --log info', 'events on stdout, structured logs on stderr'],
      ],
    }),
  )
    .addOption(
      new Option('--feed <feed>', 'what is sold (default: telemetry, or nothing but the stage)').choices([
        'telemetry',
        'none',
      ]),
    )
    .option('--stage', 'sell live video: WHIP in, WHEP out (default: when the settings have a stage)')
    .option('--pages <folder>', 'serve the built pages, such as app/dist')
    .option('--port <port>', 'instead of the one in the settings; 0: any free one', wholeNumber(0, 65_535))
    .option('--host <address>', 'instead of the one in the settings')
    .addOption(
      new Option('--log <level>', 'structured logs on stderr')
        .choices(['silent', 'error', 'warn', 'info', 'debug', 'trace'])
        .default('silent'),
    )
    .action(async (options: ServeOptions) => {
      await serve(contextOf(io, options))
    })
}

async function serve({ io, output, options }: Context<ServeOptions>): Promise<void> {
  const config = await loadConfig(io, options)
  const { stage, feed } = whatIsSold(options, config)
  const logger =
    options.log === 'silent'
      ? silentLogger()
      : createLogger({ level: options.log, destination: process.stderr })
  const privateKey = await loadPrivateKey(io, {
    keyFile: config.keyFilePath,
    advice: 'Run "sluice init", or set SLUICE_PRIVATE_KEY.',
  })
  const account = privateKeyToAccount(privateKey)
  refusePublicKey(account.address, config.chainId)
  // Asked for from here on: a Ctrl-C during the start ends it in good order too.
  const stopping = waitForStop(io)
  output.progress('opening the database and looking at the chain')
  await checkChain(config)
  const chain = describeChain(config.chainId, config.rpc)
  const isOwnPayee = config.payee.toLowerCase() === account.address.toLowerCase()
  const payee = await createPayee({
    account,
    privateKey,
    ...(isOwnPayee ? {} : { payee: config.payee }),
    chain,
    rpc: config.rpc,
    token: config.token.address,
    contract: contractOn(config.contract),
    price: config.price,
    window: config.window,
    credit: config.credit,
    grace: config.grace,
    confirmations: config.confirmations,
    suggestedDeposit: config.suggestedDeposit,
    title: config.title,
    store: config.storePath,
    settlement: settlementOf(config),
    trustProxy: config.trustProxy ?? false,
    logger,
  })
  const undo: (() => void | Promise<void>)[] = [() => payee.close('the operator stopped it')]
  try {
    const place = { host: options.host ?? config.host, port: options.port ?? config.port }
    let url = ''
    const choice = { stage, pages: options.pages, url: () => url }
    const staged = await putOnStage(payee, config, choice, io, logger)
    undo.push(staged.close)
    const standalone = await listen(payee, { ...place, app: staged.app })
    url = standalone.url
    undo.push(() => standalone.close())
    const settle = createSettle({
      settler: payee.settler,
      close: (channelId) => closeServed({ ...payee, clock: systemClock }, channelId),
    })
    undo.push(await openDoor(config.storePath, settle))
    if (feed === 'telemetry') {
      const { unit } = payee.offer
      undo.push(payee.feed(createTelemetryFeed({ read: machineReader(), clock: systemClock, unit })))
    }
    undo.push(announceEvents(payee, config, output), keepWatch(payee, config, output))
    announceStart(payee, config, output, standalone.url, { ...staged, feed })
    await stopping
    output.progress('stopping: what is under way is finished first')
  } finally {
    for (const action of undo.reverse()) await action()
  }
  output.event({ event: 'stopped' }, 'Stopped.')
}

/** One thing is sold at a time: a viewer would pay for both. */
function whatIsSold(options: ServeOptions, config: LoadedConfig) {
  if (options.stage === true && options.feed === 'telemetry') {
    throw usageError('--stage and --feed telemetry would both be charged.', 'Leave one of them out.')
  }
  const stage = options.stage ?? (config.stage !== undefined && options.feed === undefined)
  return { stage, feed: options.feed ?? (stage ? 'none' : 'telemetry') }
}

async function listen(
  payee: Payee,
  place: { readonly host: string; readonly port: number; readonly app: Hono },
) {
  try {
    return await createStandalone(payee, place)
  } catch (cause) {
    const problem = portProblem(cause)
    if (problem === undefined) throw cause
    const reason = problem === 'EADDRINUSE' ? 'another program has it' : problem
    throw failure(
      `${place.host}:${place.port} cannot be listened on: ${reason}.`,
      'Stop the other program, or use another --port.',
      { cause },
    )
  }
}

/** The system's name for what is wrong with a port; undefined when something else is wrong. */
function portProblem(error: unknown): string | undefined {
  if (error instanceof SluiceError) return portProblem(error.cause)
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** Refuses what would fail later with less to say. */
async function checkChain(config: LoadedConfig): Promise<void> {
  const connection = await connectChain(config.rpc, config.chainId)
  const contract = contractOn(config.contract)
  if (await hasCode(connection, contract)) return
  throw failure(
    `There is no contract at ${contract} on ${connection.chain.name}.`,
    'Run "sluice deploy --contract streamChannels".',
  )
}

/** Resolves when the process is asked to end; asked again, it ends at once. */
function waitForStop(io: Io): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    io.onStop(() => {
      if (asked) process.exit(exitCodes.interrupted)
      asked = true
      resolve()
    })
  })
}

function settlementOf(config: LoadedConfig): Partial<SettlementPolicy> {
  const { token, policy, chainId } = config
  const local = isLocalChain(chainId)
  const worth = (address: Address) => {
    // Gas costs nothing there, so that every voucher would be worth a claim of its own.
    if (local) return undefined
    if (address === zeroAddress) return { wei: 1n, tokens: 1n }
    if (policy.tokenPrice === undefined || address !== token.address) return undefined
    return { wei: parseAmount(policy.tokenPrice, 18), tokens: 10n ** BigInt(token.decimals) }
  }
  return {
    price: worth,
    worthFactor: policy.gasFactor,
    maxAgeSeconds: policy.maxAge,
    // A local chain makes no block on its own, so that nothing would ever get deeper.
    ...(local ? { confirmations: 1, everyMs: 1_000 } : {}),
  }
}

/** Looks again and again at what can be lost, and warns. */
function keepWatch(payee: Payee, config: LoadedConfig, output: Output): () => void {
  const { token, policy } = config
  const limits = {
    token,
    atRisk: parseAmount(policy.warnAtRisk, token.decimals),
    beforeDeadline: policy.warnBeforeDeadline,
  }
  const bark = createWatchdog(({ text }) => output.warn(text))
  const look = (): void => {
    bark(warningsOf(payee.settler.status(), limits, Math.floor(systemClock.now() / 1000)))
    cancel = systemClock.schedule(watchEveryMs, look)
  }
  let cancel = systemClock.schedule(watchEveryMs, look)
  return () => cancel()
}
