/** What one check found. */
export type Finding = {
  readonly name: string
  /** `warn`: it works, and should be known; `fail`: the server would not work. */
  readonly status: 'ok' | 'warn' | 'fail'
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
}

/** All is well. */
export function ok(name: string, message: string): Finding {
  return { name, status: 'ok', message }
}

/** It works, and should be known. */
export function warn(name: string, message: string, advice: string): Finding {
  return { name, status: 'warn', message, advice }
}

/** The server would not work. */
export function fail(name: string, message: string, advice: string): Finding {
  return { name, status: 'fail', message, advice }
}
