import type { PayerRecord, PayerStore } from '../session/ports.js'
import type { Hex } from '../types.js'
import { keepHighest } from './keepHighest.js'

/** A payer's store that lasts as long as the process. Losing it loses no money: the payee and the chain know more. */
export function createMemoryStore(): PayerStore {
  const records = new Map<Hex, PayerRecord>()
  return {
    put: (record) => {
      records.set(record.channelId, keepHighest(records.get(record.channelId), record))
      return Promise.resolve()
    },
    get: (channelId) => Promise.resolve(records.get(channelId)),
    list: () => Promise.resolve([...records.values()]),
    delete: (channelId) => {
      records.delete(channelId)
      return Promise.resolve()
    },
  }
}
