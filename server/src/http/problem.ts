import { SluiceError, type ErrorAction } from '@sluice/sdk'

/** An error as RFC 9457 problem details, with what a Sluice error adds. */
export type Problem = {
  /** A URI, or a name below `https://paymentauth.org/problems/`. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code: string
  /** For the person. */
  readonly message: string
  /** For the developer. */
  readonly details?: string
  readonly action: ErrorAction
  readonly retryable: boolean
  /** What a kind of problem adds, such as the amount that is missing. */
  readonly extra?: Readonly<Record<string, string | number>>
}

/** Where the problem types of the `Payment` scheme are described. */
const problems = 'https://paymentauth.org/problems/'

/** Status codes of errors that no priced route has its own word for. */
const statusOf: Partial<Record<SluiceError['code'], number>> = {
  'malformed-message': 400,
  'invalid-argument': 400,
  'message-too-large': 413,
  'rate-limited': 429,
  'idempotency-conflict': 409,
  'payee-offline': 503,
  'rpc-unreachable': 503,
  'store-failed': 503,
}

/**
 * Any error as a problem.
 *
 * @param error what was thrown; anything but a SluiceError is told as `internal`, without its text
 */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof SluiceError)) {
    return {
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal',
      message: 'Something went wrong.',
      action: 'retry',
      retryable: true,
    }
  }
  return {
    type: 'about:blank',
    title: error.message,
    status: statusOf[error.code] ?? 500,
    code: error.code,
    message: error.message,
    ...(error.details === undefined ? {} : { details: error.details }),
    action: error.action,
    retryable: error.retryable,
  }
}

/**
 * A problem as an answer.
 *
 * @param problem what is wrong
 * @param headers further headers
 */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  const { extra, ...rest } = problem
  const type = rest.type.includes(':') ? rest.type : problems + rest.type
  const detail = rest.detail ?? rest.details
  const body = { ...rest, type, ...(detail === undefined ? {} : { detail }), ...extra }
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
  })
}
