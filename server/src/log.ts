import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'
import { SluiceError } from '@sluice/sdk'

/** A structured logger that hides secrets. Any pino logger fits; one of {@link createLogger} redacts. */
export type Logger = PinoLogger

export type LoggerOptions = {
  /** `trace` to `silent`; default `info`. */
  readonly level?: string
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream
}

/** Fields whose value is never written. */
const secretNames =
  /^(?:private_?key|mnemonic|seed|phrase|secret|password|passphrase|api_?key|token_?secret|cookie|set-cookie|authorization|payment-authorization|proxy-authorization)$/i

/** Fields that are long and prove something: the beginning tells them apart. */
const signatureName = /(?:signature|^raw$|^proof$)/i

/** How deep fields are looked into. */
const deepest = 6

/**
 * A logger of lines of JSON. Private keys, mnemonics and authorization headers are left out, signatures shortened,
 * addresses of nodes cut after the host (their paths hold API keys), amounts written as decimal strings.
 *
 * @param options level and destination
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: null,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => redact(fields) as Record<string, unknown>,
    },
    hooks: {
      logMethod(this: PinoLogger, parameters: Parameters<pino.LogFn>, method: pino.LogFn) {
        method.apply(this, parameters.map(hideInText) as Parameters<pino.LogFn>)
      },
    },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

/** A logger that says nothing. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' })
}

/**
 * A copy of what is about to be logged, without what must not be seen.
 *
 * @param value anything
 */
export function redact(value: unknown): unknown {
  return redactAt(value, 0)
}

function redactAt(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return hideUrls(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) return '…'
  if (value instanceof Error) return redactError(value, depth)
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactAt(item, depth + 1))
  const result: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === 'function') continue
    if (secretNames.test(name)) result[name] = '[hidden]'
    else if (typeof field === 'string' && signatureName.test(name)) result[name] = shorten(field)
    else result[name] = redactAt(field, depth + 1)
  }
  return result
}

function redactError(error: Error, depth: number): object {
  const known = error instanceof SluiceError ? { code: error.code, details: error.details } : {}
  const cause = error.cause === undefined ? {} : { cause: redactAt(error.cause, depth + 1) }
  return {
    type: error.name,
    message: hideUrls(error.message),
    ...(redactAt(known, depth + 1) as object),
    stack: error.stack === undefined ? undefined : hideUrls(error.stack),
    ...cause,
  }
}

function hideInText(parameter: unknown): unknown {
  return typeof parameter === 'string' ? hideUrls(parameter) : parameter
}

/** Keeps scheme and host: what follows may be an API key. */
function hideUrls(text: string): string {
  return text
    .replace(/\b((?:https?|wss?):\/\/)(?:[^\s/@"']*@)?([^\s/"'?]+)[/?][^\s"')]*/g, '$1$2/…')
    .replace(/\bPayment [A-Za-z0-9_-]{40,}/g, 'Payment […]')
}

function shorten(text: string): string {
  return text.length > 14 ? `${text.slice(0, 12)}…` : text
}
