/**
 * Counts the points of a run at which the process may be killed, and kills it at one of them.
 *
 * @param killAt which point, from 1; 0: none
 * @returns to be called at every point
 */
export function createKillPoints(killAt: number): () => void {
  let passed = 0
  return () => {
    passed += 1
    if (passed === killAt) process.kill(process.pid, 'SIGKILL')
  }
}

/**
 * The first line of the standard input, as JSON: a process is started ahead and told later what to do. It ends with its
 * parent, which holds the other end.
 */
export function readOrders(): Promise<unknown> {
  return new Promise((resolve) => {
    let text = ''
    process.stdin.on('data', (chunk) => {
      text += String(chunk)
      if (text.includes('\n')) resolve(JSON.parse(text))
    })
    process.stdin.on('end', () => process.exit(1))
  })
}
