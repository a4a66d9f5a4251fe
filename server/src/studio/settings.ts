import { z } from 'zod'
import type { Clock, Random } from '@sluice/sdk/session'
import type { DocumentStore } from '../store/ports.js'
import { amountText, streamChanges, type StreamChanges } from './requests.js'

/** What a streamer collects for, base units. */
export type Goal = {
  readonly title: string
  readonly target: bigint
  /** Tips count from here, milliseconds since 1970. */
  readonly sinceMs: number
}

/** What a streamer has set, and keeps over a restart. */
export type Settings = {
  readonly stream: () => StreamChanges
  readonly setStream: (changes: StreamChanges) => Promise<void>
  readonly goal: () => Goal | undefined
  /** undefined: none any more. */
  readonly setGoal: (goal: Pick<Goal, 'title' | 'target'> | undefined) => Promise<void>
  readonly streamKey: () => string
  /** Makes another one; the old one is good for nothing from then on. */
  readonly renewStreamKey: () => Promise<string>
  readonly onStreamKey: (listener: () => void) => () => void
}

const kind = 'studio:settings'
const storedGoal = z.object({ title: z.string(), target: amountText, sinceMs: z.number() })

/**
 * Takes up what was set.
 *
 * @param parameters `streamKey`: good as long as none was made here
 */
export async function openSettings(parameters: {
  readonly documents: DocumentStore
  readonly clock: Clock
  readonly random: Random
  readonly streamKey: string | undefined
}): Promise<Settings> {
  const { documents, clock, random } = parameters
  const read = async (id: string): Promise<unknown> => {
    const text = await documents.get(kind, id)
    return text === undefined ? undefined : JSON.parse(text)
  }
  const write = (id: string, value: unknown): Promise<void> =>
    documents.put(
      kind,
      id,
      JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)),
    )
  const listeners = new Set<() => void>()
  let stream = streamChanges.parse((await read('stream')) ?? {})
  let goal: Goal | undefined = storedGoal.optional().parse(await read('goal'))
  let streamKey =
    z
      .string()
      .optional()
      .parse(await read('stream-key')) ??
    parameters.streamKey ??
    (await makeKey())

  async function makeKey(): Promise<string> {
    const key = Buffer.from(random(24)).toString('base64url')
    await write('stream-key', key)
    return key
  }

  return {
    stream: () => stream,
    async setStream(changes) {
      const next = { ...stream, ...changes }
      await write('stream', next)
      stream = next
    },
    goal: () => goal,
    async setGoal(next) {
      if (next === undefined) {
        await documents.delete(kind, 'goal')
        goal = undefined
        return
      }
      const set = { ...next, sinceMs: clock.now() }
      await write('goal', set)
      goal = set
    },
    streamKey: () => streamKey,
    async renewStreamKey() {
      streamKey = await makeKey()
      for (const listener of listeners) listener()
      return streamKey
    },
    onStreamKey: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
