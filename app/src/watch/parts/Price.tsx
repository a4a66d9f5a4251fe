import { costOf } from '@sluice/sdk/session'
import type { ReactNode } from 'react'
import { useText } from '../../text/language.ts'
import { useMoney, useWatch } from '../context.ts'

/** The price a minute, in tokens and dollars. */
export function Price(): ReactNode {
  const text = useText()
  const money = useMoney()
  const { offer, config } = useWatch()
  const timed = offer.unit === 'second'
  const price = { amount: offer.price, unit: offer.unit, per: offer.per }
  const amount = timed ? costOf(price, 60_000n) : offer.price
  if (offer.price === 0n) return text.watch.free
  const fiat = money.fiat(amount)
  return (
    <>
      <strong className="figures">{money.token(amount, config.token.decimals)}</strong>{' '}
      {offer.unit === 'second' ? text.watch.perMinute : text.watch.perUnit[offer.unit]}
      {fiat !== undefined && <span className="soft"> · {fiat}</span>}
    </>
  )
}
