import { useState, type ReactNode } from 'react'
import type { RebuiltTournament } from '@sluice/sdk/tournament'
import { encode } from 'uqr'
import { usePageState, useTournamentPage } from '../context.ts'
import { inviteLink } from '../model/invite.ts'
import { useWords } from '../text/words.ts'

/** How others get here. */
export function Invite({ known }: { readonly known: RebuiltTournament }): ReactNode {
  const words = useWords()
  const { page } = useTournamentPage()
  const { rules } = usePageState()
  const [copied, setCopied] = useState(false)
  const link = inviteLink(page(), known.tournamentId, rules)
  return (
    <section className="card">
      <h2>{words.invite}</h2>
      <p className="fine">{words.inviteHow}</p>
      <QrCode text={link} label={words.qr} />
      <label className="field">
        <span>{words.link}</span>
        <input readOnly value={link} onFocus={(event) => event.target.select()} />
      </label>
      <div className="row">
        <button
          type="button"
          onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
        >
          {words.copy}
        </button>
        <span role="status" className="fine">
          {copied && words.copied}
        </span>
      </div>
    </section>
  )
}

/** More does not fit into a code that a telephone reads from a screen, characters. */
const longestText = 1_500

/** A QR code with the quiet zone that scanners need. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
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
