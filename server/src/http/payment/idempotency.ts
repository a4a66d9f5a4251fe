import { createHash } from 'node:crypto'
import type { IdempotencyStore, StoredAnswer } from '../../store/ports.js'
import { problemResponse, type Problem } from '../problem.js'

/** What an `Idempotency-Key` means for this request. */
export type KeyState =
  /** Charge and answer; then call `finish`, or `abandon` when nothing was charged. */
  | { readonly kind: 'first' }
  /** It was charged by a former process; answer without charging, then call `finish`. */
  | { readonly kind: 'charged' }
  /** Here is what to say instead. */
  | { readonly kind: 'answer'; readonly response: Response }

/** Longest key, characters. */
const longestKey = 255
/** Longest answer that is kept, bytes. */
const longestAnswer = 1_048_576
/** Headers that belong to one connection or one moment. */
const fleeting = new Set([
  'connection',
  'date',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'trailer',
])
/** Methods that may be repeated without harm. Source: RFC 9110, 9.2.2. */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/**
 * Looks a key up and takes it when it is new.
 *
 * @param store remembers answers
 * @param key the client's, with the channel in front
 * @param request what it is for
 */
export async function beginKey(
  store: IdempotencyStore,
  key: string,
  request: {
    readonly method: string
    readonly url: string
    readonly type: string
    readonly body: Uint8Array
  },
): Promise<KeyState> {
  const state = await store.begin(key, hashOf(request))
  switch (state.kind) {
    case 'new':
      return { kind: 'first' }
    case 'answered':
      return { kind: 'answer', response: replay(state.answer) }
    case 'conflict':
      return { kind: 'answer', response: problemResponse(conflict) }
    case 'in-progress':
      return { kind: 'answer', response: problemResponse(inProgress, { 'Retry-After': '1' }) }
    case 'interrupted': {
      if (repeatable.has(request.method)) return { kind: 'charged' }
      // Whether the work was done is unknown; doing it twice is not ours to decide.
      await store.finish(key, await keepable(problemResponse(unknownOutcome)))
      return { kind: 'answer', response: problemResponse(unknownOutcome) }
    }
  }
}

/** Whether a key is one. */
export function isKey(key: string): boolean {
  return key.length <= longestKey && /^[\x21-\x7e]+$/.test(key)
}

/**
 * An answer as it is kept, and as it is given.
 *
 * @param response whose body is not used yet
 */
export async function keep(response: Response): Promise<{ response: Response; answer: StoredAnswer }> {
  const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isEndless || response.body === null) {
    const answer = isEndless ? await keepable(problemResponse(notKept)) : await keepable(response.clone())
    return { response, answer }
  }
  const body = new Uint8Array(await response.arrayBuffer())
  const given = new Response(body, response)
  if (body.length > longestAnswer)
    return { response: given, answer: await keepable(problemResponse(notKept)) }
  return { response: given, answer: { status: response.status, headers: headersOf(response), body } }
}

async function keepable(response: Response): Promise<StoredAnswer> {
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: headersOf(response), body }
}

function headersOf(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].filter(([name]) => !fleeting.has(name)))
}

function replay(answer: StoredAnswer): Response {
  const bodiless = [101, 204, 205, 304].includes(answer.status)
  return new Response(bodiless ? null : new Uint8Array(answer.body), {
    status: answer.status,
    headers: { ...answer.headers, 'Idempotency-Replayed': 'true' },
  })
}

function hashOf(request: Parameters<typeof beginKey>[2]): string {
  return createHash('sha256')
    .update(`${request.method}\n${request.url}\n${request.type}\n`)
    .update(request.body)
    .digest('hex')
}

const base = { type: 'about:blank', code: 'idempotency-conflict', retryable: false, action: 'none' } as const

const conflict: Problem = {
  ...base,
  title: 'Idempotency Key Reused',
  status: 422,
  message: 'This key was used for another request.',
  details: 'the same Idempotency-Key came before with another method, address, content type or body',
}

const inProgress: Problem = {
  ...base,
  title: 'Request In Progress',
  status: 409,
  message: 'The first request with this key is still being answered.',
  action: 'wait',
  retryable: true,
}

const unknownOutcome: Problem = {
  ...base,
  title: 'Outcome Unknown',
  status: 409,
  message: 'The server stopped while it was answering this request. It may or may not have been done.',
  details: 'nothing is charged again under this key; use a new one to repeat the work',
}

const notKept: Problem = {
  ...base,
  title: 'Answer Not Kept',
  status: 409,
  message: 'This request was answered before; its answer was a stream or too long to be kept.',
}

/** A key that is no key. */
export const badKey: Problem = {
  type: 'bad-request',
  title: 'Bad Idempotency Key',
  status: 400,
  code: 'invalid-argument',
  message: `An Idempotency-Key has 1 to ${longestKey} visible characters.`,
  action: 'none',
  retryable: false,
}
