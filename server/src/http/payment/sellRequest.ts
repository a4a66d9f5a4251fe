import type { Context } from 'hono'
import { problemResponse } from '../problem.js'
import type { Authorized } from './authorize.js'
import { answerCost, firstPiece } from './cost.js'
import { badKey, beginKey, isKey, keep } from './idempotency.js'
import { insufficient } from './problems.js'
import { encodeReceipt, receiptOf } from './receipt.js'
import type { Sale } from './sale.js'

/**
 * Sells one answer: charged durably before the handler runs, once for each idempotency key.
 *
 * @throws PaymentRefused when vouchers do not cover it; then nothing was charged
 */
export async function sellRequest(
  sale: Sale,
  c: Context,
  next: () => Promise<void>,
  granted: Authorized,
): Promise<Response> {
  const clientKey = c.req.header('idempotency-key')
  if (clientKey === undefined) {
    await charge(sale, granted)
    return answer(sale, c, next, granted)
  }
  if (!isKey(clientKey)) return problemResponse(badKey)
  const key = `${granted.channel.record().channelId}:${clientKey}`
  const state = await beginKey(sale.idempotency, key, {
    method: c.req.method,
    url: c.req.url,
    type: c.req.header('content-type') ?? '',
    body: new Uint8Array(await c.req.arrayBuffer()),
  })
  if (state.kind === 'answer') return state.response
  if (state.kind === 'first') {
    try {
      await charge(sale, granted)
    } catch (error) {
      await sale.idempotency.abandon(key)
      throw error
    }
  }
  const kept = await keep(await answer(sale, c, next, granted))
  await sale.idempotency.finish(key, kept.answer)
  return kept.response
}

async function charge(sale: Sale, { channel }: Authorized): Promise<void> {
  const units = firstPiece(sale.price)
  const cost = answerCost(sale.price, units)
  if (await channel.charge(cost, sale.countsUnits ? units : 0n)) return
  const { spent, accepted, deposited } = channel.record()
  throw insufficient(spent + cost, accepted, deposited)
}

async function answer(
  sale: Sale,
  c: Context,
  next: () => Promise<void>,
  granted: Authorized,
): Promise<Response> {
  await next()
  const { res } = c
  // A receipt never stands on an error.
  if (res.status >= 400) return res
  const receipt = receiptOf(granted.channel.record(), {
    challengeId: granted.challengeId,
    chainId: sale.offer.chainId,
    nowMs: sale.clock.now(),
    units: 1n,
  })
  const headers = new Headers(res.headers)
  headers.set('Payment-Receipt', encodeReceipt(receipt))
  headers.set('Cache-Control', 'private')
  return new Response(res.body, { status: res.status, statusText: res.statusText, headers })
}
