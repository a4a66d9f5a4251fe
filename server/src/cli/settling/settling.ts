import { SluiceError, type Hex } from '@sluice/sdk'
import type { OutboxEntry, OutboxStatus } from '../../settlement/outbox.js'
import type { Settler } from '../../settlement/settler.js'
import { reportOf } from '../report.js'
import type { Settle, SettleEvent, SettleRequest } from './events.js'

export type SettlingParameters = {
  readonly settler: Pick<Settler, 'settle' | 'wait'>
  /** Hands the end of one channel to the chain. */
  readonly close: (channelId: Hex) => Promise<OutboxEntry>
}

/**
 * Carries out what an operator asks for: hands everything in first, then waits until nothing will change any more.
 *
 * @param parameters the settler and how a channel is closed
 */
export function createSettle(parameters: SettlingParameters): Settle {
  return async function* (request: SettleRequest) {
    try {
      const entries =
        request.kind === 'claim' ? yield* claim(parameters, request) : yield* close(parameters, request)
      for (const { id } of entries) yield final(await parameters.settler.wait(id))
    } catch (error) {
      yield failureOf(error, [])
    }
  }
}

type Progress = AsyncGenerator<SettleEvent, readonly OutboxEntry[], undefined>

async function* claim({ settler }: SettlingParameters, { channelIds }: SettleRequest): Progress {
  const { submitted, claimed, skipped, refused, failed } = await settler.settle(channelIds)
  for (const entry of submitted) yield submission(entry, 'claim')
  for (const { channelId, amount, voucher } of claimed)
    yield { type: 'claimed', channelId, amount: amount.toString(), voucher }
  const asked = new Set(channelIds)
  for (const { channelId, reason } of skipped)
    if (asked.has(channelId)) yield { type: 'skipped', channelId, reason }
  for (const { channelId, reason } of refused) yield { type: 'refused', channelId, reason }
  for (const { channelIds: ids, error } of failed) yield failureOf(error, ids)
  return submitted
}

async function* close(parameters: SettlingParameters, { channelIds }: SettleRequest): Progress {
  const entries: OutboxEntry[] = []
  for (const channelId of channelIds) {
    try {
      const entry = await parameters.close(channelId)
      entries.push(entry)
      yield submission(entry, 'close')
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error
      if (error.code === 'channel-closed') yield { type: 'skipped', channelId, reason: 'closed already' }
      else yield { type: 'refused', channelId, reason: reasonOf(error) }
    }
  }
  return entries
}

function failureOf(error: unknown, channelIds: readonly Hex[]): SettleEvent {
  const { code, message } = reportOf(error)
  return { type: 'error', code, message, channelIds: [...channelIds] }
}

function submission(entry: OutboxEntry, kind: SettleRequest['kind']): SettleEvent {
  const { id } = entry
  return { type: 'submitted', id, kind, hash: newestHash(entry), channels: channelsOf(entry) }
}

function final(entry: OutboxEntry): SettleEvent {
  const { id, inclusion } = entry
  return {
    type: 'final',
    id,
    status: finalStatus(entry.status),
    hash: inclusion?.hash ?? newestHash(entry),
    channels: channelsOf(entry),
    ...(inclusion === undefined
      ? {}
      : {
          blockNumber: inclusion.blockNumber.toString(),
          fee: (inclusion.gasUsed * inclusion.effectiveGasPrice).toString(),
        }),
  }
}

function finalStatus(status: OutboxStatus): 'confirmed' | 'reverted' | 'lost' {
  return status === 'pending' || status === 'mined' ? 'lost' : status
}

function channelsOf({ purpose }: OutboxEntry): { channelId: Hex; amount: string }[] {
  return purpose.channels.map(({ channelId, amount }) => ({ channelId, amount: amount.toString() }))
}

function newestHash({ attempts }: OutboxEntry): Hex {
  return attempts.at(-1)?.hash ?? '0x'
}

function reasonOf(error: SluiceError): string {
  return error.details === undefined ? error.message : `${error.message} (${error.details})`
}
