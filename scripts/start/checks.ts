import type { Screen } from './screen.ts'

/** Something that must be exact: what it is, what was found, and what was expected. */
export type Check = readonly [name: string, found: bigint, expected: bigint]

/** Shows each check, and tells whether all of them hold. */
export function allExact(screen: Screen, checks: readonly Check[]): boolean {
  screen.step('Checking every balance to the base unit')
  for (const [name, found, expected] of checks) {
    const mark = found === expected ? 'ok  ' : 'OFF '
    screen.say(
      `${mark} ${name}${found === expected ? '' : `: ${String(found)}, expected ${String(expected)}`}`,
    )
  }
  return checks.every(([, found, expected]) => found === expected)
}
