import type { TaskOverrideActionFunction } from 'hardhat/types/tasks'

/** How long what tests started may take to end by itself, milliseconds. */
const patienceMs = 60_000

const brokenOff = 130

/**
 * Runs the tests, and then ends the process even when a test has left something open, which it tells. How the run ends is
 * what the tests came to.
 */
const runAndEnd: TaskOverrideActionFunction = async (parameters, _, runTests) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(brokenOff))
  }
  const result: unknown = await runTests(parameters)
  setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ')
    console.error(`The tests are over and something of theirs is still open after a minute: ${open}.`)
    process.exit()
  }, patienceMs).unref()
  return result
}

export default runAndEnd
