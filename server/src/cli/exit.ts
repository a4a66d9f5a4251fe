import { SluiceError, type ErrorAction, type ErrorCode } from '@sluice/sdk'

/** What the command tells the shell. Documented in every help text and in `docs/operations/`. */
export const exitCodes = {
  /** Done. */
  ok: 0,
  /** It was tried and did not work. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** It would have moved money or replaced something, and nobody said yes. */
  refused: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An error that knows the shell's code and a sentence about what to do. */
export class CommandError extends SluiceError {
  readonly exitCode: ExitCode
  readonly advice: string | undefined

  constructor(parameters: {
    readonly exitCode: ExitCode
    readonly message: string
    /** One sentence: what to type or change. */
    readonly advice?: string
    readonly details?: string
    readonly code?: ErrorCode
    readonly action?: ErrorAction
    readonly cause?: unknown
  }) {
    const { exitCode, advice, code = 'invalid-argument', ...rest } = parameters
    super({ code, ...rest })
    this.exitCode = exitCode
    this.advice = advice
  }
}

/** It was tried and did not work; `advice` says what to do. */
export function failure(message: string, advice?: string, rest: { details?: string; cause?: unknown } = {}) {
  return new CommandError({
    exitCode: exitCodes.failed,
    code: 'internal',
    message,
    ...(advice === undefined ? {} : { advice }),
    ...rest,
  })
}

/** The command line itself is wrong. */
export function usageError(message: string, advice?: string) {
  return new CommandError({
    exitCode: exitCodes.usage,
    message,
    ...(advice === undefined ? {} : { advice }),
  })
}

/** Nobody said yes. */
export function refused(message: string, advice: string) {
  return new CommandError({ exitCode: exitCodes.refused, message, advice })
}

/** Ctrl-C. */
export function interrupted() {
  return new CommandError({ exitCode: exitCodes.interrupted, message: 'Interrupted.' })
}
