import type { PayeeRecord } from '@sluice/sdk/session'
import type { Payee } from '../../payee/payee.js'
import { jsonAmount, shortHex, showAmount } from '../amounts.js'
import type { LoadedConfig } from '../config.js'
import type { Output } from '../output.js'
import { layoutPairs } from '../table.js'
import { plain } from '../watching/meterView.js'
import { priceText } from '../watching/offer.js'
import type { Staged } from './stage.js'

/** Says what is served, and where. */
export function announceStart(
  payee: Payee,
  config: LoadedConfig,
  output: Output,
  url: string,
  { feed, stage, pages }: Pick<Staged, 'stage' | 'pages'> & { readonly feed: string },
): void {
  const { offer, deployment } = payee
  const price = priceText({ ...offer, type: 'offer', challenge: '0x' })
  output.event(
    {
      event: 'listening',
      url,
      feed,
      stage,
      pages,
      price,
      payee: offer.payee,
      operator: offer.operator,
      chainId: deployment.chainId,
      contract: deployment.contract,
      store: config.storePath,
    },
    [
      `"${plain(offer.title)}" is served at ${url}`,
      layoutPairs([
        ['  price', price],
        ['  payee', offer.payee],
        ['  feed', stage ? 'live video' : feed],
        ...(stage ? [['  publish', `${url}/stage/whip  (the stream key is in its file)`] as const] : []),
        ...(pages ? [['  pages', `${url}/watch/`] as const] : []),
        ['  offer', `${url}/.well-known/sluice`],
        ['  health', `${url}/healthz  ${url}/metrics`],
        ['  watch it', `sluice watch ${url}`],
      ]),
    ].join('\n'),
  )
}

/** One line for whatever matters, until the returned function is called. */
export function announceEvents(payee: Payee, config: LoadedConfig, output: Output): () => void {
  const { token } = config
  const channel = (record: PayeeRecord) => ({
    channelId: record.channelId,
    payer: record.channel.payer,
    accepted: jsonAmount(record.accepted, token),
    spent: jsonAmount(record.spent, token),
  })
  const name = ({ channelId }: PayeeRecord): string => shortHex(channelId)
  const undo = [
    payee.on('joined', ({ record }) => {
      output.event(
        { event: 'joined', ...channel(record) },
        `${name(record)} joined, ${showAmount(record.deposited, token)} deposited`,
      )
    }),
    payee.on('left', ({ record }) => {
      output.event(
        { event: 'left', ...channel(record) },
        `${name(record)} left, ${showAmount(record.spent, token)} spent`,
      )
    }),
    payee.on('tip', (tip) => {
      const { channelId, amount, message } = tip
      output.event(
        { event: 'tip', channelId, amount: jsonAmount(amount, token), message },
        `${shortHex(channelId)} tipped ${showAmount(amount, token)}  ${plain(message)}`.trimEnd(),
      )
    }),
    payee.on('closed', ({ record }) => {
      output.event(
        { event: 'closed', ...channel(record) },
        `${name(record)} closed, ${showAmount(record.claimed, token)} earned`,
      )
    }),
    payee.on('settled', ({ entry: { purpose, inclusion } }) => {
      output.event(
        {
          event: 'settled',
          kind: purpose.kind,
          channels: purpose.channels.length,
          transaction: inclusion?.hash,
        },
        `${purpose.kind} of ${purpose.channels.length} channels confirmed: ${inclusion?.hash ?? ''}`,
      )
    }),
    payee.on('error', (error) => {
      output.warn([error.message, error.details].filter((text) => text !== undefined).join(' '))
    }),
  ]
  return () => {
    for (const action of undo) action()
  }
}
