import type { ReactNode } from 'react'
import { encode } from 'uqr'

/** More does not fit into a code that a telephone reads from a screen, characters. */
const longestText = 1_500

/** A QR code with the quiet zone that scanners need. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  if (text.length > longestText) return null
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const cells = data.flatMap((row, y) =>
    row.flatMap((on, x) => (on ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  )
  return (
    <svg className="qr" viewBox={`0 0 ${String(size)} ${String(size)}`} role="img" aria-label={label}>
      <path d={cells.join('')} />
    </svg>
  )
}
