import type { Context } from 'hono'
import { timing } from '@sluice/sdk/session'
import type { Authorized } from './authorize.js'
import { answerCost, firstPiece } from './cost.js'
import { meteredBody } from './meter.js'

import { insufficient, refusalOf } from './problems.js'
import { encodeReceipt, receiptOf } from './receipt.js'
import type { Sale } from './sale.js'

/**
 * Sells an answer piece by piece, by the second or by the byte.
 *
 * @throws PaymentRefused when vouchers do not cover the first piece; then the handler does not run
 */
export async function sellMetered(
  sale: Sale,
  c: Context,
  next: () => Promise<void>,
  granted: Authorized,
): Promise<Response> {
  const { channel, challengeId } = granted
  const { price, clock, streams } = sale
  if (streams.count() >= sale.limits.openStreams) {
    throw refusalOf('rate-limited', `${streams.count()} answers are under way`)
  }
  const { spent, accepted, deposited, channelId } = channel.record()
  const required = spent + answerCost(price, firstPiece(price))
  if (accepted < required) throw insufficient(required, accepted, deposited)

  await next()
  const { res } = c
  if (res.status >= 400 || res.body === null) return res
  const receipt = (units: bigint) =>
    receiptOf(channel.record(), { challengeId, chainId: sale.offer.chainId, nowMs: clock.now(), units })
  const headers = new Headers(res.headers)
  headers.set('Payment-Receipt', encodeReceipt(receipt(0n)))
  headers.set('Cache-Control', 'private')
  const isEvents = headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isEvents) headers.delete('content-length')

  const stream = streams.open(channelId, price.unit === 'second')
  // The request's own hold on the channel ends with this function; the answer goes on.
  const release = sale.retain(channel)
  const body = meteredBody({
    body: res.body,
    isEvents,
    price,
    meter: sale.meter,
    countsUnits: sale.countsUnits,
    channel,
    waiters: sale.waiters,
    clock,
    holdMs: timing.holdMs,
    signal: stream.signal,
    receipt,
    onEnd: (units, why) => {
      stream.done()
      release()
      sale.logger.debug({ channelId, units, why }, 'a metered answer ended')
    },
  })
  return new Response(body, { status: res.status, statusText: res.statusText, headers })
}
