import { type SluiceError } from '@sluice/sdk'
import type { Hex } from '@sluice/sdk'
import type { PayeeRecord, StoredTip } from '@sluice/sdk/session'
import { encodeRow, type ChannelRow, type ChannelRows } from './channelRows.js'
import { encodeAmount, encodeHex } from './encoding.js'
import type { GroupCommit } from './groupCommit.js'
import { loweredField, refusedFall } from './guards.js'

type Save = {
  readonly row: ChannelRow
  readonly tip: StoredTip | undefined
  readonly resolve: () => void
  readonly reject: (error: SluiceError) => void
  refusal: SluiceError | undefined
}

/**
 * The save function of a store: saves of one channel that wait together become one write of the newest, and every one
 * of them is judged as if it had been written by itself.
 */
export function createSaves(commits: GroupCommit, rows: ChannelRows) {
  const waiting = new Map<Hex, Save[]>()

  function join(save: Save): void {
    const { channelId } = save.row.record
    const run = waiting.get(channelId)
    if (run !== undefined) {
      run.push(save)
      return commits.grew()
    }
    const started = [save]
    waiting.set(channelId, started)
    commits.enqueue({
      apply() {
        waiting.delete(channelId)
        writeRun(rows, started)
      },
      committed() {
        for (const { refusal, resolve, reject } of started) {
          if (refusal === undefined) resolve()
          else reject(refusal)
        }
      },
      failed(error) {
        waiting.delete(channelId)
        for (const { reject } of started) reject(error)
      },
    })
  }

  return {
    /** Whether a save of this channel is not durable yet. */
    isWaiting: (channelId: Hex): boolean => waiting.has(channelId),
    save: (record: PayeeRecord, tip?: StoredTip): Promise<void> =>
      new Promise((resolve, reject) => {
        if (tip !== undefined) requireEncodableTip(tip)
        join({ row: encodeRow(record), tip, resolve, reject, refusal: undefined })
      }),
  }
}

/** Writes the first save that may be written and, if others follow, the last: those between would be overwritten. */
function writeRun(rows: ChannelRows, run: readonly Save[]): void {
  let newest: ChannelRow | undefined
  let written: ChannelRow | undefined
  for (const save of run) {
    const { row, tip } = save
    if (newest === undefined) {
      if (rows.write(row)) written = row
      else save.refusal = refusedFall(rows.read(row.record.channelId) ?? row.record, row.record)
    } else if (loweredField(newest.record, row.record) !== undefined) {
      save.refusal = refusedFall(newest.record, row.record)
    }
    if (save.refusal !== undefined) continue
    newest = row
    if (tip !== undefined) rows.writeTip(tip)
  }
  if (newest !== undefined && newest !== written) rows.write(newest)
}

function requireEncodableTip(tip: StoredTip): void {
  encodeAmount(tip.amount)
  encodeHex(tip.channelId)
}
