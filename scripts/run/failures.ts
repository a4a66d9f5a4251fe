const section = /^\s*\d+ failing$/
const sectionEnd = /^(Running Mocha tests|\d+ passing \()/
const failure = /^\s*\d+\) /
/** Where a failure's own words end: its stack, its difference or the calls that led to it. */
const detail = /^\s+(at |[+-] ?(expected|actual)|Call Traces:)/

/**
 * What failed, in few words: of each failure its title and its message, without stack and difference.
 *
 * @param text what Hardhat's runners printed, without colours
 * @returns a text a failure, on one line
 */
export function failuresOf(text: string): string[] {
  const failures: string[][] = []
  let within = false
  let telling = false
  for (const line of text.split('\n')) {
    if (section.test(line)) [within, telling] = [true, false]
    else if (sectionEnd.test(line)) within = false
    else if (!within) continue
    else if (failure.test(line)) {
      failures.push([line.replace(failure, '')])
      telling = true
    } else if (detail.test(line)) telling = false
    else if (telling) failures.at(-1)?.push(line)
  }
  return failures.map((lines) =>
    lines
      .map((line) => line.trim())
      .filter(Boolean)
      .join(' '),
  )
}
