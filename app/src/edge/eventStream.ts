import { retryAfterOf } from '@sluice/sdk/session'
import { clock } from './browser.ts'

/** How a stream of events stands. `refused`: the bearer is not, or no longer, good; nothing is tried any more. */
export type StreamState = 'connecting' | 'open' | 'lost' | 'refused'

export type FollowParameters = {
  readonly url: string
  readonly bearer: string
  /** Told each event with its data as JSON. */
  readonly onEvent: (name: string, data: unknown) => void
  readonly onState: (state: StreamState) => void
}

/** Pauses between attempts, milliseconds: the first, doubled each time, up to the longest. */
const firstPauseMs = 1_000
const longestPauseMs = 15_000
/** The server says something at least every fifteen seconds. */
const silenceMs = 40_000
/** Longest event that is read, characters. */
const longestEvent = 1_000_000

/**
 * Follows server-sent events that need a bearer, which `EventSource` cannot send, and comes back by itself.
 *
 * @returns ends it
 */
export function followEvents({ url, bearer, onEvent, onState }: FollowParameters): () => void {
  let over = false
  let pauseMs = firstPauseMs
  let abort = new AbortController()
  let cancel: () => void = () => undefined

  async function connect(): Promise<void> {
    abort = new AbortController()
    onState('connecting')
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${bearer}` },
      cache: 'no-store',
      signal: abort.signal,
    })
    if (response.status === 401) {
      over = true
      onState('refused')
      return
    }
    if (!response.ok || response.body === null) {
      pauseMs = Math.max(pauseMs, retryAfterOf(response, clock.now()) ?? 0)
      throw new Error(`${url} answered ${String(response.status)}`)
    }
    onState('open')
    await read(response.body)
  }

  async function read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (;;) {
      const quiet = clock.schedule(silenceMs, () => {
        abort.abort()
      })
      const { done, value } = await reader.read().finally(quiet)
      if (done) return
      text += value
      if (text.length > longestEvent) throw new Error('an event is too long')
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) tell(part)
    }
  }

  function tell(part: string): void {
    const match = /^event: (\w+)\ndata: (.*)$/.exec(part)
    if (match?.[1] === undefined || match[2] === undefined) return
    pauseMs = firstPauseMs
    onEvent(match[1], JSON.parse(match[2]) as unknown)
  }

  function run(): void {
    connect()
      .catch(() => undefined)
      .finally(() => {
        if (over) return
        onState('lost')
        cancel = clock.schedule(pauseMs, run)
        pauseMs = Math.min(longestPauseMs, pauseMs * 2)
      })
  }

  run()
  return () => {
    over = true
    cancel()
    abort.abort()
  }
}
