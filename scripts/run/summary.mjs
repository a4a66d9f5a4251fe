/**
 * What one step of a test run came to.
 *
 * @typedef {{ name: string, passed: number, failed: number, milliseconds: number, failures?: string[] }} Result
 */

/**
 * Prints a table of the steps, what failed, and, alone on the very last line, the sum.
 *
 * @param {Result[]} results
 * @returns {number} the exit code: 0 only when something ran and nothing failed
 */
export function summarize(results) {
  const width = Math.max(...results.map(({ name }) => name.length))
  const lines = results.map(({ name, passed, failed, milliseconds }) => {
    const time = `${(milliseconds / 1000).toFixed(1)} s`.padStart(8)
    return `${failed > 0 ? 'FAILED' : '    ok'}  ${name.padEnd(width)} ${time}  ${passed} passed, ${failed} failed`
  })
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  const failures = results.flatMap(({ name, failures = [] }) => failures.map((text) => `${name}: ${text}`))
  if (failures.length > 0) lines.push('', ...failures)
  console.log(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}
