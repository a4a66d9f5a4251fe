import { styleText } from 'node:util'
import type { Io } from './io.js'
import type { ErrorReport } from './report.js'
import { redact } from './report.js'

/** How a command speaks: results on stdout, everything else on stderr. */
export type Output = {
  readonly json: boolean
  readonly verbose: boolean
  /** The result, once, at the end: `value` with `--json`, `text` for people. */
  readonly result: (value: unknown, text: () => string) => void
  /** One event of a command that runs on: one JSON object a line with `--json`, a line of text otherwise. */
  readonly event: (value: Readonly<Record<string, unknown>>, text: string) => void
  /** What goes on right now; for people only. */
  readonly progress: (text: string) => void
  /** Something that does not stop the command and should be known. */
  readonly warn: (text: string) => void
  readonly error: (report: ErrorReport) => void
}

/**
 * @param io where it goes
 * @param options `json`: for machines; `verbose`: with details of errors
 */
export function createOutput(io: Io, options: { readonly json: boolean; readonly verbose: boolean }): Output {
  const { json, verbose } = options
  const paint = (style: 'red' | 'yellow' | 'dim', text: string): string =>
    styleText(style, text, { stream: process.stderr })
  return {
    json,
    verbose,
    result: (value, text) => io.out(json ? toJson(value, 2) : text()),
    event: (value, text) => io.out(json ? toJson(value) : text),
    progress: (text) => {
      if (!json) io.err(paint('dim', `· ${redact(text).replaceAll('\n', '\n  ')}`))
    },
    warn: (text) => {
      if (json) io.err(toJson({ warning: redact(text) }))
      else io.err(`${paint('yellow', 'warning:')} ${redact(text)}`)
    },
    error: (report) => {
      if (json) {
        const { code, message, advice, details } = report
        io.out(toJson({ error: { code, message, advice, ...(verbose ? { details } : {}) } }))
        return
      }
      io.err(`${paint('red', 'error:')} ${report.message}`)
      if (report.advice !== undefined) io.err(`  ${report.advice}`)
      if (verbose) for (const line of report.details) io.err(paint('dim', `  ${line}`))
    },
  }
}

/**
 * JSON with amounts as decimal strings.
 *
 * @param value anything JSON can hold, and bigints
 * @param indent spaces, none for one line
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner),
    indent,
  )
}
