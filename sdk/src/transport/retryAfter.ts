/** Longer than this nobody waits because a server says so, milliseconds. */
const longestMs = 60_000

/**
 * How long a server that refuses for now asks to wait (`Retry-After`, RFC 9110, 10.2.3).
 *
 * @param response its status and headers; without headers nothing is asked
 * @param nowMs Unix time
 * @returns milliseconds, at most a minute; undefined when it refuses for another reason or names no time
 */
export function retryAfterOf(
  response: { readonly status: number; readonly headers?: { get(name: string): string | null } },
  nowMs: number,
): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined
  const asked = response.headers?.get('Retry-After')
  if (!asked) return undefined
  const seconds = Number(asked)
  const afterMs = Number.isNaN(seconds) ? Date.parse(asked) - nowMs : seconds * 1000
  return Number.isNaN(afterMs) ? undefined : Math.min(Math.max(afterMs, 0), longestMs)
}
