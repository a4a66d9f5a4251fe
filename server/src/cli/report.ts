import { SluiceError, type ErrorCode } from '@sluice/sdk'
import { CommandError, exitCodes, type ExitCode } from './exit.js'

/** An error as the command prints it. */
export type ErrorReport = {
  readonly code: string
  /** One sentence: what is wrong. */
  readonly message: string
  /** One sentence: what to do. */
  readonly advice: string | undefined
  /** For the developer, shown with `--verbose`. */
  readonly details: readonly string[]
  readonly exitCode: ExitCode
}

/** What to do about errors of the SDK and the server, where the command that ran knows nothing better. */
const adviceByCode: Partial<Readonly<Record<ErrorCode, string>>> = {
  'rpc-unreachable': 'Check the RPC address (--rpc or "rpc" in sluice.json) and that the node runs.',
  'wrong-chain': 'Use an RPC address of the right chain (--rpc or "rpc" in sluice.json).',
  'insufficient-token': 'Send more of the token to this account, or choose a smaller budget.',
  'insufficient-gas': "Send some of the chain's native coin to this account for gas.",
  'payee-offline':
    'Check the address and that the payee runs. If it stays away: sluice channels request-close --as payer.',
  'offer-changed': 'Stop to get the rest back (sluice channels close --as payer), then start again.',
  'store-failed': 'Run "sluice doctor". If the database is damaged: sluice restore <file>.',
  'grace-not-over': 'Wait until the time it names, then run the same command again.',
  'transaction-unknown': 'Do not send it again: look at "sluice channels view <id>" in a while.',
  'session-key-lost': 'Get the money back with: sluice channels request-close <id> --as payer.',
}

/**
 * What to print about anything that was thrown. Never a stack trace, never a secret.
 *
 * @param error whatever was thrown
 */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CommandError) return report(error, error.advice, error.exitCode)
  if (error instanceof SluiceError) return report(error, adviceByCode[error.code], exitCodes.failed)
  return {
    code: 'internal',
    message: 'Something went wrong that this program did not expect.',
    advice: 'Run it again with --verbose and report what it says.',
    details: chain(error),
    exitCode: exitCodes.failed,
  }
}

function report(error: SluiceError, advice: string | undefined, exitCode: ExitCode): ErrorReport {
  const details = error.details === undefined ? [] : [redact(error.details)]
  return {
    code: error.code,
    message: redact(error.message),
    advice,
    details: [...details, ...chain(error.cause)],
    exitCode,
  }
}

/** The messages of an error and its causes, first lines only. */
function chain(error: unknown): readonly string[] {
  const lines: string[] = []
  let next = error
  while (next !== undefined && next !== null && lines.length < 8) {
    const text = next instanceof Error ? `${next.name}: ${next.message}` : JSON.stringify(next)
    lines.push(redact(text.split('\n')[0] ?? ''))
    next = next instanceof Error ? next.cause : undefined
  }
  return lines
}

/**
 * Takes out what may be secret: the path and query of addresses on the network, where providers put their keys, and
 * user names and passwords in front of a host.
 *
 * @param text any text
 */
export function redact(text: string): string {
  return text.replace(/\b(?:https?|wss?):\/\/[^\s"'<>]*[^\s"'<>.,;:!?)]/gi, (url) => shortUrl(url))
}

/**
 * An address on the network without what may be a secret: `https://host/…`.
 *
 * @param url any address
 */
export function shortUrl(url: string): string {
  try {
    const { protocol, host, pathname, search } = new URL(url)
    const bare = pathname === '/' && search === ''
    // Short paths are names of services; long ones hold keys.
    const shown = bare || (pathname.length <= 20 && search === '') ? pathname.replace(/\/$/, '') : '/…'
    return `${protocol}//${host}${shown}`
  } catch {
    return '(unreadable address)'
  }
}
