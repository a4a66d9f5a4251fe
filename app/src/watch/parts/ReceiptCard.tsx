import type { ReactNode } from 'react'
import { saveFile } from '../../edge/browser.ts'
import { clockTime } from '../../money/time.ts'
import { useText } from '../../text/language.ts'
import { useAct, useMoney, useWatch, useWatchState } from '../context.ts'
import { receiptCsv, receiptJson } from '../receiptFile.ts'
import { Price } from './Price.tsx'

/** What it came to, to keep. */
export function ReceiptCard(): ReactNode {
  const text = useText()
  const money = useMoney()
  const act = useAct()
  const { config } = useWatch()
  const { final, channel } = useWatchState()
  if (final === undefined || channel === undefined) return null
  const { decimals } = config.token
  const name = `sluice-${final.channelId.slice(2, 10)}`
  const facts: readonly (readonly [string, ReactNode])[] = [
    [text.watch.paid, money.token(final.captured, decimals)],
    [text.watch.tips, money.token(channel.tipped, decimals)],
    [text.watch.back, money.token(final.refunded, decimals)],
    ...(channel.offer.unit === 'second'
      ? [[text.watch.watched, clockTime(Number(channel.units) / 1000)] as const]
      : []),
    [text.watch.rate, <Price key="price" />],
    [text.watch.transaction, final.transaction],
    [text.watch.channel, final.channelId],
  ]
  return (
    <div className="stack" data-testid="receipt">
      <h2>{text.watch.receipt}</h2>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="fine">{text.watch.signedByBoth}</p>
      <div className="row">
        <button
          type="button"
          onClick={() => {
            saveFile(`${name}.json`, 'application/json', receiptJson(final, channel))
          }}
        >
          {text.watch.saveJson}
        </button>
        <button
          type="button"
          onClick={() => {
            saveFile(`${name}.csv`, 'text/csv', receiptCsv(final, channel))
          }}
        >
          {text.watch.saveCsv}
        </button>
      </div>
      <button
        type="button"
        className="main"
        onClick={() => {
          act((watch) => watch.again())
        }}
      >
        {text.watch.again}
      </button>
    </div>
  )
}
