import type { ReactNode } from 'react'
import type { RebuiltTournament } from '@sluice/sdk/tournament'
import { CopyField } from '../../ui/CopyField.tsx'
import { usePageState, useTournamentPage } from '../context.ts'
import { inviteLink } from '../model/invite.ts'
import { useWords } from '../text/words.ts'
import { QrCode } from './QrCode.tsx'

/** How others get here. */
export function Invite({ known }: { readonly known: RebuiltTournament }): ReactNode {
  const words = useWords()
  const { page } = useTournamentPage()
  const { rules } = usePageState()
  const link = inviteLink(page(), known.tournamentId, rules)
  return (
    <section className="card">
      <h2>{words.invite}</h2>
      <p className="fine">{words.inviteHow}</p>
      <QrCode text={link} label={words.qr} />
      <CopyField label={words.link} value={link} />
    </section>
  )
}
