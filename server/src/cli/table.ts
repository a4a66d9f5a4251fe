/** A column of a table; `right` for numbers. */
export type Column = { readonly title: string; readonly align?: 'left' | 'right' }

/**
 * Lays a table out in plain text, two spaces between columns, no trailing space.
 *
 * @param columns titles and alignment
 * @param rows cells, one for each column
 */
export function layoutTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map((column) => column.title)
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...rows].map((row) => displayWidth(row[index] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => pad(cells[index] ?? '', widths[index] ?? 0, column.align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [line(titles), ...rows.map(line)].join('\n')
}

/**
 * Lays pairs out with the names in one column.
 *
 * @param pairs name and value
 */
export function layoutPairs(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join('\n')
}

/** Columns a text takes: escape sequences of colours take none. */
function displayWidth(text: string): number {
  // eslint's rule against control characters does not apply to the sequence's own start.
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '').length
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'right' ? space + text : text + space
}
