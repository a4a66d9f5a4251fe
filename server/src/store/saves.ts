import type { Hex, SluiceError } from '@sluice/sdk'
import type { PayeeRecord, SaveListener, StoredTip } from '@sluice/sdk/session'
import type { ChannelRows } from './channelRows.js'
import { throwLater } from './failures.js'
import type { GroupCommit, Job } from './groupCommit.js'
import { loweredField, refusedFall, requireEncodable } from './guards.js'

type Save = {
  readonly record: PayeeRecord
  readonly tip: StoredTip | undefined
  readonly listener: SaveListener
  refusal: SluiceError | undefined
}

/** The saves of one channel that wait for the same transaction. */
class Run implements Job {
  readonly saves: Save[]

  constructor(
    private readonly rows: ChannelRows,
    first: Save,
  ) {
    this.saves = [first]
  }

  apply(): void {
    writeRun(this.rows, this.saves)
  }

  committed(): void {
    for (const { refusal, listener } of this.saves) tell(listener, refusal)
  }

  failed(error: SluiceError): void {
    for (const { listener } of this.saves) tell(listener, error)
  }
}

function tell(listener: SaveListener, refusal: SluiceError | undefined): void {
  try {
    if (refusal === undefined) listener.saved()
    else listener.unsaved(refusal)
  } catch (error) {
    throwLater(error)
  }
}

/**
 * The save function of a store: saves of one channel that wait together become one write of the newest, and every one
 * of them is judged as if it had been written by itself.
 */
export function createSaves(commits: GroupCommit, rows: ChannelRows) {
  /**
   * What waits for the next transaction, by channel. Every transaction gets a map of its own: the tables that one map
   * outgrows under ceaseless adding and deleting hold on to each other, and V8 keeps all that was ever in them until its
   * next full collection.
   */
  let waiting = new Map<Hex, Run>()
  let transaction = commits.begun()

  function waitingNow(): Map<Hex, Run> {
    if (transaction === commits.begun()) return waiting
    transaction = commits.begun()
    waiting = new Map()
    return waiting
  }

  function join(record: PayeeRecord, tip: StoredTip | undefined, listener: SaveListener): void {
    requireEncodable(record, tip)
    const added: Save = { record, tip, listener, refusal: undefined }
    const runs = waitingNow()
    const run = runs.get(record.channelId)
    if (run !== undefined) {
      run.saves.push(added)
      return commits.grew()
    }
    const started = new Run(rows, added)
    runs.set(record.channelId, started)
    commits.enqueue(started)
  }

  function save(record: PayeeRecord, tip?: StoredTip): Promise<void>
  function save(record: PayeeRecord, tip: StoredTip | undefined, listener: SaveListener): undefined
  function save(record: PayeeRecord, tip?: StoredTip, listener?: SaveListener): Promise<void> | undefined {
    if (listener !== undefined) {
      join(record, tip, listener)
      return undefined
    }
    return new Promise((saved, unsaved) => {
      join(record, tip, { saved, unsaved })
    })
  }

  return {
    /** Whether a save of this channel waits for its transaction. */
    isWaiting: (channelId: Hex): boolean => waitingNow().has(channelId),
    save,
  }
}

/** Writes the first save that may be written and, if others follow, the last: those between would be overwritten. */
function writeRun(rows: ChannelRows, run: readonly Save[]): void {
  let newest: PayeeRecord | undefined
  let written: PayeeRecord | undefined
  for (const save of run) {
    const { record, tip } = save
    if (newest === undefined) {
      if (rows.write(record)) written = record
      else save.refusal = refusedFall(rows.read(record.channelId) ?? record, record)
    } else if (loweredField(newest, record) !== undefined) {
      save.refusal = refusedFall(newest, record)
    }
    if (save.refusal !== undefined) continue
    newest = record
    if (tip !== undefined) rows.writeTip(tip)
  }
  if (newest !== undefined && newest !== written) rows.write(newest)
}
