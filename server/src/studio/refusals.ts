import type { Problem } from '../http/problem.js'

/** Why the studio does not do what it was asked, as it is answered. */
export class Refused extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.name = 'Refused'
    this.problem = problem
  }
}

type Words = { readonly code: string; readonly message: string; readonly details: string }

function refusal(status: number, title: string, words: Words, retryable = false): Refused {
  const action = retryable ? 'wait' : 'none'
  return new Refused({ type: 'about:blank', title, status, ...words, action, retryable })
}

/** Nobody is signed in, or not any more. */
export function notSignedIn(details: string): Refused {
  return refusal(401, 'Unauthorized', { code: 'not-signed-in', message: 'Sign in first.', details })
}

/** The signature or its message does not let anybody in. */
export function signInRefused(message: string, details: string): Refused {
  return refusal(403, 'Forbidden', { code: 'sign-in-refused', message, details })
}

/** What was sent is not what is expected. */
export function badRequest(message: string, details: string): Refused {
  return refusal(400, 'Bad Request', { code: 'invalid-argument', message, details })
}

/** What is asked for is not there. */
export function notFound(message: string, details: string): Refused {
  return refusal(404, 'Not Found', { code: 'not-found', message, details })
}

/** It cannot be done as things stand. */
export function conflict(message: string, details: string): Refused {
  return refusal(409, 'Conflict', { code: 'conflict', message, details })
}

/** More was sent than is ever needed. */
export function tooLarge(details: string): Refused {
  const words = { code: 'message-too-large', message: 'The request is too large.', details }
  return refusal(413, 'Content Too Large', words)
}

/** Too much at once. */
export function tooMany(details: string): Refused {
  const words = { code: 'rate-limited', message: 'Too many requests. Try again in a minute.', details }
  return refusal(429, 'Too Many Requests', words, true)
}
