import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { getChannel } from '@sluice/sdk/channel'
import { formatAmount, parseAmount, systemClock, type Offer, type PayerStore } from '@sluice/sdk/session'
import type { FinalReceipt, Hex } from '@sluice/sdk'
import { jsonAmount, showAmount, showDuration, type TokenInfo } from '../amounts.js'
import {
  amountText,
  contextOf,
  positiveNumber,
  verb,
  withRpc,
  type CommonOptions,
  type Context,
} from '../command.js'
import { failure } from '../exit.js'
import type { Io } from '../io.js'
import { openPayer, payerHome, type Payer } from '../payer.js'
import { loadAccount } from '../privateKey.js'
import { confirmSpending, refusePublicKey } from '../safety.js'
import { layoutPairs } from '../table.js'
import { plain } from '../watching/meterView.js'
import { priceText, readOffer, secondsFor, tokenOf } from '../watching/offer.js'
import { view } from '../watching/viewer.js'

type Tip = { readonly amount: string; readonly message: string }

type WatchOptions = CommonOptions & {
  readonly budget?: string
  readonly keyFile?: string
  readonly home?: string
  readonly for?: number
  readonly tip?: readonly Tip[]
  readonly keep?: boolean
  readonly yes?: boolean
}

/** `sluice watch` */
export function watchCommand(io: Io): Command {
  return withRpc(
    verb({
      name: 'watch',
      summary: 'pay for a stream and watch it here',
      description:
        'Opens a channel with a budget, or goes on with the one there is, pays while the stream flows, and settles at ' +
        'the end: what is left comes back. On a terminal: t tips, p pauses, s or q stops. Ctrl-C stops too. The payee ' +
        'is silent? sluice channels request-close <id> --as payer.',
      examples: [
        ['sluice watch http://localhost:8402 --budget 1', 'with the key in $SLUICE_PRIVATE_KEY'],
        ['sluice watch https://live.example --budget 5 --key-file me.json --for 60', 'a minute'],
        [
          'sluice watch http://localhost:8402 --budget 1 --tip "0.01:well done" --json',
          'one JSON object a line',
        ],
      ],
    }),
  )
    .argument('<url>', 'any page of the payee')
    .option(
      '--budget <amount>',
      'whole tokens to spend at most (default: what the payee suggests)',
      amountText,
    )
    .option('--key-file <file>', 'the key that pays (default: $SLUICE_PRIVATE_KEY)')
    .option(
      '--home <folder>',
      'where channels and session keys are kept (default: ~/.sluice, or $SLUICE_HOME)',
    )
    .option('--for <seconds>', 'stop after this long', positiveNumber)
    .option('--tip <amount[:message]>', 'tip once it plays; may be given more than once', tipText)
    .option('--keep', 'keep the channel open at the end, to go on later')
    .option('--yes', 'do not ask before the deposit on a public chain')
    .action(async (url: string, options: WatchOptions) => {
      await watch(contextOf(io, options), url)
    })
}

async function watch({ io, output, options }: Context<WatchOptions>, url: string): Promise<void> {
  const offer = await readOffer(url)
  const token = tokenOf(offer)
  const budget = options.budget ?? formatAmount(offer.suggestedDeposit, offer.decimals)
  announce({ io, output, options }, offer, budget)

  const account = await loadAccount(io, {
    keyFile: options.keyFile === undefined ? undefined : resolve(io.directory, options.keyFile),
    advice: 'Set SLUICE_PRIVATE_KEY, or add --key-file.',
  })
  refusePublicKey(account.address, offer.chainId)
  const counter = { vouchers: 0 }
  const payer = await openPayer({
    home: payerHome(io, options.home),
    account,
    chainId: offer.chainId,
    rpc: options.rpc ?? io.env['SLUICE_RPC'],
    store: (store) => countVouchers(store, counter),
  })
  const question = `Deposit ${budget} ${plain(token.symbol)} on ${payer.connection.chain.name}?`
  await confirmSpending(io, offer.chainId, question, options.yes === true)
  const tips = options.tip ?? []
  const stream = await payer.sluice.open({
    payee: url,
    budget,
    tips: tipAllowance(budget, tips, token),
    onStep: ({ index, of, title }) => output.progress(`${index} of ${of}: ${title}`),
  })
  const { channelId, deposited } = stream.record()
  output.event(
    { event: 'channel', channelId, deposited: jsonAmount(deposited, token), payer: account.address },
    `channel ${channelId}, ${showAmount(deposited, token)} deposited`,
  )
  const { outcome, seconds } = await view({
    io,
    output,
    clock: systemClock,
    stream,
    offer,
    vouchers: () => counter.vouchers,
    seconds: options.for,
    tips,
    tip: tips[0]?.amount ?? defaultTip(offer),
    keep: options.keep === true,
  })
  const watched = { seconds: Math.round(seconds), vouchers: counter.vouchers }
  if (outcome.kind === 'left') {
    output.event(
      { event: 'left', channelId, ...watched },
      'The channel stays open: watch again to go on, or close it.',
    )
    return
  }
  const end = outcome.kind === 'stopped' ? outcome.receipt : await endByPayee(payer, channelId, offer)
  output.event(
    {
      event: 'stopped',
      ...end,
      captured: jsonAmount(end.captured, token),
      refunded: jsonAmount(end.refunded, token),
      ...watched,
    },
    [
      outcome.kind === 'stopped' ? 'Stopped.' : 'The payee has ended the stream.',
      layoutPairs([
        ['watched', showDuration(seconds)],
        ['paid', showAmount(end.captured, token)],
        ['came back', showAmount(end.refunded, token)],
        ['vouchers', String(counter.vouchers)],
        ...(end.transaction === undefined ? [] : [['transaction', end.transaction] as const]),
        ['channel', channelId],
      ]),
    ].join('\n'),
  )
}

function announce({ output }: Context<WatchOptions>, offer: Offer, budget: string): void {
  const token = tokenOf(offer)
  const amount = parseAmount(budget, offer.decimals)
  const seconds = secondsFor(offer, amount)
  output.event(
    {
      event: 'offer',
      title: offer.title,
      price: priceText(offer),
      chainId: offer.chainId,
      payee: offer.payee,
      budget: jsonAmount(amount, token),
      seconds,
    },
    plain(
      `${offer.title}: ${priceText(offer)}. ${showAmount(amount, token)} buys ` +
        `${seconds === undefined ? 'as much as it lasts for' : showDuration(seconds)}; what is left comes back.`,
    ),
  )
}

/** The payee closes its channels itself; the chain says at what. */
async function endByPayee(
  { wallet }: Payer,
  channelId: Hex,
  { contract }: Offer,
): Promise<Pick<FinalReceipt, 'channelId' | 'captured' | 'refunded'> & { readonly transaction?: Hex }> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const { closed, claimed, deposited } = await getChannel(wallet, { channelId, contract })
    if (closed) return { channelId, captured: claimed, refunded: deposited - claimed }
    await new Promise<void>((done) => {
      systemClock.schedule(500, done)
    })
  }
  throw failure(
    'The payee ended the stream and has not closed the channel.',
    `Get the rest back: sluice channels request-close ${channelId} --as payer`,
  )
}

/** A record is stored before each voucher leaves: every time `signed` rises, one was signed. */
function countVouchers(store: PayerStore, counter: { vouchers: number }): PayerStore {
  const signed = new Map<Hex, bigint>()
  return {
    ...store,
    put: async (record) => {
      const before = signed.get(record.channelId) ?? record.signed
      if (signed.has(record.channelId) && record.signed > before) counter.vouchers += 1
      signed.set(record.channelId, record.signed)
      await store.put(record)
    },
  }
}

/** A quarter of the budget, or what the flags ask for. */
function tipAllowance(budget: string, tips: readonly Tip[], token: TokenInfo): string {
  const asked = tips.reduce((sum, { amount }) => sum + parseAmount(amount, token.decimals), 0n)
  const quarter = parseAmount(budget, token.decimals) / 4n
  return formatAmount(asked > quarter ? asked : quarter, token.decimals)
}

/** What a minute costs, or sixty pieces. */
function defaultTip({ price, unit, per, decimals }: Offer): string {
  const amount = unit === 'second' ? (price * 60n) / per : price * 60n
  return formatAmount(amount === 0n ? 1n : amount, decimals)
}

function tipText(text: string, before: readonly Tip[] = []): readonly Tip[] {
  const [amount = '', ...rest] = text.split(':')
  if (!/^\d+(\.\d+)?$/.test(amount))
    throw new InvalidArgumentError('Expected an amount, such as 0.5 or "0.5:well done".')
  return [...before, { amount, message: rest.join(':') }]
}
