const widths = [34, 10, 18, 30, 8, 16, 8]

/** One result as one line of JSON. */
export function jsonLine({ name, value, unit, against, ratio }) {
  return JSON.stringify({ name, value, unit, against, ratio })
}

/** The names of the columns. */
export function tableHead() {
  return row(['name', 'value', 'unit', 'against', 'ratio', 'min – max', 'target', 'note'])
}

/** One result for people. */
export function tableRow({ name, value, unit, against, ratio, spread, target, met, note }) {
  const verdict = met === undefined ? '' : `${target ?? ''} ${met ? 'met' : 'MISSED'}`.trim()
  return row([name, value, unit, against ?? '', ratio ?? '', spread ?? '', verdict, note ?? ''])
}

function row(cells) {
  return cells
    .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd()
}
